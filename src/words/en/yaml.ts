/**
 * What is said of a pod's YAML, or of Helm's values, where it is broken, has no effect, or another one than one would
 * think. Options go by the names that set them there.
 */
import { usualName, type YamlMessage } from '../../istio/index.ts';
import { ignoredSentence, type OptionProblemWords, optionProblemWords } from './options.ts';

export interface YamlWords extends OptionProblemWords {
  /** What stands there: `annotation traffic.sidecar.istio.io/excludeInboundPorts "8080"`. */
  readonly found: string;
}

export function yamlMessageWords(message: YamlMessage): YamlWords {
  const { found } = message;
  if ('problem' in message) return { found, ...optionProblemWords(message.problem, usualName) };
  if ('ignored' in message)
    return {
      found,
      because: `It has no effect: ${ignoredSentence(message.ignored, usualName)}`,
      fix: 'Take it away, or use another release.',
    };
  return { found, because: message.because, fix: message.fix };
}

/** A message in one line: `7:9: warning: annotation …: … Write …` */
export function printYamlMessage(message: YamlMessage): string {
  const { severity, line, column } = message;
  const { found, because, fix } = yamlMessageWords(message);
  return `${line}:${column}: ${severity}: ${found}: ${because}${fix === '' ? '' : ` ${fix}`}`;
}
