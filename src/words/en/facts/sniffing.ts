import type { sniffing } from '../../../istio/facts/index.ts';

export const sniffingTemplates: Readonly<Record<keyof typeof sniffing, string>> = {
  'ports-taken-for-tcp':
    '{subject} takes the ports {smtp}, {dns}, {mysql} and {mongodb} for {protocol} unless their Service declares a protocol',
  'detection-timeout': '{subject} waits for the first bytes for as long as it takes: `{setting}` is {value}',
  'undeclared-port':
    '{subject} looks at the first bytes of the client, to find {protocol}, on a port of a Service that {port}',
  'same-port-as-http':
    '{subject} looks at the first bytes of all calls to a port number that any Service of the mesh declares as {protocol}, wherever they go',
  'unknown-port': '{subject} does not look at what goes to an address and a port number unknown to the mesh',
  'permissive-port':
    '{subject} waits for the first bytes of a client where mutual TLS is `{mode}`, to tell {protocol} from plain text',
  'inbound-unknown-port': '{subject} waits for the first bytes, to find {protocol}, on a port {port}',
  'client-hello':
    '{subject} of a client in the mesh sends a {protocol} hello before it has a word from the server',
  'protocol-by-name':
    '{subject} takes the protocol from `{field}`, or else from the name of the port up to its first hyphen',
  'protocol-of-a-service-entry': '{subject} takes the protocol of a {kind} from its `{field}` only',
  'listener-match': '{subject} prints `{transport}; {application}` for such a port',
  'connect-timeout': '{subject} tries to connect for {seconds} seconds',
  'outbound-policy': '{subject} sets `{setting}` to `{value}` by default',
  'dynamic-dns': '{subject} looks up the name in `{header}` of plain {protocol} by itself with `{mode}`',
  'black-hole-status': '{subject} answers {status} to HTTP that goes to an unknown host with `{mode}`',
};
