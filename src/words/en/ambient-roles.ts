/**
 * What each rule of ambient mode is for, in a sentence.
 */
import { type AmbientRole, isAmbientRole, type Role, ztunnelPorts } from '../../istio/index.ts';
import { rolePurposes } from './roles.ts';

/** By role: `What comes to the pod in plain text goes to ztunnel.` */
export const ambientRolePurposes: Readonly<Record<AmbientRole, string>> = {
  'pod.jump-in': 'What comes in is looked at in a chain of Istio’s.',
  'pod.jump-out': 'What a process of the pod, or ztunnel in it, sends is looked at in a chain of Istio’s.',
  'pod.virtual-capture': `What a virtual machine in the pod sends by TCP goes to ztunnel, at ${ztunnelPorts.outbound}.`,
  'pod.virtual-return': 'The rest of what a virtual machine in the pod sends by TCP is left alone.',
  'pod.mark-connection':
    'Remembers with the connection that ztunnel sends in it, so that answers find their way back to it.',
  'pod.probe': 'The kubelet probes the pod: no ztunnel and no policy, the app answers itself.',
  'pod.probe-address': 'A connection to the address that probes come from is left alone.',
  'pod.own-address-in': 'What the pod sends to its own address is left alone.',
  'pod.hbone': `A peer's tunnel (HBONE) goes to ztunnel at ${ztunnelPorts.hbone}, with both its addresses kept.`,
  'pod.established': 'Packets of a connection that exists already are left alone.',
  'pod.inbound': `What comes to the pod in plain text goes to ztunnel, at ${ztunnelPorts.inbound}.`,
  'pod.restore-mark':
    'An answer in a connection that ztunnel sends in gets the mark that routes it to lo, back to ztunnel.',
  'pod.dns-udp': `A question by UDP to any DNS server goes to ztunnel, at ${ztunnelPorts.dns}.`,
  'pod.dns-tcp': `A question by TCP to any DNS server goes to ztunnel, at ${ztunnelPorts.dns}.`,
  'pod.zone-question': 'What ztunnel itself asks a DNS server has its own conntrack zone.',
  'pod.zone-answer': "A DNS server's answer to ztunnel is looked up in that zone too.",
  'pod.marked': 'What is marked as an answer to ztunnel is left alone.',
  'pod.own-address': 'What the pod sends to its own address, over lo, is left alone.',
  'pod.outbound': `What the pod sends by TCP goes to ztunnel, at ${ztunnelPorts.outbound}; not what ztunnel sends.`,
  'node.jump': 'What leaves the node, or is sent on by it, is looked at in a chain of Istio’s.',
  'node.probe':
    'What a process of the node sends to an enrolled pod gets an address by which the pod knows it: so probes pass.',
};

/** What a rule is for, of a sidecar's pod or of an enrolled one. */
export function purposeOf(role: Role | AmbientRole): string {
  return isAmbientRole(role) ? ambientRolePurposes[role] : rolePurposes[role];
}
