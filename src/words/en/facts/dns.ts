import type { dns } from '../../../istio/facts/index.ts';

export const dnsTemplates: Readonly<Record<keyof typeof dns, string>> = {
  'name-table': '{subject} prints the names that it answers by itself at `{address}{path}`',
  'name-table-from-inside': '{subject} answers `{path}` to {place} only',
  'debug-port': '{subject} listens on port {port} for questions about its configuration',
  'before-the-name-table': '{subject} answers `{code}` before istiod has sent it the names of the mesh',
  'made-up-addresses': '{subject} gives a {kind} without an address one of `{v4}` or `{v6}`, by itself',
  'dns-waits':
    '{subject} waits {seconds} seconds for a server of resolv.conf, unless `{variable}` names another time',
  'names-of-the-mesh':
    '{subject} answers for the names of the mesh by itself and asks the servers of resolv.conf for all others',
};
