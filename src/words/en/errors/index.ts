/** The words for lines in which programs say that something did not work. */
import type { ErrorCode, ErrorLine } from '../../../analysis/index.ts';
import type { ErrorWords, ErrorWordsOf } from './error-words.ts';
import { wordsOfIptables } from './of-iptables.ts';
import { wordsOfIstio } from './of-istio.ts';
import { wordsOfKubectl } from './of-kubectl.ts';
import { wordsOfNetwork } from './of-network.ts';
import { wordsOfZtunnel } from './of-ztunnel.ts';

const words: Readonly<Record<ErrorCode, ErrorWordsOf>> = {
  ...wordsOfIptables,
  ...wordsOfNetwork,
  ...wordsOfKubectl,
  ...wordsOfIstio,
  ...wordsOfZtunnel,
};

/** What is said of an error line: what it says, what leads to it, what helps, and the page that tells more. */
export function errorWords(error: ErrorLine): ErrorWords {
  return words[error.code](error);
}
