/**
 * What a real Envoy 1.39.3 was told, and what it did: packed files. Each pod of `answers` is what istiod said of a pod, in
 * `bootstraps` the same as a stock Envoy takes it; `connections` are calls through it, with what the client saw and
 * what was logged.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Sends } from '../../src/envoy/index.ts';

function packed(name: string): never {
  return JSON.parse(
    gunzipSync(readFileSync(new URL(`./recorded/${name}.json.gz`, import.meta.url))).toString(),
  ) as never;
}

/** By the name of a pod. */
export const bootstraps: Readonly<Record<string, unknown>> = packed('bootstraps');
export const answers: Readonly<Record<string, unknown>> = packed('answers');

export interface RecordedCall {
  /** Absent: the pod itself. */
  readonly from?: string;
  readonly to: string;
  /** Of the listener. */
  readonly port: number;
  readonly sends: Sends;
  /** `data`, `h2`, `tls`, the status line of an answer, `closed`, `reset` or `waits`. */
  readonly client: string;
  /** What the server said that was reached. */
  readonly heard?: string;
  readonly log?: {
    readonly cluster?: string;
    readonly host?: string;
    readonly flags?: string;
    readonly route?: string;
    readonly details?: string;
  };
  /** The address that the server saw. */
  readonly bound?: string;
}

export const recordedCalls: Readonly<Record<string, readonly RecordedCall[]>> = packed('connections');
