/**
 * What each process of a sidecar's pod is for, in a sentence.
 */
import { type ProcessEntry, portOf } from '../../istio/index.ts';

export const processPurposes: Readonly<Record<ProcessEntry['name'], string>> = {
  app: 'The application.',
  Envoy: `The proxy: takes captured connections on ${portOf('envoy-outbound')} and ${portOf('envoy-inbound')}, and dials on.`,
  'pilot-agent': "Starts Envoy, speaks to istiod for it, and answers probes, metrics and the pod's DNS.",
};
