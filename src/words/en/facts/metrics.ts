import type { metrics } from '../../../istio/facts/index.ts';

export const metricsTemplates: Readonly<Record<keyof typeof metrics, string>> = {
  'merged-metrics': '{subject} serves the metrics of Envoy, of the app and its own together, at `{path}`',
  'secure-metrics-ports':
    '{subject} serves its own metrics by {tls} on the port that `{own}` names, and the merged ones on that of `{merged}`',
  'scrape-targets': '{subject} asks the app at each `{form}` that `{annotation}` lists',
  'asks-the-app': '{subject} asks the app for its metrics on {place}',
  'metrics-in-plain-text':
    '{subject} listens on {port} for everybody in plain text: what it serves is public to whoever reaches the pod',
  'envoy-metrics': '{subject} serves its own metrics on {port} to everybody, in plain text',
  'strict-plain-text': '{subject} resets what comes in plain text where mutual TLS is `{mode}`',
  'merging-needs-annotations':
    '{subject} knows the port of the app only from `{port}`, which the injector hands on in `{variable}`',
  'merging-without-the-app': '{subject} answers with the other metrics where the app fails, and logs `{log}`',
  'certificates-in-a-folder':
    '{subject} writes the certificate and the key of the pod into the folder that `{variable}` names',
  'metrics-for-localhost':
    '{subject} answers {status} to whoever asks for metrics from outside of the pod with `{setting}`',
  'merging-written': '{subject} writes `{port}` and the path `{path}` into the pod',
  'merging-off':
    '{subject} does not merge where a pod has `{annotation}` or `{scrape}`, or the mesh has `{mesh}`',
  'secure-ports-are-captured':
    '{subject} does not exclude the ports of `{own}` and `{merged}` from capture: name them in `{annotation}`',
  'secure-port-written': '{subject} writes the port of `{merged}` into `{annotation}`',
  'own-ports-refused':
    '{subject} refuses a pod whose `{port}` is one of Istio’s own, as {metrics} or {ready}, where metrics are merged',
  'merged-without-envoy': '{subject} leaves out the metrics of Envoy where `{setting}` is `{value}`',
  'asks-for-text': '{subject} asks for metrics as text, even where it is asked itself for {form}',
  'metrics-compressed':
    '{subject} compresses what it serves on {port} for a client that accepts it, unless `{setting}` is `{value}`',
};
