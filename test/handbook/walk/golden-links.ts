/** Links that have been given away, as what they must be read for ever. A link may be added; none may change. */
import type { AskedOfEnvoy } from '../../../src/handbook/lab/envoy/index.ts';
import type { State } from '../../../src/handbook/walk/index.ts';

/** With a state alone. */
export const goldenLinks: readonly (readonly [link: string, state: State])[] = [
  [
    '#v=1&scenario=remote-to-local&envoy.first=mutual+TLS+of+Istio&envoy.host=outbound_.80_._.own.default.svc.cluster.local&envoy.mutualTls=STRICT&envoy.declared=not+at+all&step=4',
    {
      scenario: 'remote-to-local',
      envoy: {
        first: 'mutual TLS of Istio',
        host: 'outbound_.80_._.own.default.svc.cluster.local',
        mutualTls: 'STRICT',
        declared: 'not at all',
      },
      step: 4,
    },
  ],
  [
    '#v=1&scenario=local-to-remote&envoy.first=TLS&envoy.host=reviews&envoy.alpn=h2,http/1.1&envoy.outbound=REGISTRY_ONLY&envoy.declared=unnamed&to=203.0.113.10:443',
    {
      scenario: 'local-to-remote',
      envoy: {
        first: 'TLS',
        host: 'reviews',
        alpn: 'h2,http/1.1',
        outbound: 'REGISTRY_ONLY',
        declared: 'unnamed',
      },
      request: { address: '203.0.113.10', port: 443 },
    },
  ],
  [
    '#v=1&scenario=local-to-remote&envoy.first=nothing',
    { scenario: 'local-to-remote', envoy: { first: 'nothing' } },
  ],
  [
    '#v=1&scenario=local-to-remote&envoy.first=HTTP/2',
    { scenario: 'local-to-remote', envoy: { first: 'HTTP/2' } },
  ],
  [
    '#v=1&scenario=remote-to-local&envoy.inbound=LOCALHOST&envoy.sidecar=ingress+127.0.0.1&step=2',
    {
      scenario: 'remote-to-local',
      envoy: { inbound: 'LOCALHOST', sidecar: 'ingress 127.0.0.1' },
      step: 2,
    },
  ],
  [
    '#v=1&scenario=local-to-remote&envoy.outbound=REGISTRY_ONLY&envoy.sidecar=egress+istio-system/*',
    {
      scenario: 'local-to-remote',
      envoy: { outbound: 'REGISTRY_ONLY', sidecar: 'egress istio-system/*' },
    },
  ],
  [
    '#v=1&scenario=ambient-plain-text&mesh.peerAuthentication=STRICT&step=9',
    { scenario: 'ambient-plain-text', mesh: { peerAuthentication: 'STRICT' }, step: 9 },
  ],
  [
    '#v=1&scenario=ambient-service&release=1.30&ambient.nativeNftables=true&mesh.waypoint=of+the+Service&mesh.ztunnel=missing&from=peer:waypoint:10.244.3.20&to=10.244.1.5:15008&path=10.244.1.5:8080',
    {
      scenario: 'ambient-service',
      release: '1.30',
      ambient: { nativeNftables: true },
      mesh: { waypoint: 'of the Service', ztunnel: 'missing' },
      request: {
        from: { name: 'waypoint', address: '10.244.3.20' },
        address: '10.244.1.5',
        port: 15008,
        path: '10.244.1.5:8080',
      },
    },
  ],
  ['#v=1&scenario=ambient-hbone&step=3', { scenario: 'ambient-hbone', step: 3 }],
  [
    '#v=1&scenario=ambient-plain-text&release=1.24&ambient.tproxyRedirection=true&replies=1&step=7',
    {
      scenario: 'ambient-plain-text',
      release: '1.24',
      ambient: { tproxyRedirection: true },
      replies: true,
      step: 7,
    },
  ],
  [
    '#v=1&scenario=ambient-service&ambient.nativeNftables=true&ambient.dnsProxy=disabled&from=ztunnel&to=[fd00:10:244:2::9]:15008&path=[fd00:10:244:2::9]:9080',
    {
      scenario: 'ambient-service',
      ambient: { nativeNftables: true, dnsProxy: 'disabled' },
      request: {
        from: { process: 'ztunnel' },
        address: 'fd00:10:244:2::9',
        port: 15008,
        path: '[fd00:10:244:2::9]:9080',
      },
    },
  ],
  [
    '#v=1&scenario=ambient-dns&from=app&to=10.96.0.53:53&protocol=udp&path=reviews.default.svc.cluster.local',
    {
      scenario: 'ambient-dns',
      request: {
        from: { process: 'app' },
        address: '10.96.0.53',
        port: 53,
        protocol: 'udp',
        path: 'reviews.default.svc.cluster.local',
      },
    },
  ],
  [
    '#v=1&scenario=ambient-service&ambient.nativeNftables=true&answer=inet+istio-ambient-nat/istio-output/3:yes&replies=1&step=9',
    {
      scenario: 'ambient-service',
      ambient: { nativeNftables: true },
      request: {
        answers: [{ table: 'inet istio-ambient-nat', chain: 'istio-output', position: 3, matches: true }],
      },
      replies: true,
      step: 9,
    },
  ],
  [
    '#v=1&scenario=local-to-remote&to=10.96.0.7:80&sourcePort=41234',
    { scenario: 'local-to-remote', request: { address: '10.96.0.7', port: 80, sourcePort: 41234 } },
  ],
  ['#v=1&scenario=local-to-remote&step=12', { scenario: 'local-to-remote', step: 12 }],
  [
    '#v=1&scenario=local-to-remote&release=1.17&from=uid:1337:1337&to=10.96.0.7:80&step=12',
    {
      scenario: 'local-to-remote',
      release: '1.17',
      request: { from: { uid: 1337, gid: 1337 }, address: '10.96.0.7', port: 80 },
      step: 12,
    },
  ],
  [
    '#v=1&scenario=local-to-remote&from=uid:1337:1337:app&to=10.96.0.7:80',
    {
      scenario: 'local-to-remote',
      request: { from: { uid: 1337, gid: 1337, name: 'app' }, address: '10.96.0.7', port: 80 },
    },
  ],
  [
    '#v=1&scenario=remote-to-local&option.inboundPortsExclude=15090,15021,15020,8080',
    { scenario: 'remote-to-local', options: { inboundPortsExclude: '15090,15021,15020,8080' } },
  ],
  [
    '#v=1&scenario=inside-envoy&from=app&to=127.0.0.1:15000&bound=eth0&replies=1',
    {
      scenario: 'inside-envoy',
      request: { from: { process: 'app' }, address: '127.0.0.1', port: 15000, boundTo: 'eth0' },
      replies: true,
    },
  ],
  [
    '#v=1&scenario=prometheus&from=peer:Prometheus:10.244.3.7&to=[fd00::1]:15090',
    {
      scenario: 'prometheus',
      request: { from: { name: 'Prometheus', address: '10.244.3.7' }, address: 'fd00::1', port: 15090 },
    },
  ],
  [
    '#v=1&scenario=local-to-remote&option.redirectDNS=true&option.dnsServersV4=10.96.0.53&to=10.96.0.53:53&protocol=udp',
    {
      scenario: 'local-to-remote',
      options: { redirectDNS: true, dnsServersV4: ['10.96.0.53'] },
      request: { address: '10.96.0.53', port: 53, protocol: 'udp' },
    },
  ],
  [
    '#v=1&scenario=local-to-remote&answer=nat/ISTIO_OUTPUT/3:yes&answer=filter/KUBE+FIREWALL/12:no',
    {
      scenario: 'local-to-remote',
      request: {
        answers: [
          { table: 'nat', chain: 'ISTIO_OUTPUT', position: 3, matches: true },
          { table: 'filter', chain: 'KUBE FIREWALL', position: 12, matches: false },
        ],
      },
    },
  ],
  [
    '#v=1&scenario=local-to-remote&option.nativeNftables=true',
    { scenario: 'local-to-remote', options: { nativeNftables: true } },
  ],
  [
    '#v=1&scenario=local-to-remote&release=1.28&option.nativeNftables=true&answer=inet+istio-proxy-nat/istio-output/3:yes&replies=1&step=9',
    {
      scenario: 'local-to-remote',
      release: '1.28',
      options: { nativeNftables: true },
      request: {
        answers: [{ table: 'inet istio-proxy-nat', chain: 'istio-output', position: 3, matches: true }],
      },
      replies: true,
      step: 9,
    },
  ],
];

/** With a pasted dump, too. */
export const goldenDumps: readonly (readonly [link: string, state: State, text: string])[] = [
  [
    '#v=1&scenario=local-to-remote&from=uid:2000:2000:a+process&to=10.96.0.7:80&step=3&dump=08pLLOGyCghyDfIPDfH0c1dwdHZ2DQhRiDawMojlsvL0CwgNQRPzDw3BFAzwDw7BYURwiKd_PFSTLqpokKuLZ5CrM0Jc11EBpjJLAVknSAbVpBQFQwM9SzM9Az0DfUMjBd1cheT83NzUvBIFXV0YSykjvyQts0LhUcNkhUezFiiBTA1yDQkN8sM0D2YfzE0IFQhXFiiUJBdADIEJ6Zbk6xbkF5UUKxiaGhgYcjn7-_p6hnABAA',
    {
      scenario: 'local-to-remote',
      request: { from: { uid: 2000, gid: 2000, name: 'a process' }, address: '10.96.0.7', port: 80 },
      step: 3,
    },
    `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:ISTIO_OUTPUT - [0:0]
:ISTIO_REDIRECT - [0:0]
-A OUTPUT -j ISTIO_OUTPUT
-A ISTIO_OUTPUT -d 10.96.0.0/12 -m comment --comment "hotfix – ⚠" -j RETURN
-A ISTIO_OUTPUT -j ISTIO_REDIRECT
-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
COMMIT
`,
  ],
  // Of the first days, and never any rules.
  ['#v=1&dump=C0pMLikoyk8vSszVS0wHAA', {}, 'Ractprogram.ag'],
];

/** With a connection through a pasted Envoy; '' for a text that is sent apart. */
export const goldenCalls: readonly (readonly [link: string, call: AskedOfEnvoy, text: string])[] = [
  [
    '#v=1&call.from=app&call.to=203.0.113.5:8443&call.first=TLS&call.host=elsewhere.example&call.alpn=h2,http/1.1&dump=hZHBasMwDIbvewydU69l7JLToDsO1sNuoxjPVhNTxzaWnDWEvPtwko7t0A2DLSR_v-VfI-jgT7YhqN9HeOIhItRQDtGE0DhU0ZLQobtH34dBKNNZL_oH8WKJ0WOi_cw_5y5CBWbwqrNaumt1lvWqK6q9TZyVe838EbI3UIHSbHuUxIoR6hGuWIlvQ8YkJCp3KOgzsvyR-Q5hK-YFFcSQWPbKZYR697jd7qapgkwoQ7KN9cpJQww1p4wVnKxjTFK3yvq_ut9oxbpVzm1Yl58v3C9icWwtCI_8GdJZsI4ypnAZoJp9NnKZQOn-f__xwujJBk-3hct43nQ8rI9ol4mLp3BQRNymkJt2vyan6Tgdp2W_-wI',
    {
      direction: 'outbound',
      address: '203.0.113.5',
      port: 8443,
      first: 'TLS',
      host: 'elsewhere.example',
      alpn: 'h2,http/1.1',
    },
    '{"configs":[{"@type":"type.googleapis.com/envoy.admin.v3.ListenersConfigDump","dynamic_listeners":[{"name":"virtualOutbound","active_state":{"listener":{"name":"virtualOutbound","address":{"socket_address":{"address":"0.0.0.0","port_value":15001}},"use_original_dst":true,"filter_chains":[{"name":"virtualOutbound-catchall-tcp","filters":[{"name":"envoy.filters.network.tcp_proxy","typed_config":{"@type":"type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy","cluster":"PassthroughCluster"}}]}]}}}]}]}\n',
  ],
  [
    '#v=1&call.from=client&call.to=[fd00:10:244:1::5]:8080&call.first=mutual+TLS+of+Istio&call.path=/a%3Fc%3D1',
    {
      direction: 'inbound',
      address: 'fd00:10:244:1::5',
      port: 8080,
      first: 'mutual TLS of Istio',
      host: '',
      path: '/a?c=1',
    },
    '',
  ],
];
