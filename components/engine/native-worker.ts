/**
 * Walks on the rules of native nftables, apart from the page: the whole engine, in the place of the page's worker, which
 * knows rules of iptables only. It is loaded when somebody asks for such rules.
 */
import { answer, type WalkerAnswer, type WalkerQuestion } from './remote-walker.ts';
import { wholeWalker } from './walk-everything.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<WalkerQuestion>) => void) | null;
  postMessage(message: WalkerAnswer): void;
};

worker.onmessage = ({ data }) => worker.postMessage(answer(wholeWalker, data));
