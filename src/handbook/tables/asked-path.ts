/** A path that somebody asks about, stop by stop, on the rules of any pod: who takes it, or where it ends. */
import { type PathStop, survey } from '../../analysis/index.ts';
import { addressOf, type Pod } from '../../journey/index.ts';
import { type Hook, hooks, type TableRef } from '../../netfilter/index.ts';
import type { SaidTakers } from '../../words/index.ts';
import { type PathSender, type PublishedLeg, pastEnvoy, takersOfLeg } from './published-takers.ts';

/** Null: the rules have no such stop. */
export type StopRead = { readonly stop: PathStop; readonly isEnvoy: boolean } | null;

/** `OUTPUT`, `ISTIO_OUTPUT 9`, `mangle/ISTIO_TPROXY`, `Envoy 15001`, `network`, `process`. */
export function readPathStop(text: string, { host: { rulesets } }: Pod): StopRead {
  if ((hooks as readonly string[]).includes(text))
    return { stop: { kind: 'hook', hook: text as Hook }, isEnvoy: false };
  const port = /^Envoy (\d{1,5})$/i.exec(text);
  if (port !== null) return { stop: { kind: 'delivered', port: Number(port[1]) }, isEnvoy: true };
  if (text === 'network') return { stop: { kind: 'sent' }, isEnvoy: false };
  if (text === 'process') return { stop: pastEnvoy, isEnvoy: false };
  const [, named, chain = '', position] = /^(?:([^/]+)\/)?(\S+?)(?: (\d{1,6}))?$/.exec(text) ?? [];
  const tables = [...(rulesets.v4?.tables ?? []), ...(rulesets.v6?.tables ?? [])].map(
    ({ name, chains }): Chains => ({ table: name, chains }),
  );
  const native = (rulesets.nft?.tables ?? []).map(
    ({ family, name, chains }): Chains => ({ table: `${family} ${name}`, chains }),
  );
  const having = [...tables.filter(({ table }) => table === 'nat'), ...tables, ...native].find(
    ({ table, chains }) =>
      (named === undefined || table === named) && chains.some(({ name }) => name === chain),
  );
  if (having === undefined) return null;
  const { table } = having;
  return {
    stop: { kind: 'rule', table, chain, ...(position === undefined ? {} : { position: Number(position) }) },
    isEnvoy: false,
  };
}

interface Chains {
  readonly table: TableRef;
  readonly chains: readonly { readonly name: string }[];
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
