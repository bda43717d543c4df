/**
 * The commands that readers are given: in shell fences, in code spans, and above the box of the lab. A fence says what it
 * is for where that is not every pod:
 *
 *     ```shell for="sidecar native-sidecar"     works in these kinds of pods, and in no other
 *     ```shell any                              of its commands, each pod has one that works
 *     ```shell in="proxyv2"                     is started in a container of this image, or on a `node`
 */
import { type Fence, readFences } from '../../../src/handbook/claims/index.ts';
import { type Pod, type PodKind, podKinds, pods } from './pods.ts';
import { runIn } from './stand-in.ts';

/** Commands with what is said of them. */
export interface Given {
  readonly file: string;
  /** Of the first command, counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly marked: readonly string[] | null;
  readonly isAny: boolean;
  readonly within?: string;
}

const shells = /^(?:sh|shell|bash|console)$/;

function fenceGiven(file: string, { line, meta, body }: Fence): Given {
  const marked = /\bfor="([^"]*)"/.exec(meta)?.[1]?.split(' ') ?? null;
  const within = /\bin="([^"]*)"/.exec(meta)?.[1];
  return {
    file,
    line: line + 1,
    text: body.join('\n'),
    marked,
    isAny: /(?:^|\s)any(?:\s|$)/.test(meta),
    ...(within === undefined ? {} : { within }),
  };
}

export function fencesOf(file: string, source: string): readonly Given[] {
  return readFences(source)
    .filter(({ language }) => shells.test(language))
    .map((fence) => fenceGiven(file, fence));
}

/** What is wrong with commands: each line as a reader of the docs test sees it. */
export function wrongWith({ file, line, text, marked, isAny, within }: Given): readonly string[] {
  const strange = (marked ?? []).filter((kind) => !podKinds.some((one) => one === kind));
  if (strange.length > 0) return [`${file}:${line}: there is no kind of pod "${strange.join(' ')}"`];
  const ran = pods.map((pod) => ({ pod, ran: runIn(pod, text, within) }));
  if (isAny) return wrongWithAny(file, line, ran);
  // A command for the reader's own container says by itself that the pod has one.
  const isForAnApp = /-c (?:APP|INIT_CONTAINER)\b/.test(text);
  const meant = (kind: PodKind): boolean =>
    marked === null ? !(isForAnApp && kind === 'gateway') : marked.includes(kind);
  const failed = ran.flatMap(({ pod, ran: { failures } }) =>
    meant(pod.kind)
      ? failures.map(({ line: at, why }) => `${file}:${line + at}: ${nameOf(pod)}: ${why}`)
      : [],
  );
  const unmarked = podKinds.filter(
    (kind) =>
      !meant(kind) && ran.every(({ pod, ran: { failures } }) => pod.kind !== kind || failures.length === 0),
  );
  return [
    ...failed,
    ...unmarked.map((kind) => `${file}:${line}: it works in a pod of kind ${kind}, too: add it to for="…"`),
  ];
}

const nameOf = ({ kind, rulesBy }: Pod): string => `${kind}, rules by ${rulesBy}`;

function wrongWithAny(
  file: string,
  line: number,
  ran: readonly { readonly pod: Pod; readonly ran: ReturnType<typeof runIn> }[],
): readonly string[] {
  const none = ran
    .filter(({ pod, ran: { worked } }) => worked === 0 && pod.rulesBy !== 'nobody')
    .map(({ pod }) => `${file}:${line}: ${nameOf(pod)}: no command works`);
  const [first] = ran;
  const everywhere = (first?.ran.failures ?? []).filter(({ line: at }) =>
    ran.every(({ ran: { failures } }) => failures.some((one) => one.line === at)),
  );
  return [...none, ...everywhere.map(({ line: at, why }) => `${file}:${line + at}: works in no pod: ${why}`)];
}
