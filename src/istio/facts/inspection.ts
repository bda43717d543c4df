/** What one looks into a pod with: images, their programs, and the commands of kubectl and pilot-agent. */
import { type Fact, istioLine, istioLineGone, kubectlLine } from './fact.ts';

const checked = '2026-11-28';
const base = 'docker/Dockerfile.base';
const proxy = 'pilot/docker/Dockerfile.proxyv2';
const debug = 'pkg/cmd/debug/debug.go';

/** The line of a Dockerfile that begins a stage from one of Istio's base images. */
function stage(image: string, name: string): string {
  return `FROM \${ISTIO_BASE_REGISTRY}/${image}:\${BASE_VERSION} AS ${name}`;
}

export const inspection = {
  'proxy-image': {
    subject: 'image',
    values: {
      image: 'proxyv2',
      legacy: 'iptables-legacy',
      nft: 'nft',
      sockets: 'ss',
      http: 'curl',
    },
    // Its nft; the others are older.
    since: '1.27',
    known: [
      istioLineGone('1.26.8', base, 'nftables'),
      istioLine('1.27.0', base, '  nftables \\'),
      istioLine('1.30.3', base, '  iptables \\'),
      istioLine('1.30.3', base, '/usr/sbin/iptables-legacy'),
      istioLine('1.30.3', base, '  nftables \\'),
      istioLine('1.30.3', base, '  iproute2 \\'),
      istioLine('1.30.3', proxy, stage('base', 'debug')),
    ],
    checked,
  },
  'debug-of-others': {
    subject: 'istiod',
    values: {
      port: 15014,
      dump: 'config_dump',
      names: 'ndsz',
      endpoints: 'edsz',
      setting: 'ENABLE_DEBUG_ENDPOINT_AUTH',
    },
    // Brought back to 1.27.6 and 1.28.4.
    since: '1.29',
    only: true,
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/features/pilot.go',
        'EnableDebugEndpointAuth = env.Register("ENABLE_DEBUG_ENDPOINT_AUTH", true,',
      ),
      istioLine('1.30.3', 'pilot/pkg/xds/debuggen.go', '"config_dump": {},'),
      istioLine('1.30.3', 'pilot/pkg/xds/debuggen.go', '"ndsz":        {},'),
      istioLine('1.30.3', 'pilot/pkg/xds/debuggen.go', '"edsz":        {},'),
      istioLineGone('1.28.0', 'pilot/pkg/features/pilot.go', 'ENABLE_DEBUG_ENDPOINT_AUTH'),
    ],
    checked,
  },
  'distroless-image': {
    subject: 'image',
    values: { suffix: '-distroless', http: 'curl' },
    not: true,
    known: [
      istioLine('1.30.3', proxy, stage('iptables', 'distroless')),
      istioLine('1.30.3', 'docker/iptables.yaml', '- ca-certificates-bundle'),
      istioLineGone('1.30.3', 'docker/iptables.yaml', '- busybox'),
      istioLine('1.30.3', 'docker/iptables.yaml', '- nftables=1.1.1-r40'),
      istioLine('1.30.3', proxy, 'ENTRYPOINT ["/usr/local/bin/pilot-agent"]'),
    ],
    checked,
  },
  'netshoot-back-end': {
    subject: 'image',
    values: { image: 'nicolaka/netshoot', program: 'iptables-legacy-save' },
    not: true,
    known: [
      {
        by: 'source',
        repo: 'nicolaka/netshoot',
        tag: 'v0.16',
        path: 'Dockerfile',
        line: 'FROM alpine:3.24.1',
      },
      {
        by: 'source',
        repo: 'nicolaka/netshoot',
        tag: 'v0.16',
        path: 'Dockerfile',
        line: 'iptables-legacy',
        isAbsent: true,
      },
    ],
    checked,
  },
  'debug-as-the-pods-user': {
    subject: 'kubectl',
    values: { profile: 'netadmin', option: '--custom' },
    known: [
      kubectlLine(debug, 'Non-root user is configured for the entire target Pod'),
      kubectlLine('pkg/cmd/debug/profiles.go', 'allowNetadminCapability(pod, containerName)'),
    ],
    checked,
  },
  'agent-asks': {
    subject: 'pilot-agent',
    values: { command: 'request', admin: 15000, option: '--debug-port' },
    known: [
      istioLine(
        '1.30.3',
        'pilot/cmd/pilot-agent/app/request.go',
        'Use:   "request <method> <path> [<body>]",',
      ),
      istioLine('1.30.3', 'pilot/cmd/pilot-agent/app/request.go', 'debugRequestPort int32 = 15000'),
    ],
    checked,
  },
  'agent-status': {
    subject: 'pilot-agent',
    values: { command: 'request', message: 'received unsuccessful status code', from: 400 },
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/request/command.go',
        'if resp.StatusCode > 399 && resp.StatusCode != 404 {',
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/request/command.go',
        'return fmt.Errorf("received unsuccessful status code %v: %v", resp.StatusCode, string(respBody))',
      ),
    ],
    checked,
  },
  'nft-not-pinned': {
    subject: 'image',
    values: { suffix: '-distroless', version: '1.1.1', program: 'nftables' },
    not: true,
    since: '1.31',
    known: [
      istioLine('1.30.3', 'docker/iptables.yaml', '- nftables=1.1.1-r40'),
      istioLine('1.31.0-rc.0', 'docker/iptables.yaml', '- nftables-slim'),
      istioLine(
        '1.31.0-rc.0',
        'releasenotes/notes/58492.yaml',
        'to avoid a bug that could cause older versions of `nftables` on K8s nodes to crash after Istio used a newer version',
      ),
    ],
    checked: '2026-11-30',
  },
  'debug-by-xds': {
    subject: 'istiod',
    values: {
      sync: 'syncz',
      dump: 'config_dump',
      port: 15010,
      setting: 'ENABLE_DEBUG_ENDPOINT_AUTH',
    },
    // Brought back to 1.27.8 and 1.28.5.
    since: '1.29.1',
    known: [
      istioLineGone('1.29.0', 'pilot/pkg/xds/statusgen.go', 'EnableDebugEndpointAuth'),
      istioLine(
        '1.29.1',
        'pilot/pkg/xds/statusgen.go',
        'if features.EnableDebugEndpointAuth && proxy.VerifiedIdentity == nil {',
      ),
      istioLine(
        '1.30.0',
        'releasenotes/notes/statusgen-xds-auth.yaml',
        'XDS debug endpoints (syncz, config_dump) on port 15010 now require authentication.',
      ),
    ],
    checked: '2026-11-30',
  },
} as const satisfies Readonly<Record<string, Fact>>;
