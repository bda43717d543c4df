/**
 * What each rule of a sidecar is for, in a sentence.
 */
import { portOf, type Role } from '../../istio/index.ts';

/** By role: `SSH to the pod does not go through Envoy.` */
export const rolePurposes: Readonly<Record<Role, string>> = {
  'interface.excluded-in': 'Traffic that comes in by an excluded interface is left alone.',
  'interface.excluded-out': 'Traffic that leaves by an excluded interface is left alone.',
  'interface.virtual-return':
    'Traffic of a virtual machine behind this interface is not taken for inbound traffic.',
  'interface.virtual-capture':
    'Traffic that a virtual machine sends through this interface goes to Envoy as if the pod itself had sent it.',
  'invalid.match': 'Finds packets that conntrack cannot place in any connection.',
  'invalid.drop':
    'Drops them, so that the kernel does not answer with a reset that would end the connection.',

  'inbound.tunnel': `Tunnelled traffic (HBONE) goes straight to its own Envoy listener on ${portOf('hbone')}.`,
  'inbound.jump': 'Every TCP connection that arrives at the pod is looked at in the chain for what comes in.',
  'inbound.ssh': 'SSH to the pod does not go through Envoy.',
  'inbound.exclude-port': 'Traffic to this port of the pod does not go through Envoy.',
  'inbound.include-port': 'Traffic to this port of the pod goes to Envoy.',
  'inbound.established':
    'Packets of a connection that exists already are kept on this host, for Envoy to have.',
  'inbound.capture': 'Everything else that arrives goes to Envoy.',
  'redirect.outbound': `Hands a connection to Envoy's outbound listener on ${portOf('envoy-outbound')}.`,
  'redirect.inbound': `Hands a connection to Envoy's inbound listener on ${portOf('envoy-inbound')}.`,
  'redirect.dns-tcp': 'DNS over TCP goes to pilot-agent and not to Envoy.',

  'divert.mark': 'Marks the packet, so that the routing rule sends it to lo.',
  'divert.accept': 'Nothing more to ask for a marked packet.',
  'tproxy.redirect':
    "Hands the packet to Envoy's listener as it is, with both its addresses, and marks it so that it is routed to lo.",
  'tproxy.mark-loopback':
    'Marks what leaves from 127.0.0.1 for elsewhere, so that answers of the app come back to Envoy.',
  'tproxy.save-mark': "Remembers Envoy's mark with the connection.",
  'tproxy.skip-marked': 'What Envoy has marked already on its way to the app is not marked again.',
  'tproxy.mark-proxy':
    'Marks what the proxy (by its uid) sends to its own pod, so that it is taken for inbound.',
  'tproxy.mark-proxy-gid':
    'Marks what the proxy (by its gid) sends to its own pod, so that it is taken for inbound.',
  'tproxy.restore-mark': "Answers of the app get their connection's mark, and so are routed back to Envoy.",
  'tproxy.skip-proxied': 'What Envoy itself sends on to the app is not captured a second time.',
  'tproxy.skip-passthrough':
    'What Envoy or pilot-agent sends to the app from 127.0.0.6 is not captured again.',
  'tproxy.skip-app-self-call': 'The app calling itself by the address of its pod is left alone.',

  'output.jump': 'Everything that a process of the pod sends is looked at in the chain for what goes out.',
  'output.exclude-port': 'Traffic to this port of anyone does not go through Envoy.',
  'output.passthrough': 'What Envoy hands to the app (from 127.0.0.6, over lo) goes straight there.',
  'output.proxy-self-call':
    "Envoy calling its own pod, because the app called its own Service, comes in through Envoy's inbound listener.",
  'output.app-self-call': 'A process other than the proxy talking within the pod is left alone.',
  'output.proxy-bypass':
    'What the proxy sends out is not sent to the proxy again: this is what prevents a loop.',
  'output.proxy-self-call-gid': 'The same as the rule for calls of the proxy to its own pod, by its gid.',
  'output.app-self-call-gid': 'The same as the rule for calls within the pod, by the gid of the proxy.',
  'output.proxy-bypass-gid': 'The same as the rule that prevents the loop, by the gid of the proxy.',
  'output.owner-group-exclude': 'What processes of this group send does not go through Envoy.',
  'output.owner-group-include': 'What processes outside of these groups send does not go through Envoy.',
  'output.loopback': 'Traffic to localhost is left alone.',
  'output.exclude-range': 'Traffic to these addresses does not go through Envoy.',
  'output.include-port': 'Traffic to this port of anyone goes to Envoy.',
  'output.include-range': 'Traffic to these addresses goes to Envoy.',
  'output.capture': 'Everything else that leaves goes to Envoy.',
  'output.rest': 'Everything else that leaves does not go through Envoy.',

  'dns.jump': 'Looks whether this is a DNS query.',
  'dns.proxy-bypass': 'DNS queries of the proxy (by its uid) go to the real server.',
  'dns.proxy-bypass-gid': 'DNS queries of the proxy (by its gid) go to the real server.',
  'dns.owner-group-exclude': 'DNS queries of this group go to the real server.',
  'dns.owner-group-include': 'DNS queries from outside of these groups go to the real server.',
  'dns.redirect-tcp': `DNS queries over TCP go to pilot-agent on ${portOf('agent-dns')}.`,
  'dns.redirect-udp': 'DNS queries over UDP go to pilot-agent.',
  'dns.rewrite-source':
    'The query gets 127.0.0.1 as its source, so that the answer finds its way back over lo.',
  'zone.output-jump': 'What leaves is looked at for the conntrack zone of DNS.',
  'zone.prerouting-jump': 'What arrives is looked at for the conntrack zone of DNS.',
  'zone.proxy-query':
    'DNS queries of pilot-agent (by its uid) are tracked in zone 1, apart from those of the app.',
  'zone.proxy-answer': "pilot-agent's answers to the app (by its uid) are tracked in zone 2.",
  'zone.proxy-query-gid':
    'DNS queries of pilot-agent (by its gid) are tracked in zone 1, apart from those of the app.',
  'zone.proxy-answer-gid': "pilot-agent's answers to the app (by its gid) are tracked in zone 2.",
  'zone.app-query': 'DNS queries of the app are tracked in zone 2.',
  'zone.server-answer': 'Answers of the real server are tracked in zone 1.',
};
