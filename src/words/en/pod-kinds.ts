/** The kinds of pods for which a command can work, as a shell fence of a page names them. */

const kinds: Readonly<Record<string, string>> = {
  sidecar: 'a sidecar that is not native',
  'native-sidecar': 'a native sidecar',
  distroless: 'a distroless proxy',
  ambient: 'ambient mode',
  gateway: 'a gateway',
};

export const podKindNames: readonly string[] = Object.keys(kinds);

/** `for="sidecar native-sidecar gateway"`, as what it leaves out; null where nothing is left out. */
export function notForWords(named: readonly string[]): string | null {
  const leftOut = podKindNames.filter((kind) => !named.includes(kind));
  const isNoSidecar = leftOut.includes('sidecar') && leftOut.includes('native-sidecar');
  const left = leftOut
    .filter((kind) => !isNoSidecar || kind !== 'native-sidecar')
    .map((kind) => (isNoSidecar && kind === 'sidecar' ? 'a sidecar' : (kinds[kind] as string)));
  const last = left.pop();
  if (last === undefined) return null;
  return `Not for: ${left.length === 0 ? last : `${left.join(', ')} or ${last}`}.`;
}
