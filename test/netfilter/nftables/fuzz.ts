/**
 * Texts and JSON of nft that nobody would write, put to their readers:
 * `npm run test:long nft-reading -- --inputs 500000 --seed 1`.
 *
 * Each must be read without an exception, and what is printed of it must read back as the same. A word that nothing
 * knows must stay in sight, in what is printed or in a problem.
 */
import { readFileSync } from 'node:fs';
import {
  isNftJson,
  type NftProblem,
  type ParsedNft,
  parseNft,
  parseNftJson,
  printNft,
} from '../../../src/netfilter/index.ts';
import { nftProblemWords } from '../../../src/words/index.ts';
import { Draw } from '../../kernel/draw.ts';
import type { Task } from '../../long/parts.ts';

const form = (name: string) => readFileSync(new URL(`forms/${name}`, import.meta.url), 'utf8');
const listings = [form('usual.list'), form('every-form.list')];
const told = form('every-form.told').split('\n').filter(isNftJson);
const scripts = [form('every-form.nft')];

const strange = [...'{}()[];:,.@$!&|^<>=-*/\\"\'# \n\t\r\0é𝒳', '__proto__', 'constructor', '0x', '-1', '1e9'];
const words = [...new Set([...listings, ...scripts].flatMap((text) => text.split(/\s+/))), ...strange];
const parts = [
  ...new Set(told.flatMap((text) => text.match(/"[^"]*"|[{}[\],:]|\d+/g) ?? [])),
  'null',
  'true',
];

/** No word of nft, and a whole one. */
const marker = 'zq7zq';

export interface StrangeNft {
  readonly text: string;
  readonly isMarked: boolean;
}

/** A piece of a text, short enough that thousands can be read. */
function pieceOf(draw: Draw, text: string): string {
  const lines = text.split('\n');
  const from = draw.below(lines.length);
  return lines.slice(from, from + draw.between(1, 40)).join('\n');
}

/** The entries of a list, some of them left out. */
function someEntries(draw: Draw, text: string): string {
  const { nftables } = JSON.parse(text) as { nftables: readonly unknown[] };
  const from = draw.below(nftables.length);
  return JSON.stringify({ nftables: nftables.slice(from, from + draw.between(1, 12)) });
}

function mutated(draw: Draw, text: string, made: readonly string[]): string {
  const at = draw.below(text.length + 1);
  const end = at + draw.below(12);
  switch (draw.below(5)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return `${text.slice(0, at)}${draw.pick(made)}${text.slice(at)}`;
    case 2:
      return `${text.slice(0, at)} ${draw.pick(made)} ${text.slice(end)}`;
    case 3:
      return text.slice(0, at);
    default:
      return text.slice(0, end) + text.slice(at);
  }
}

/** A word in the place of another, inside a rule; a string in the place of another, in JSON. */
function marked(draw: Draw, text: string): StrangeNft {
  const isJson = isNftJson(text);
  const places = isJson
    ? // the unit of a burst of 0, which is none, is not printed, and which nft it was is no part of the ruleset
      [...text.matchAll(/(?<!burst_unit"|"version"|"release_name"): ?"([\w.-]+)(?=")/g)]
    : [...text.matchAll(/(?<=^\t\t(?!\t)[^#"\n]*)(?<![^\s])[\w.-]+(?!\S)/gm)];
  const place = places.length === 0 ? undefined : draw.pick(places);
  if (place === undefined) return { text, isMarked: false };
  const [whole, word = whole] = place;
  const end = place.index + whole.length;
  return { text: `${text.slice(0, end - word.length)}${marker}${text.slice(end)}`, isMarked: true };
}

/** The text with this number of a seed. */
export function drawNft(seed: number, number: number): StrangeNft {
  const draw = new Draw(seed, number);
  const isJson = draw.chance(0.4);
  if (draw.chance(0.4))
    return marked(draw, isJson ? someEntries(draw, draw.pick(told)) : draw.pick(listings));
  let text = isJson
    ? someEntries(draw, draw.pick(told))
    : pieceOf(draw, draw.pick([...listings, ...scripts]));
  for (let times = draw.between(1, 4); times > 0; times--)
    text = mutated(draw, text, isJson ? [...parts, ...strange] : words);
  return { text, isMarked: false };
}

/** What is wrong with the way that this text is read; null when nothing is. */
export function faultOfNft({ text, isMarked }: StrangeNft): string | null {
  try {
    const read: ParsedNft = isNftJson(text) ? parseNftJson(text) : parseNft(text);
    const wrong = read.problems.find((problem) => !tellsAll(problem));
    if (wrong !== undefined) return `a problem that does not tell all: ${JSON.stringify(wrong)}`;
    const printed = printNft(read.ruleset);
    if (isMarked && !printed.includes(marker) && !read.problems.some((one) => tells(one, marker)))
      return `${marker} is lost`;
    if (read.problems.length === 0 && printNft(parseNft(printed).ruleset) !== printed)
      return 'what is printed reads otherwise';
  } catch (error) {
    return `an exception: ${error instanceof Error ? error.stack : String(error)}`;
  }
  return null;
}

function tellsAll(problem: NftProblem): boolean {
  const said = Object.values(nftProblemWords(problem));
  return problem.line >= 1 && problem.column >= 1 && said.every((part) => part.trim() !== '');
}

function tells(problem: NftProblem, word: string): boolean {
  return JSON.stringify(problem).includes(word);
}

export interface NftLot {
  readonly seed: number;
  readonly from?: number;
  readonly inputs: number;
}

/** The faults among so many inputs of a seed, at most five. */
export function nftFaultsIn({ seed, from = 0, inputs }: NftLot): readonly string[] {
  const faults: string[] = [];
  for (let number = from; number < from + inputs && faults.length < 5; number++) {
    const drawn = drawNft(seed, number);
    const fault = faultOfNft(drawn);
    if (fault !== null) faults.push(`seed ${seed}, input ${number}: ${fault}\n${JSON.stringify(drawn.text)}`);
  }
  return faults;
}

/** True when as many inputs as were asked for are read without a fault, from one of a seed on. */
export async function readStrangeNft(task: Task): Promise<boolean> {
  const { seed, from, amount } = task;
  let faults = 0;
  let at = from;
  while (at < from + amount && faults === 0 && !task.isStopped()) {
    const inputs = Math.min(1000, from + amount - at);
    for (const fault of nftFaultsIn({ seed, from: at, inputs })) {
      faults++;
      console.log(`${fault}\n`);
    }
    at += inputs;
    task.reached(at);
    // an interrupt is heard only between two turns
    await new Promise((done) => setImmediate(done));
  }
  console.log(`${at - from} inputs, ${faults} faults`);
  return faults === 0;
}
