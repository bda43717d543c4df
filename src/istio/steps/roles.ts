/**
 * The name of what each rule of a sidecar is for. A role keeps its name through all releases and options, so that pages
 * can speak of it while its position is computed. One role can be several rules: one for each port, say. What each is
 * for in a sentence: `src/words/en/roles.ts`.
 */
export const roles = [
  'interface.excluded-in',
  'interface.excluded-out',
  'interface.virtual-return',
  'interface.virtual-capture',
  'invalid.match',
  'invalid.drop',

  'inbound.tunnel',
  'inbound.jump',
  'inbound.ssh',
  'inbound.exclude-port',
  'inbound.include-port',
  'inbound.established',
  'inbound.capture',
  'redirect.outbound',
  'redirect.inbound',
  'redirect.dns-tcp',

  'divert.mark',
  'divert.accept',
  'tproxy.redirect',
  'tproxy.mark-loopback',
  'tproxy.save-mark',
  'tproxy.skip-marked',
  'tproxy.mark-proxy',
  'tproxy.mark-proxy-gid',
  'tproxy.restore-mark',
  'tproxy.skip-proxied',
  'tproxy.skip-passthrough',
  'tproxy.skip-app-self-call',

  'output.jump',
  'output.exclude-port',
  'output.passthrough',
  'output.proxy-self-call',
  'output.app-self-call',
  'output.proxy-bypass',
  'output.proxy-self-call-gid',
  'output.app-self-call-gid',
  'output.proxy-bypass-gid',
  'output.owner-group-exclude',
  'output.owner-group-include',
  'output.loopback',
  'output.exclude-range',
  'output.include-port',
  'output.include-range',
  'output.capture',
  'output.rest',

  'dns.jump',
  'dns.proxy-bypass',
  'dns.proxy-bypass-gid',
  'dns.owner-group-exclude',
  'dns.owner-group-include',
  'dns.redirect-tcp',
  'dns.redirect-udp',
  'dns.rewrite-source',
  'zone.output-jump',
  'zone.prerouting-jump',
  'zone.proxy-query',
  'zone.proxy-answer',
  'zone.proxy-query-gid',
  'zone.proxy-answer-gid',
  'zone.app-query',
  'zone.server-answer',
] as const;

/** The name of a rule's purpose: `output.proxy-self-call`. */
export type Role = (typeof roles)[number];

export function isRole(name: string): name is Role {
  return (roles as readonly string[]).includes(name);
}
