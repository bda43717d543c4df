/** What Envoy does at its stops of a path, apart from the page: loaded when a reader opens them. */
import { type AskedOfStops, type ToldStops, tellStops } from '../../src/handbook/envoy/index.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<AskedOfStops>) => void) | null;
  postMessage(message: ToldStops): void;
};

worker.onmessage = ({ data }) => worker.postMessage(tellStops(data));
