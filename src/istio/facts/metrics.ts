/** What Prometheus is given, by whom, and who may ask for it. */
import { envoyAnswer, type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-28';
const server = 'pilot/cmd/pilot-agent/status/server.go';
const newest = '1.31.0-rc.0';
const agentOptions = 'pilot/cmd/pilot-agent/options/options.go';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const webhook = 'pkg/kube/inject/webhook.go';

export const metrics = {
  'merged-metrics': {
    subject: 'pilot-agent',
    values: { path: '/stats/prometheus' },
    known: [istioLine('1.30.3', server, 'mux.HandleFunc(`/stats/prometheus`, s.handleStats)')],
    checked,
  },
  'secure-metrics-ports': {
    subject: 'Envoy',
    values: { own: 'ENVOY_SECURE_METRICS_PORT', merged: 'ENVOY_SECURE_MERGED_METRICS_PORT', tls: 'mTLS' },
    since: '1.31',
    known: [
      istioLine(newest, agentOptions, '"Envoy mTLS metrics port value (Envoy stats only)").Get()'),
      istioLine(
        newest,
        agentOptions,
        '"Envoy mTLS merged metrics port value (Envoy + app + agent stats)").Get()',
      ),
    ],
    checked: '2026-11-29',
  },
  'scrape-targets': {
    subject: 'pilot-agent',
    values: { form: 'port:path', annotation: 'prometheus.istio.io/scrape-targets' },
    since: '1.31',
    known: [
      istioLine(
        newest,
        server,
        '// ParseScrapeTargets parses a comma-separated list of "port:path" pairs into ScrapeTargets.',
      ),
      istioLine(
        newest,
        server,
        '// annotation values (the path comes from prometheus.istio.io/scrape-targets).',
      ),
    ],
    checked: '2026-11-29',
  },
  'asks-the-app': {
    subject: 'pilot-agent',
    values: { place: 'localhost' },
    known: [
      istioLine(
        '1.30.3',
        server,
        'url := fmt.Sprintf("http://localhost:%s%s", s.prometheus.Port, s.prometheus.Path)',
      ),
    ],
    checked,
  },
  'metrics-in-plain-text': {
    subject: 'pilot-agent',
    values: { port: 15020 },
    known: [istioLine('1.30.3', server, 'l, err := net.Listen("tcp", fmt.Sprintf(":%d", s.statusPort))')],
    checked,
  },
  'envoy-metrics': {
    subject: 'Envoy',
    values: { port: 15090 },
    known: [
      envoyAnswer('inbound.txt', "15090 is Envoy's own statistics"),
      envoyAnswer('inbound.txt', 'STRICT: 15090 too'),
    ],
    checked,
  },
  'strict-plain-text': {
    subject: 'Envoy',
    where: { mode: 'STRICT' },
    known: [
      envoyAnswer('inbound.txt', 'STRICT: plain HTTP is connected, and reset'),
      envoyAnswer('inbound.txt', 'STRICT: plain text to a port that no Service declares'),
    ],
    checked,
  },
  'merging-needs-annotations': {
    subject: 'pilot-agent',
    values: { port: 'prometheus.io/port', variable: 'ISTIO_PROMETHEUS_ANNOTATIONS' },
    only: true,
    known: [
      istioLine(
        '1.30.3',
        server,
        'PrometheusScrapingConfig = env.Register("ISTIO_PROMETHEUS_ANNOTATIONS", "", "")',
      ),
      istioLine('1.30.3', webhook, 'cfg.Port = val'),
    ],
    checked,
  },
  'merging-without-the-app': {
    subject: 'pilot-agent',
    values: { log: 'failed scraping application metrics' },
    known: [istioLine('1.30.3', server, 'log.Errorf("failed scraping application metrics: %v", err)')],
    checked,
  },
  'certificates-in-a-folder': {
    subject: 'pilot-agent',
    values: { variable: 'OUTPUT_CERTS' },
    known: [
      istioLine(
        '1.30.3',
        'pilot/cmd/pilot-agent/options/options.go',
        'outputKeyCertToDir = env.Register("OUTPUT_CERTS", "",',
      ),
    ],
    checked,
  },
  'metrics-for-localhost': {
    subject: 'pilot-agent',
    values: { status: 403 },
    where: { setting: 'METRICS_LOCALHOST_ACCESS_ONLY' },
    since: '1.22',
    known: [istioLine('1.30.3', 'pkg/features/telemetry.go', '"METRICS_LOCALHOST_ACCESS_ONLY", false,')],
    checked,
  },
  'merging-written': {
    subject: 'injector',
    values: { port: 'prometheus.io/port', path: '/stats/prometheus' },
    known: [
      istioLine('1.30.3', webhook, 'pod.Annotations["prometheus.io/port"] = targetPort'),
      istioLine('1.30.3', webhook, 'pod.Annotations["prometheus.io/path"] = "/stats/prometheus"'),
    ],
    checked,
  },
  'merging-off': {
    subject: 'injector',
    values: {
      annotation: 'prometheus.istio.io/merge-metrics: "false"',
      scrape: 'prometheus.io/scrape: "false"',
      mesh: 'enablePrometheusMerge: false',
    },
    not: true,
    known: [
      istioLine('1.30.3', webhook, 'if val, f := anno[annotation.PrometheusMergeMetrics.Name]; f {'),
      istioLine('1.30.3', webhook, 'return mesh.GetEnablePrometheusMerge().Value'),
      istioLine('1.30.3', webhook, 'if getPrometheusScrape(pod) &&'),
    ],
    checked,
  },
  'secure-ports-are-captured': {
    subject: 'injector',
    values: {
      own: 'ENVOY_SECURE_METRICS_PORT',
      merged: 'ENVOY_SECURE_MERGED_METRICS_PORT',
      annotation: 'traffic.sidecar.istio.io/excludeInboundPorts',
    },
    not: true,
    since: '1.31',
    known: [
      istioLine(newest, template, '- "15090,15021"'),
      istioLineGone(newest, template, 'SECURE_METRICS_PORT'),
      istioLineGone(newest, template, 'SECURE_MERGED_METRICS_PORT'),
    ],
    checked: '2026-11-30',
  },
  'secure-port-written': {
    subject: 'injector',
    values: {
      merged: 'ENVOY_SECURE_MERGED_METRICS_PORT',
      annotation: 'prometheus.istio.io/secure-port',
    },
    since: '1.31',
    known: [istioLine(newest, webhook, 'pod.Annotations["prometheus.istio.io/secure-port"] = env.Value')],
    checked: '2026-11-30',
  },
  'own-ports-refused': {
    subject: 'injector',
    values: { port: 'prometheus.io/port', metrics: 15090, ready: 15021 },
    since: '1.31',
    known: [
      istioLine(newest, webhook, 'invalid prometheus scrape configuration: port %s is reserved for Istio'),
      istioLineGone('1.30.3', webhook, 'is reserved for Istio'),
      istioLine(newest, server, '"15021": "Envoy health",'),
      istioLine(newest, server, '"15090": "Envoy Prometheus (already merged)",'),
    ],
    checked: '2026-11-30',
  },
  'merged-without-envoy': {
    subject: 'pilot-agent',
    values: { setting: 'PILOT_AGENT_MERGE_ENVOY_STATS', value: 'false' },
    since: '1.30.2',
    known: [
      istioLineGone('1.30.1', server, 'AgentMergeEnvoyStats'),
      istioLine('1.30.2', server, 'if !s.config.NoEnvoy && features.AgentMergeEnvoyStats {'),
      istioLine(
        '1.30.2',
        'pilot/pkg/features/telemetry.go',
        'env.Register("PILOT_AGENT_MERGE_ENVOY_STATS", true,',
      ),
    ],
    checked: '2026-11-30',
  },
  'asks-for-text': {
    subject: 'pilot-agent',
    values: { form: 'protobuf' },
    since: '1.30.2',
    known: [
      istioLineGone('1.30.1', server, 'allowedEnvoyTypes'),
      istioLine('1.30.2', server, 'allowedEnvoyTypes = []string{"text/*", "text/plain"}'),
      istioLine(
        '1.30.2',
        server,
        'allowedAppTypes   = []string{"text/*", "text/plain", "application/openmetrics-text"}',
      ),
    ],
    checked: '2026-11-30',
  },
  'metrics-compressed': {
    subject: 'Envoy',
    values: { port: 15090, setting: 'statsCompression', value: 'false' },
    since: '1.29',
    known: [
      istioLineGone('1.28.0', 'pkg/bootstrap/config.go', 'EnvoyMetricsStatsCompression'),
      istioLine(
        '1.29.0',
        'pkg/bootstrap/config.go',
        'opts = append(opts, option.EnvoyMetricsStatsCompression(true))',
      ),
    ],
    checked: '2026-11-30',
  },
} as const satisfies Readonly<Record<string, Fact>>;
