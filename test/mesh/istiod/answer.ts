/** What istiod said about a pod, as it is kept: packed, with a digest of what it was asked. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { askedPod, type PodName } from './pods.ts';

/** A message of Envoy's API as protojson writes it, under the names of its .proto files. */
// biome-ignore lint/suspicious/noExplicitAny: Envoy's API has thousands of fields; few of them are looked at here.
export type Message = any;

export interface Answer {
  /** A digest of the question. */
  readonly asked: string;
  /** What pilot-agent starts Envoy with. */
  readonly bootstrap: Message;
  readonly listeners: readonly Message[];
  readonly clusters: readonly Message[];
  readonly routes: readonly Message[];
  readonly endpoints: readonly Message[];
}

export function answerFile(name: PodName): URL {
  return new URL(`./answers/${name}.json.gz`, import.meta.url);
}

/** The answer about a pod. Throws where another pod was asked about than there now is. */
export function answerOf(name: PodName): Answer {
  const answer: Answer = JSON.parse(gunzipSync(readFileSync(answerFile(name))).toString());
  if (answer.asked !== digestOf(name))
    throw new Error(`istiod was asked about another pod “${name}”: ask it anew, see test/mesh/README.md`);
  return answer;
}

/** With keys and resources in order, so that the same answer is the same file. */
export function packed(name: PodName, answer: Omit<Answer, 'asked'>): Buffer {
  const { bootstrap, listeners, clusters, routes, endpoints } = answer;
  const ordered: Answer = {
    asked: digestOf(name),
    bootstrap,
    listeners: byName(listeners),
    clusters: byName(clusters),
    routes: byName(routes),
    endpoints: byName(endpoints),
  };
  return gzipSync(JSON.stringify(sorted(ordered)), { level: 9 });
}

function byName(all: readonly Message[]): readonly Message[] {
  const nameOf = (one: Message): string => one.name ?? one.cluster_name;
  return [...all].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function digestOf(name: PodName): string {
  return createHash('sha256')
    .update(JSON.stringify(askedPod(name)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
