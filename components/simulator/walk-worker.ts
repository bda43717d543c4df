/** Walks on the rules that Istio would program, apart from the page. */
import { walkerOn } from '../../src/handbook/index.ts';
import { type Answer, answer, type Question } from './remote-walker.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(message: Answer): void;
};

const walker = walkerOn();

worker.onmessage = ({ data }) => worker.postMessage(answer(walker, data));
