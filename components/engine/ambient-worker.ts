/** Walks on the rules of ambient mode, of iptables and of nft, apart from the page. */
import { ambientWalkerOn } from '../../src/handbook/walk/index.ts';
import { answer, type WalkerAnswer, type WalkerQuestion } from './remote-walker.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<WalkerQuestion>) => void) | null;
  postMessage(message: WalkerAnswer): void;
};

const walker = ambientWalkerOn();

worker.onmessage = ({ data }) => worker.postMessage(answer(walker, data));
