import type { metrics } from '../../../istio/facts/index.ts';

export const metricsTemplates: Readonly<Record<keyof typeof metrics, string>> = {
  'merged-metrics': '{subject} serves the metrics of Envoy, of the app and its own together, at `{path}`',
  'asks-the-app': '{subject} asks the app for its metrics on {place}',
  'metrics-in-plain-text':
    '{subject} listens on {port} for everybody in plain text: what it serves is public to whoever reaches the pod',
  'metrics-for-localhost':
    '{subject} answers {status} to whoever asks for metrics from outside of the pod with `{setting}`',
  'merging-written': '{subject} writes `{port}` and the path `{path}` into the pod',
  'merging-off':
    '{subject} does not merge where a pod has `{annotation}` or `{scrape}`, or the mesh has `{mesh}`',
};
