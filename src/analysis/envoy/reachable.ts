/**
 * Filter chains that no connection can come to: connections are made of the values that the chains of a listener ask
 * for, and of one that none asks for, at each condition; what the listener filters cannot find out is not tried.
 */
import {
  type ChainQuestion,
  chooseFilterChain,
  type FilterChain,
  isRun,
  type Listener,
  type ListenerFilterKind,
} from '../../envoy/index.ts';
import { familyOf, prefixInterval, printAddress, readPrefix } from '../../netfilter/index.ts';

/** More would keep a browser busy. */
const mostChains = 600;
const mostTried = 4000;

/** The chains of a listener that nothing can reach; null where there are too many to try. */
export function unreachableChains(listener: Listener): readonly FilterChain[] | null {
  const { filterChains: chains, matcher } = listener;
  if (matcher !== null || chains.length > mostChains) return null;
  const unused = unusedPort(chains);
  const edges = [...new Set(chains.flatMap(({ match }) => match.prefixRanges.flatMap(edgesOf)))];
  return chains.filter((chain) => isReached(listener, chain, unused, edges) === false);
}

/** Null where it cannot be told. */
function isReached(
  listener: Listener,
  chain: FilterChain,
  unused: number,
  edges: readonly string[],
): boolean | null {
  const { match } = chain;
  const ports = match.destinationPort === null ? [unused] : [match.destinationPort];
  const isV6 = (match.prefixRanges[0] ?? '').includes(':');
  const own = match.prefixRanges.flatMap(edgesOf);
  const addresses =
    match.prefixRanges.length === 0
      ? ['203.0.113.77', '2001:db8::77']
      : [...own, ...edges.filter((one) => (familyOf(one) === 'v6') === isV6)];
  const sources =
    match.sourcePrefixRanges.length === 0 ? ['198.51.100.9'] : match.sourcePrefixRanges.flatMap(edgesOf);
  const peers =
    match.directSourcePrefixRanges.length === 0 ? sources : match.directSourcePrefixRanges.flatMap(edgesOf);
  let tried = 0;
  for (const localPort of ports) {
    const seen = seenAt(listener, localPort);
    if (seen === null) return null;
    for (const what of seen.flatMap((one) => spoken(one, chain)))
      for (const localAddress of addresses)
        for (const peer of peers)
          for (const source of match.sourceType === 'SAME_IP_OR_LOOPBACK' ? [localAddress] : sources) {
            if (++tried > mostTried) return null;
            const port = match.sourcePorts[0] ?? 40_000;
            const question: ChainQuestion = {
              ...what,
              localAddress,
              localPort,
              remote: { address: source, port },
              directRemote: { address: match.directSourcePrefixRanges.length === 0 ? source : peer, port },
            };
            if (chooseFilterChain(listener.filterChains, question).chain === chain) return true;
          }
  }
  return false;
}

type Spoken = Pick<ChainQuestion, 'serverName' | 'transportProtocol' | 'applicationProtocols'>;
interface Inspected {
  readonly transportProtocol: 'tls' | 'raw_buffer';
  /** What can be found out of it. */
  readonly protocols: 'any' | 'HTTP' | 'none';
}

/** What the listener filters can find out at a port; null where one is not known. */
function seenAt(listener: Listener, port: number): readonly Inspected[] | null {
  const runs = (kind: ListenerFilterKind) =>
    listener.listenerFilters
      .filter((one) => one.kind === kind)
      .map((one) => isRun(one, port))
      .reduce((a, b) => (a === true || b === true ? true : (a ?? b)), false as boolean | null);
  const [tls, http] = [runs('tls_inspector'), runs('http_inspector')];
  const isUnknown = listener.listenerFilters.some(
    ({ kind }) => kind === 'other' || kind === 'proxy_protocol',
  );
  if (tls === null || http === null || isUnknown) return null;
  return [
    ...(tls ? [{ transportProtocol: 'tls', protocols: 'any' } as const] : []),
    { transportProtocol: 'raw_buffer', protocols: http ? 'HTTP' : 'none' },
  ];
}

const httpProtocols: readonly string[] = ['http/1.0', 'http/1.1', 'h2c'];

function spoken({ transportProtocol, protocols }: Inspected, { match }: FilterChain): readonly Spoken[] {
  if (match.transportProtocol !== '' && match.transportProtocol !== transportProtocol) return [];
  const isTls = transportProtocol === 'tls';
  const names = match.serverNames.map((name) => name.replace(/^\*\./, 'any.').replace(/^\*$/, 'any.example'));
  const found = (name: string) =>
    protocols === 'any' || (protocols === 'HTTP' && httpProtocols.includes(name));
  const asked = match.applicationProtocols.filter(found);
  if (match.applicationProtocols.length > 0 && asked.length === 0) return [];
  if (names.length > 0 && !isTls) return [];
  const lists = match.applicationProtocols.length === 0 ? [[]] : asked.map((one) => [one]);
  return (names.length === 0 ? [''] : names).flatMap((serverName) =>
    lists.map((applicationProtocols) => ({ serverName, transportProtocol, applicationProtocols })),
  );
}

function unusedPort(chains: readonly FilterChain[]): number {
  const used = new Set(chains.map(({ match }) => match.destinationPort));
  for (let port = 64_999; port > 1; port--) if (!used.has(port)) return port;
  return 1;
}

/** The first and the last address of a prefix, and those beside it: where other prefixes end. */
function edgesOf(prefix: string): readonly string[] {
  const read = readPrefix(prefix);
  const range = read === null ? null : prefixInterval(read);
  if (read === null || range === null) return [];
  const [from, to] = range;
  const top = read.family === 'v4' ? 2n ** 32n : 2n ** 128n;
  return [from - 1n, from, to, to + 1n]
    .filter((one) => one >= 0n && one < top)
    .map((one) => printAddress(read.family, one));
}
