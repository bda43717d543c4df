/**
 * The name of what each rule of ambient mode is for, in a pod and on its node, through all releases and back ends. What
 * each is for in a sentence: `src/words/en/ambient-roles.ts`.
 */
export const ambientRoles = [
  'pod.jump-in',
  'pod.jump-out',
  'pod.virtual-capture',
  'pod.virtual-return',
  'pod.mark-connection',
  'pod.probe',
  'pod.probe-address',
  'pod.own-address-in',
  'pod.hbone',
  'pod.established',
  'pod.inbound',
  'pod.restore-mark',
  'pod.dns-udp',
  'pod.dns-tcp',
  'pod.zone-question',
  'pod.zone-answer',
  'pod.marked',
  'pod.own-address',
  'pod.outbound',
  'node.jump',
  'node.probe',
] as const;

/** The name of a rule's purpose: `pod.inbound`. */
export type AmbientRole = (typeof ambientRoles)[number];

export function isAmbientRole(name: string): name is AmbientRole {
  return (ambientRoles as readonly string[]).includes(name);
}
