/**
 * What was asked of a real Envoy, or ztunnel, live or as it was recorded: packed files beside the tests. A recording that
 * disagrees with what they say is a failure.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Judge, type Mode, missing, modeOf } from '../kernel/recording.ts';
import { lackOfEnvoy } from './envoy/binary.ts';

const envoy: Judge = { name: 'Envoy', variable: 'SIDETRACK_ENVOY' };

/** How Envoy is asked on this machine. Throws where it must be asked and cannot be. */
export function envoyMode(): Mode {
  return modeOf(process.env, lackOfLive, envoy);
}

/** What is missing to ask a real Envoy; null when nothing is. */
function lackOfLive(): string | null {
  return missing() ?? lackOfEnvoy();
}

/** Why what Envoy said is replayed here; null where it is asked, or has to be. */
export function whyReplayed(): string | null {
  const { SIDETRACK_ENVOY, SIDETRACK_RECORD, CI } = process.env;
  if (SIDETRACK_RECORD === '1' || SIDETRACK_ENVOY === 'live') return null;
  if (SIDETRACK_ENVOY === 'recorded') return 'SIDETRACK_ENVOY=recorded';
  const lack = CI === 'true' ? null : lackOfLive();
  return lack === null ? null : `${lack} is missing`;
}

interface Kept<Answer> {
  /** A digest of the question. */
  readonly asked: string;
  readonly answer: Answer;
}

/** The recording of one test file: `recorded/NAME.json.gz`, by key. */
export class MeshRecording<Answer> {
  readonly mode: Mode;
  readonly #file: URL;
  readonly #old: Readonly<Record<string, Kept<Answer>>>;
  readonly #new: Record<string, Kept<Answer>> = {};

  constructor(name: string, mode: Mode) {
    this.mode = mode;
    this.#file = new URL(`./recorded/${name}.json.gz`, import.meta.url);
    this.#old = existsSync(this.#file) ? JSON.parse(gunzipSync(readFileSync(this.#file)).toString()) : {};
  }

  /** What was recorded under a key. Throws where nothing was, or another question was asked. */
  recorded(key: string, question: unknown): Answer {
    const kept = this.#old[key];
    if (kept === undefined)
      throw new Error(`“${key}” is not recorded: record it as root, SIDETRACK_RECORD=1`);
    if (kept.asked !== digest(question))
      throw new Error(`“${key}” has changed: record it anew as root, SIDETRACK_RECORD=1`);
    return kept.answer;
  }

  keep(key: string, question: unknown, answer: Answer): void {
    this.#new[key] = { asked: digest(question), answer };
  }

  /** Writes what was kept, where that is what was asked for. What nobody asked this time goes. */
  save(): void {
    if (this.mode !== 'record') return;
    mkdirSync(new URL('.', this.#file), { recursive: true });
    const entries = Object.entries(this.#new).sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(this.#file, gzipSync(JSON.stringify(Object.fromEntries(entries)), { level: 9 }));
  }
}

function digest(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 16);
}
