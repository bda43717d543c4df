/**
 * Which filter chain a match tree names: source/common/matcher, source/extensions/matching/network/common/inputs.h and
 * source/extensions/common/matcher/ip_range_matcher.h. What is done where a tree below comes to nothing was asked of Envoy
 * 1.38.3 and 1.39.3: it goes on with what is tried next, everywhere.
 */
import { readAddress, readPrefix } from '../../netfilter/index.ts';
import type { Doubt } from '../model/event.ts';
import type { Matcher, MatcherInput, MatcherPredicate, OnMatch } from '../model/matcher.ts';
import { type ChainQuestion, sourceTypeOf } from './filter-chains.ts';
import { stringHolds } from './routes.ts';

/** The name of a chain; null where nothing matches. */
export function chooseByMatcher(
  matcher: Matcher,
  question: ChainQuestion,
  listener: string,
): string | null | Doubt {
  const asked: Asked = { question, listener };
  switch (matcher.kind) {
    case 'other':
      return notModelled(matcher.name, asked);
    case 'list':
      return firstOf(matcher.matchers, matcher.noMatch, asked);
    case 'exact':
    case 'prefix': {
      const value = foundFor(matcher.input, asked);
      if (isDoubt(value)) return value;
      const keys = [...matcher.map.keys()].filter((key) =>
        matcher.kind === 'exact' ? key === value : value?.startsWith(key),
      );
      const longestFirst = keys.sort((a, b) => b.length - a.length);
      return tried([...longestFirst.map((key) => matcher.map.get(key) as OnMatch), matcher.noMatch], asked);
    }
    case 'ranges': {
      const value = foundFor(matcher.input, asked);
      if (isDoubt(value)) return value;
      const held = matcher.ranges
        .flatMap(({ prefixes, ...range }) =>
          prefixes.map((prefix) => ({ ...range, length: lengthHolding(prefix, value) })),
        )
        .filter(({ length }) => length >= 0)
        .sort((a, b) => b.length - a.length);
      const inTurn = held.filter(({ exclusive }, at) => at === 0 || !exclusive);
      return tried([...inTurn.map(({ onMatch }) => onMatch), matcher.noMatch], asked);
    }
  }
}

interface Asked {
  readonly question: ChainQuestion;
  readonly listener: string;
}

type Found = ReturnType<typeof chooseByMatcher>;

function isDoubt<Known>(value: Known | Doubt): value is Doubt {
  return typeof value === 'object' && value !== null && 'code' in value;
}

function notModelled(name: string, { listener }: Asked): Doubt {
  return { code: 'not modelled', what: `filter_chain_matcher (${name})`, name: listener };
}

/** The first that names a chain. */
function tried(all: readonly (OnMatch | null)[], asked: Asked): Found {
  for (const one of all) {
    if (one === null) continue;
    const found = endOf(one, asked);
    if (found !== null) return found;
  }
  return null;
}

function endOf(onMatch: OnMatch, asked: Asked): Found {
  switch (onMatch.kind) {
    case 'chain':
      return onMatch.name;
    case 'matcher':
      return chooseByMatcher(onMatch.matcher, asked.question, asked.listener);
    case 'other':
      return notModelled(onMatch.name, asked);
  }
}

function firstOf(
  matchers: Extract<Matcher, { kind: 'list' }>['matchers'],
  noMatch: OnMatch | null,
  asked: Asked,
): Found {
  for (const { predicate, onMatch } of matchers) {
    const holds = predicateHolds(predicate, asked);
    if (isDoubt(holds)) return holds;
    const found = holds ? endOf(onMatch, asked) : null;
    if (found !== null) return found;
  }
  return tried([noMatch], asked);
}

function predicateHolds(predicate: MatcherPredicate, asked: Asked): boolean | Doubt {
  switch (predicate.kind) {
    case 'other':
      return notModelled(predicate.name, asked);
    case 'not': {
      const holds = predicateHolds(predicate.of, asked);
      return isDoubt(holds) ? holds : !holds;
    }
    case 'and':
    case 'or': {
      const decides = predicate.kind === 'or';
      for (const one of predicate.all) {
        const holds = predicateHolds(one, asked);
        if (isDoubt(holds) || holds === decides) return holds;
      }
      return !decides;
    }
    case 'single': {
      const value = foundFor(predicate.input, asked);
      if (isDoubt(value)) return value;
      return value !== null && stringHolds(predicate.value, value);
    }
  }
}

/** What a connection has; null: nothing, which no value matches. */
function foundFor(input: MatcherInput, asked: Asked): string | null | Doubt {
  const {
    localAddress,
    localPort,
    remote,
    directRemote,
    serverName,
    transportProtocol,
    applicationProtocols,
  } = asked.question;
  switch (input.kind) {
    case 'DestinationIPInput':
      return localAddress ?? { code: 'accepted address unknown', listener: asked.listener };
    case 'DestinationPortInput':
      return `${localPort}`;
    case 'SourceIPInput':
      return remote.address;
    case 'SourcePortInput':
      return `${remote.port}`;
    case 'DirectSourceIPInput':
      return directRemote.address;
    case 'SourceTypeInput':
      return sourceTypeOf(remote.address, localAddress) === 'EXTERNAL' ? null : 'local';
    case 'ServerNameInput':
      return serverName === '' ? null : serverName;
    case 'TransportProtocolInput':
      return transportProtocol === '' ? null : transportProtocol;
    case 'ApplicationProtocolInput':
      // How several are written as one text is not modelled.
      return applicationProtocols.length === 0 ? null : notModelled(input.kind, asked);
    case 'other':
      return notModelled(input.name, asked);
  }
}

/** How long a prefix is that holds an address; -1 where it does not. */
function lengthHolding(text: string, value: string | null): number {
  const address = value === null ? null : readAddress(value);
  const prefix = readPrefix(text);
  if (address === null || prefix === null || prefix.family !== address.family) return -1;
  return (address.value & prefix.mask) === prefix.address ? Number(text.split('/')[1]) : -1;
}
