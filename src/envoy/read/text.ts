/** The texts of a configuration, where what reads YAML is loaded only for YAML: the library is some 100 kB. */
import type { ConfigProblem } from '../model/problem.ts';
import { type ParsedEnvoyConfig, readEnvoyConfig } from './config.ts';
import { isJson, readJson } from './json.ts';

/** A text, and the line of a longer one in which it begins, from 1. */
export interface PlacedText {
  readonly text: string;
  readonly line: number;
}

export interface ReadTexts extends ParsedEnvoyConfig {
  /** The last of them is YAML, which looks whole wherever a line of it ends. */
  readonly hasOpenEnd: boolean;
}

/** As `parseEnvoyConfig` of all of them together, later, with the lines of the longer text. */
export async function readEnvoyTexts(texts: readonly PlacedText[]): Promise<ReadTexts> {
  const values: unknown[] = [];
  const problems: ConfigProblem[] = [];
  for (const { text, line } of texts) {
    const read = isJson(text) ? readJson(text) : (await import('./source.ts')).readValues(text);
    values.push(...read.values);
    for (const one of read.problems)
      problems.push('line' in one ? { ...one, line: one.line + line - 1 } : one);
  }
  const { config, problems: more } = readEnvoyConfig(values);
  return { config, problems: [...problems, ...more], hasOpenEnd: !isJson(texts.at(-1)?.text ?? '{') };
}
