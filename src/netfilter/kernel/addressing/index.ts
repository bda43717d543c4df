/**
 * What Linux does with addresses that are not one host's: broadcast, multicast, `0.0.0.0`, martians. And the source
 * that it gives a packet whose socket is bound to none.
 */
export { judgeInput, whyNotTaken } from './input.ts';
export { getsCopy, judgeOutput, tiedTo, withDestination } from './output.ts';
export { selectV4, selectV6, sourceAddress } from './source.ts';
