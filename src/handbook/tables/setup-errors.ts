/** What istio-init, the CNI plugin and their tools print when the rules of a pod were not written, row by row. */
import {
  type ErrorCode,
  type ErrorProgram,
  errorCodes,
  readErrorLine,
  setupLines,
} from '../../analysis/index.ts';
import { type ErrorWords, errorWords } from '../../words/index.ts';

/** Who says it, as one looks for it: the log of an init container, that of the plugin, or a tool in either. */
export const setupSpeakers = ['init', 'plugin', 'iptables', 'nft'] as const;
export type SetupSpeaker = (typeof setupSpeakers)[number];

const speakerOf: Readonly<Partial<Record<ErrorProgram, SetupSpeaker>>> = {
  'istio-init': 'init',
  'istio-validation': 'init',
  'istio-cni': 'plugin',
  iptables: 'iptables',
  'iptables-restore': 'iptables',
  modprobe: 'iptables',
  nft: 'nft',
};

export interface SetupError extends Pick<ErrorWords, 'says' | 'because' | 'fix' | 'page'> {
  readonly code: ErrorCode;
  readonly line: string;
  readonly speaker: SetupSpeaker;
}

/** In the order in which the lab looks for them: what says why before what says only that. */
export const setupErrors: readonly SetupError[] = errorCodes.flatMap((code): readonly SetupError[] => {
  const line = (setupLines as Readonly<Partial<Record<ErrorCode, string>>>)[code];
  const error = line === undefined ? null : readErrorLine(line);
  if (line === undefined || error === null) return [];
  const speaker = code === 'cni.no-plugin' ? 'plugin' : speakerOf[error.program];
  if (speaker === undefined) return [];
  const { says, because, fix, page } = errorWords(error);
  return [{ code, line, speaker, says, because, fix, page }];
});
