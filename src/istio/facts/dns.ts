/** Who answers the names that a pod asks for, and how to see what it would answer. */
import { type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-28';
const server = 'pilot/cmd/pilot-agent/status/server.go';
const pilot = 'pilot/pkg/features/pilot.go';

export const dns = {
  'name-table': {
    subject: 'pilot-agent',
    values: { address: 'localhost:15020', path: '/debug/ndsz' },
    since: '1.11',
    known: [istioLine('1.30.3', server, 'mux.HandleFunc("/debug/ndsz", s.handleNdsz)')],
    checked,
  },
  'name-table-from-inside': {
    subject: 'pilot-agent',
    values: { path: '/debug/ndsz', place: 'localhost' },
    since: '1.11',
    only: true,
    known: [istioLine('1.30.3', server, 'if !istioNetUtil.IsRequestFromLocalhost(r) {')],
    checked,
  },
  'debug-port': {
    subject: 'pilot-agent',
    values: { port: 15004 },
    since: '1.11',
    before: '1.25',
    known: [
      istioLine(
        '1.11.0',
        'pilot/cmd/pilot-agent/options/options.go',
        "the agent will listen on 15004 and offer pilot's XDS istio.io/debug debug API there.",
      ),
      istioLineGone('1.10.0', 'pilot/cmd/pilot-agent/options/options.go', 'PROXY_XDS_DEBUG_VIA_AGENT'),
      istioLine(
        '1.24.6',
        'pilot/cmd/pilot-agent/options/options.go',
        '"PROXY_XDS_DEBUG_VIA_AGENT_PORT", 15004,',
      ),
      istioLineGone('1.25.0', 'pilot/cmd/pilot-agent/options/options.go', 'PROXY_XDS_DEBUG_VIA_AGENT_PORT'),
    ],
    checked,
  },
  'before-the-name-table': {
    subject: 'pilot-agent',
    values: { code: 'SERVFAIL' },
    known: [istioLine('1.30.3', 'pkg/dns/client/dns.go', 'response.Rcode = dns.RcodeServerFailure')],
    checked,
  },
  'made-up-addresses': {
    subject: 'istiod',
    values: { v4: '240.240.0.0/16', v6: '2001:2::/48', kind: 'ServiceEntry' },
    since: '1.25',
    not: true,
    known: [
      istioLine('1.30.3', pilot, '"PILOT_ENABLE_IP_AUTOALLOCATE",'),
      istioLine('1.30.3', pilot, '"240.240.0.0/16",'),
      istioLine('1.30.3', pilot, '"2001:2::/48",'),
    ],
    checked,
  },
  'dns-waits': {
    subject: 'pilot-agent',
    values: { seconds: 5, variable: 'DNS_FORWARD_TIMEOUT' },
    since: '1.30',
    known: [
      istioLine(
        '1.30.3',
        'pilot/cmd/pilot-agent/options/options.go',
        'DNSForwardTimeout = env.Register("DNS_FORWARD_TIMEOUT", dnsClient.DefaultUpstreamTimeout,',
      ),
      istioLine('1.30.3', 'pkg/dns/client/dns.go', 'DefaultUpstreamTimeout = 5 * time.Second'),
      istioLineGone('1.29.6', 'pilot/cmd/pilot-agent/options/options.go', 'DNS_FORWARD_TIMEOUT'),
    ],
    checked,
  },
  'names-of-the-mesh': {
    subject: 'pilot-agent',
    known: [
      istioLine(
        '1.30.3',
        'pkg/dns/client/dns.go',
        'answers, hostFound := lookupTable.lookupHost(req.Question[0].Qtype, hostname)',
      ),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
