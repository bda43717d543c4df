/** The same where a few packets are walked: each is read anew. */
import { type Prefix, prefixHolds } from '../address.ts';

export { addressValue as packetAddress } from '../address.ts';

export function prefixTest(prefix: Prefix): (asked: bigint) => boolean {
  return (asked) => prefixHolds(prefix, asked);
}
