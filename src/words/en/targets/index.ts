/** The words for every target: those of Istio's own rules, and here the others. */
import { targets as common } from './common.ts';
import type { TargetWordings } from './wording.ts';

export const targets: TargetWordings = {
  ...common,
  'no address to send from': ({ interface: name }) => `${name} has no address to send from`,
  'traffic class not told': () => 'the TOS of the packet was not told, so what it becomes is not known',
  'statement not known': ({ statement }) => `Sidetrack does not walk "${statement}"`,
  'user program': () => 'a program outside the kernel decides what becomes of the packet',
  'handshake by the kernel': () => 'the kernel answers the handshake itself, which the engine does not model',
  'hash of the packet': () => 'the mark is a hash of the packet',
  'security labels': () => 'the security labels were not told',
  'what the set keeps': () => 'what the set keeps beside its members was not told',
};
