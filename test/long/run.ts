/**
 * What is too long for every run, for as long as one likes:
 *
 *     npm run test:long kernel -- --pairs 100000 --seed 7
 *     npm run test:long reading -- --inputs 5000000
 *
 * It prints its seed. Interrupted, it ends the lot that it is at and prints where to go on; interrupted again, it ends
 * at once, and has said now and then where it was.
 */
import { parseArgs } from 'node:util';
import { type LongPart, parts } from './parts.ts';

/** Milliseconds between two lines that say how far it is. */
const patience = 60_000;

class Refused extends Error {}

export interface Asked {
  readonly part: LongPart;
  readonly seed: number;
  readonly from: number;
  readonly amount: number;
  readonly options: Readonly<Record<string, string | undefined>>;
}

/** Throws with what was expected. */
export function readAsked(args: readonly string[]): Asked {
  const [name = '', ...rest] = args;
  const part = parts.find((one) => one.name === name);
  if (part === undefined) {
    const known = parts.map((one) => `  ${one.name.padEnd(10)}${one.about}`).join('\n');
    throw new Refused(`npm run test:long PART [-- --seed N], where PART is one of\n${known}`);
  }
  const names = ['seed', 'from', part.unit, ...part.options];
  const options = Object.fromEntries(names.map((option) => [option, { type: 'string' as const }]));
  let values: Readonly<Record<string, string | undefined>>;
  try {
    values = parseArgs({ args: rest, options }).values as typeof values;
  } catch (error) {
    const meant = names.map((option) => `--${option}`).join(', ');
    throw new Refused(`${(error as Error).message}\n${name} takes ${meant}, behind a --`);
  }
  const number = (option: string, otherwise: number): number => {
    const value = values[option];
    const found = value === undefined ? otherwise : Number(value);
    if (!Number.isSafeInteger(found) || found < 0 || value === '')
      throw new Refused(`--${option} takes a whole number, and is "${value}"`);
    return found;
  };
  return {
    part,
    seed: number('seed', Math.floor(Math.random() * 2 ** 31)),
    from: number('from', 0),
    amount: number(part.unit, part.usual),
    options: Object.fromEntries(part.options.map((option) => [option, values[option]])),
  };
}

async function main(): Promise<void> {
  const { part, seed, from, amount, options } = readAsked(process.argv.slice(2));
  console.log(`seed ${seed}`);
  let next = from;
  let isStopped = false;
  let lastTold = Date.now();
  const own = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${value}`],
  );
  const onward = (): string =>
    `npm run test:long ${part.name} -- --seed ${seed} --from ${next}${own.join('')} goes on from here`;
  process.once('SIGINT', () => {
    isStopped = true;
  });
  const isGood = await part.run({
    seed,
    from,
    amount,
    options,
    isStopped: () => isStopped,
    reached: (number) => {
      next = number;
      if (Date.now() - lastTold < patience) return;
      lastTold = Date.now();
      console.log(onward());
    },
  });
  console.log(`${isStopped ? 'stopped; ' : ''}${onward()}`);
  process.exitCode = isGood ? 0 : 1;
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
