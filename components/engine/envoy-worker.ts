/** What Envoy does at its stops of a path, apart from the page: loaded when a reader opens them. */
import { type AskedOfStops, hasSidecar, type ToldStops, tellStops } from '../../src/handbook/envoy/index.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<AskedOfStops>) => void) | null;
  postMessage(message: ToldStops): void;
};

/** What was asked last. */
let asked: AskedOfStops | null = null;

worker.onmessage = async ({ data }) => {
  asked = data;
  try {
    const scoping = hasSidecar(data) ? await import('../../src/istio/sidecar/scoped/index.ts') : undefined;
    if (asked === data) worker.postMessage(tellStops(data, scoping));
  } catch (error) {
    reportError(error);
  }
};
