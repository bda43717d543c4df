/** The floors of the house, from the ground up: imports point downwards only. */
export const floors = [
  'src/netfilter',
  'src/envoy',
  'src/istio',
  'src/journey',
  'src/analysis',
  'src/words',
  'src/render',
  'src/handbook',
] as const;

/** Under the roof: what makes a site, a page or a command of it all. These may use Node, or a browser. */
export const roof = ['src/site', 'src/pages', 'src/command', 'src/styles', 'components'] as const;

/** The floor of a file, from 0; those under the roof are above all others, and what belongs to no floor is null. */
export function levelOf(path: string): number | null {
  const isIn = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  const floor = floors.findIndex(isIn);
  if (floor >= 0) return floor;
  return roof.some(isIn) || path === 'src/content.config.ts' ? floors.length : null;
}

/**
 * What a publisher sets stands at the root, where he finds it; the floor that reads it, and all above, may import it.
 */
export const settings = { path: 'handbook.config.ts', from: floors.indexOf('src/handbook') } as const;
