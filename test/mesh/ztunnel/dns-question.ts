import type { Family } from '../../../src/netfilter/index.ts';

/** Asks for the address of a name, as a stub resolver does; base64. */
export function question(name: string, family: Family = 'v4'): string {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  // Its own number, a question with recursion desired (RD), one of them; then type A or AAAA, class IN.
  const header = Buffer.from([0x51, 0x7e, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, family === 'v4' ? 1 : 28, 0, 1])]).toString(
    'base64',
  );
}
