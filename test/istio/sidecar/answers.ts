/** What Istio's own istiod told pods of many kinds: each question with its answer, packed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { SidecarPod } from '../../../src/istio/index.ts';
import type { Told } from './deciding.ts';

export interface AnsweredPod {
  readonly pod: SidecarPod & { readonly Name: string };
  readonly answer: Told;
}

const file = new URL('./answers.json.br', import.meta.url);

export function answeredPods(): readonly AnsweredPod[] {
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
}

export function writeAnsweredPods(all: readonly AnsweredPod[]): void {
  const text = JSON.stringify(all, (key, value: unknown) =>
    key === 'access_log' || key === 'tracing' ? undefined : value,
  );
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  writeFileSync(file, brotliCompressSync(text, { params }));
}
