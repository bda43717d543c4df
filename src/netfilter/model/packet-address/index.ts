/** Addresses of packets, as whoever decides many of them asks for them. A page's worker has `common.ts` in its place. */
import { addressValue, type Prefix, prefixHolds, prefixInterval } from '../address.ts';

let last = { text: '0.0.0.0', value: 0n };
let before = last;

/** The number of a packet's address, which is asked for many times: the two that were asked for last are kept. */
export function packetAddress(text: string): bigint {
  if (text === last.text) return last.value;
  if (text === before.text) return before.value;
  const value = addressValue(text);
  [before, last] = [last, { text, value }];
  return value;
}

/** A test of addresses against a prefix, made once where many are asked: comparing makes no new numbers. */
export function prefixTest(prefix: Prefix): (asked: bigint) => boolean {
  const interval = prefixInterval(prefix);
  if (interval === null) return (asked) => prefixHolds(prefix, asked);
  const [first, last] = interval;
  return first === last ? (asked) => asked === first : (asked) => first <= asked && asked <= last;
}
