/** What istiod told pods at random, packed: of each the fields that decide. */
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { deciding, type Told } from './deciding.ts';

/** The pods that are recorded. */
export const recordedSeed = 1317;
export const recordedCount = 120;

type Answers = Readonly<Record<string, ReturnType<typeof deciding>>>;

const file = new URL('./random-answers.json.br', import.meta.url);

/** By the pod's name. */
export function randomAnswers(): Answers {
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
}

export function writeRandomAnswers(said: Readonly<Record<string, Told>>): void {
  const answers: Answers = Object.fromEntries(
    Object.entries(said).map(([name, told]) => [name, deciding(told)]),
  );
  const text = JSON.stringify(answers);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  writeFileSync(file, brotliCompressSync(text, { params }));
}
