/** What the access log of Envoy has of a connection that came to nothing: its flags, and when each is written. */
import { type Evidence, envoyAnswer, type Fact, istioLine } from './fact.ts';

const checked = '2026-11-29';
const policy = 'pilot/pkg/networking/core/cluster_traffic_policy.go';

/** What Envoy did when others ended a connection, or had no room: asked in tests of its model. */
const asked: Evidence = { by: 'Envoy', case: 'test/envoy/recorded.test.ts' };

/** The flags as Envoy's own interface has them. */
function envoyLine(path: string, line: string): Evidence {
  return { by: 'source', repo: 'envoyproxy/go-control-plane', tag: 'envoy/v1.39.0', path, line };
}
const meanings = 'envoy/data/accesslog/v3/accesslog.pb.go';
const names = 'envoy/config/accesslog/v3/accesslog.pb.validate.go';

export const flags = {
  'flag-no-filter-chain': {
    subject: 'Envoy',
    values: { flag: 'NR', details: 'filter_chain_not_found' },
    not: true,
    known: [
      envoyAnswer('inbound.txt', 'STRICT: plain HTTP is connected, and reset'),
      envoyAnswer('inbound.txt', 'STRICT: plain TCP as well'),
    ],
    checked,
  },
  'flag-no-endpoint': {
    subject: 'Envoy',
    values: { flag: 'UH', status: 503, protocol: 'HTTP' },
    not: true,
    known: [
      envoyAnswer('outbound.txt', 'A Service without endpoints, HTTP'),
      envoyAnswer('outbound.txt', 'A Service without endpoints, TCP'),
    ],
    checked,
  },
  'flag-connect-failed': {
    subject: 'Envoy',
    values: { flag: 'UF', again: 'URX' },
    known: [
      envoyAnswer('outbound.txt', 'A closed port of a Service, HTTP'),
      envoyAnswer('inbound.txt', 'A closed port, declared, HTTP'),
    ],
    checked,
  },
  'flag-terminated': {
    subject: 'Envoy',
    values: { flag: 'UC' },
    known: [
      asked,
      envoyLine(meanings, '// Indicates the stream was reset due to an upstream connection termination.'),
      envoyLine(names, '"UC":    {},'),
    ],
    checked,
  },
  'flag-overflow': {
    subject: 'Envoy',
    values: { flag: 'UO' },
    known: [
      envoyLine(meanings, '// Indicates the stream was reset because of a resource overflow.'),
      envoyLine(names, '"UO":    {},'),
    ],
    checked,
  },
  'no-limits': {
    subject: 'istiod',
    not: true,
    known: [
      istioLine('1.30.3', policy, 'MaxRequests:        &wrapperspb.UInt32Value{Value: math.MaxUint32},'),
      istioLine('1.30.3', policy, 'MaxConnections:     &wrapperspb.UInt32Value{Value: math.MaxUint32},'),
    ],
    checked,
  },
  'flag-no-cluster': {
    subject: 'Envoy',
    values: { flag: 'NC' },
    not: true,
    known: [
      envoyLine(meanings, '// Indicates no cluster was found for the request.'),
      envoyLine(names, '"NC":    {},'),
    ],
    checked,
  },
  'flag-black-hole': {
    subject: 'Envoy',
    values: { flag: 'UH', cluster: 'BlackHoleCluster', protocol: 'HTTP', route: 'block_all' },
    known: [
      envoyAnswer(
        'outbound.txt',
        'REGISTRY_ONLY: an address that no Service has is connected, and closed without a byte',
      ),
      envoyAnswer('outbound.txt', 'REGISTRY_ONLY: a name that nobody has gets 502'),
    ],
    checked,
  },
  'refused-seen-as': {
    subject: 'Envoy',
    values: { status: 503, protocol: 'HTTP' },
    not: true,
    known: [
      envoyAnswer('outbound.txt', 'A closed port of a Service, HTTP'),
      envoyAnswer('outbound.txt', 'A closed port of a Service, TCP'),
    ],
    checked,
  },
  'refused-unread': {
    subject: 'Envoy',
    values: { flag: 'UF' },
    known: [
      envoyAnswer(
        'inbound.txt',
        "A closed port that no Service declares: the client's bytes lie unread, so it is reset",
      ),
      envoyAnswer('inbound.txt', 'LOCALHOST: and not reached there by an app that listens on 127.0.0.1 only'),
    ],
    checked: '2026-11-30',
  },
  'host-of-nobody': {
    subject: 'Envoy',
    values: { header: 'Host', cluster: 'PassthroughCluster' },
    known: [
      envoyAnswer('outbound.txt', 'A name that nobody has is passed on to the address that was dialled'),
    ],
    checked,
  },
  'host-in-both-policies': {
    subject: 'Envoy',
    values: { header: 'Host' },
    where: { mode: 'REGISTRY_ONLY' },
    also: true,
    known: [
      envoyAnswer('outbound.txt', 'REGISTRY_ONLY: any address is as good for a name that a Service has'),
    ],
    checked,
  },
  'plain-text-let-in': {
    subject: 'Envoy',
    where: { mode: 'PERMISSIVE' },
    known: [envoyAnswer('inbound.txt', 'PERMISSIVE: plain HTTP goes in')],
    checked,
  },
  'silent-client-waits': {
    subject: 'Envoy',
    where: { mode: 'STRICT' },
    not: true,
    known: [envoyAnswer('inbound.txt', 'STRICT: a client that says nothing is left waiting')],
    checked,
  },
  'connect-fails-503': {
    subject: 'Envoy',
    values: { protocol: 'HTTP', status: 503 },
    known: [
      envoyAnswer('outbound.txt', 'A closed port of a Service, HTTP'),
      envoyAnswer(
        'outbound.txt',
        'An address outside that never answers: Envoy gives up after 10 seconds, and HTTP gets 503',
      ),
    ],
    checked: '2026-11-30',
  },
} as const satisfies Readonly<Record<string, Fact>>;
