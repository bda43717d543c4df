/** A path that somebody asks about, stop by stop, on the rules of any pod: who takes it, or where it ends. */
import { type PathStop, survey } from '../../analysis/index.ts';
import { addressOf, type Pod } from '../../journey/index.ts';
import { type Hook, hooks } from '../../netfilter/index.ts';
import type { PathVerdict, SaidTakers } from '../../words/index.ts';
import { type PathSender, type PublishedLeg, pastEnvoy, tableWith, takersOfLeg } from './published-takers.ts';

/** Null: the rules have no such stop. */
export type StopRead = { readonly stop: PathStop; readonly isEnvoy: boolean } | null;

/** `OUTPUT`, `ISTIO_OUTPUT 9`, `mangle/ISTIO_TPROXY`, `Envoy 15001`, `network`, `process`. */
export function readPathStop(text: string, pod: Pod): StopRead {
  if ((hooks as readonly string[]).includes(text))
    return { stop: { kind: 'hook', hook: text as Hook }, isEnvoy: false };
  const port = /^Envoy (\d{1,5})$/i.exec(text);
  if (port !== null) return { stop: { kind: 'delivered', port: Number(port[1]) }, isEnvoy: true };
  if (text === 'network') return { stop: { kind: 'sent' }, isEnvoy: false };
  if (text === 'process') return { stop: pastEnvoy(pod), isEnvoy: false };
  const [, named, chain = '', position] = /^(?:([^/]+)\/)?(\S+?)(?: (\d{1,6}))?$/.exec(text) ?? [];
  const table = tableWith(chain, pod, named);
  if (table === null) return null;
  return {
    stop: { kind: 'rule', table, chain, ...(position === undefined ? {} : { position: Number(position) }) },
    isEnvoy: false,
  };
}

/** Part by part: what Envoy takes ends one, and goes on as its own. */
export function takersOfPath(
  pod: Pod,
  stops: readonly { readonly text: string; readonly read: NonNullable<StopRead> }[],
  sender: PathSender,
): readonly SaidTakers[] {
  const legs: { from: PublishedLeg['from']; texts: string[]; stops: PathStop[] }[] = [];
  let open: (typeof legs)[number] | null = null;
  for (const { text, read } of stops) {
    if (open === null) {
      open = { from: legs.length === 0 ? 'sender' : 'Envoy', texts: [], stops: [] };
      legs.push(open);
    }
    open.texts.push(text);
    open.stops.push(read.stop);
    if (read.isEnvoy) open = null;
  }
  const own = (['v4', 'v6'] as const).flatMap((family) => addressOf(pod, family) ?? []);
  const found = survey(pod.host, { destinations: own });
  const proxy = pod.processes.find(({ name }) => name === 'Envoy');
  return legs.map((leg) => takersOfLeg(found, sender, leg, proxy));
}

/**
 * Of a whole path. A part that nobody's packets take ends it, whatever is known of the others; of an answer no rule of
 * nat is asked at all.
 */
export function pathVerdict(legs: readonly SaidTakers[]): PathVerdict {
  const isLost = ({ own, never }: SaidTakers) => never !== null || (own !== null && own.dies !== null);
  if (legs.some((leg) => isLost(leg) && leg.own?.isWhole !== false)) return 'not taken';
  return legs.some((leg) => isLost(leg) || leg.own?.isDoubtful === true) ? 'cannot tell' : 'taken';
}
