/**
 * What the kernel said, kept beside the tests: asked live where the kernel can be had, replayed where it cannot,
 * and a failure where the two differ.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Backend } from './pod.ts';

/** `live`: ask, and hold the recording to it. `record`: ask, and write it down. `recorded`: replay. */
export type Mode = 'live' | 'record' | 'recorded';

const needed: readonly (readonly [string, ...string[]])[] = [
  ['unshare', '--net', 'true'],
  ['setpriv', '--version'],
  ['ip', '-V'],
  ['nft', '--version'],
  ['conntrack', '--version'],
  ['iptables-nft', '--version'],
  ['iptables-legacy', '--version'],
  ['ipset', '--version'],
  ['perl', '-v'],
];

/** The first thing that is missing to ask the kernel; null when nothing is. */
export function missing(): string | null {
  if (process.platform !== 'linux') return 'Linux';
  if (process.getuid?.() !== 0) return 'root';
  const absent = needed.find(([command, ...args]) => spawnSync(command, args).status !== 0);
  return absent === undefined ? null : absent.join(' ');
}

/** Who is asked, and the variable that says how. */
export interface Judge {
  readonly name: string;
  readonly variable: 'SIDETRACK_KERNEL' | 'SIDETRACK_ENVOY';
}

export const theKernel: Judge = { name: 'the kernel', variable: 'SIDETRACK_KERNEL' };

/**
 * How to answer, by the environment: `SIDETRACK_RECORD=1` records; `SIDETRACK_KERNEL=recorded` replays, and only
 * this does when `CI=true`; `SIDETRACK_KERNEL=live` insists on the kernel. Otherwise the kernel is asked where it
 * can be. Another judge has a variable of its own.
 */
export function modeOf(
  environment: NodeJS.ProcessEnv,
  lacking: () => string | null,
  { name, variable }: Judge = theKernel,
): Mode {
  const { SIDETRACK_RECORD, CI, [variable]: how } = environment;
  if (how !== undefined && how !== 'live' && how !== 'recorded')
    throw new Error(`${variable} is live or recorded, not ${how}`);
  const mustAsk = SIDETRACK_RECORD === '1' || how === 'live' || CI === 'true';
  if (how === 'recorded' && SIDETRACK_RECORD !== '1') return 'recorded';
  const lack = lacking();
  if (lack !== null && mustAsk)
    throw new Error(
      `${name} must be asked and cannot be: ${lack} is missing. ${variable}=recorded replays what it said`,
    );
  if (lack !== null) return 'recorded';
  return SIDETRACK_RECORD === '1' ? 'record' : 'live';
}

interface Written {
  /** Of the question, so that a case that has changed does not meet an old answer. */
  readonly asked: string;
  /** What both back ends said, where they said the same. */
  readonly said?: unknown;
  readonly nft?: unknown;
  readonly legacy?: unknown;
}

/** Keys in order at every depth, so that the same answer is the same text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]),
  );
}

const textOf = (value: unknown) => JSON.stringify(sorted(value), null, 1) ?? 'null';

function fingerprintOf(question: unknown): string {
  return createHash('sha256').update(textOf(question)).digest('hex').slice(0, 16);
}

/** The recording of one test file: `recorded/NAME.json`. */
export class Recording {
  readonly mode: Mode;
  readonly #name: string;
  readonly #file: URL;
  readonly #old: Readonly<Record<string, Written>>;
  readonly #new: Record<string, Written> = {};

  constructor(name: string, mode: Mode) {
    this.#name = name;
    this.mode = mode;
    this.#file = new URL(`./recorded/${name}.json`, import.meta.url);
    this.#old = existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, 'utf8')) : {};
  }

  /**
   * Answers a question under its key: from the kernel by `live`, or from the recording. The answer is plain JSON. What is
   * written down, and what is asked once more, is asked patiently.
   */
  async answer<Answer>(
    key: string,
    question: unknown,
    live: (backend: Backend, isPatient: boolean) => Promise<Answer>,
  ): Promise<{ readonly [backend in Backend]: Answer }> {
    const asked = fingerprintOf(question);
    const old = this.#old[key];
    const stale = old === undefined ? 'is not recorded' : old.asked === asked ? null : 'has changed';
    if (this.mode !== 'record' && (stale !== null || old === undefined))
      throw new Error(`“${key}” ${stale} in ${this.#name}.json: record it as root with SIDETRACK_RECORD=1`);
    if (this.mode === 'recorded' && old !== undefined)
      return { nft: (old.said ?? old.nft) as Answer, legacy: (old.said ?? old.legacy) as Answer };
    const ask = async (isPatient: boolean) => {
      const nft = await live('nft', isPatient);
      const legacy = await live('legacy', isPatient);
      const written: Written = textOf(nft) === textOf(legacy) ? { asked, said: nft } : { asked, nft, legacy };
      return { nft, legacy, written };
    };
    const differs = ({ written }: { readonly written: Written }) =>
      this.mode === 'live' && textOf(written) !== textOf(old);
    let said = await ask(this.mode === 'record');
    // On a busy machine a packet of the case before can come late, or one of this be sent again; that does not
    // happen twice, and a kernel that really says something else says it again.
    if (differs(said)) said = await ask(true);
    this.#new[key] = said.written;
    if (differs(said))
      throw new Error(
        `the kernel says something else than ${this.#name}.json about “${key}”, twice:\n${textOf(said.written)}\nrecorded:\n${textOf(old)}`,
      );
    return { nft: said.nft, legacy: said.legacy };
  }

  /** Writes the recording, when that is what was asked for; cases that were not asked this time stay. */
  save(): void {
    if (this.mode !== 'record') return;
    mkdirSync(new URL('.', this.#file), { recursive: true });
    writeFileSync(this.#file, `${textOf({ ...this.#old, ...this.#new })}\n`);
  }
}
