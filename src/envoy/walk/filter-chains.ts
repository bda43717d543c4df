/**
 * Which filter chain takes a connection: source/common/listener_manager/filter_chain_manager_impl.cc findFilterChain.
 * Nine conditions, one after the other. A value that some chain has decides at each, and there is no way back: when no
 * chain is left below it, the default chain is taken, or none.
 */
import { type Prefix, readAddress, readPrefix } from '../../netfilter/index.ts';
import type { Endpoint, FilterChain, FilterChainMatch, SourceType } from '../model/config.ts';
import { type ChainCondition, type ChainMiss, chainConditions } from '../model/event.ts';
import { isSameAddress } from '../read/places.ts';

/** What the conditions ask of. */
export interface ChainQuestion {
  /** The local address, restored where it was; null where it is not known. */
  readonly localAddress: string | null;
  readonly localPort: number;
  /** After a PROXY protocol header; the other is the peer of the socket. */
  readonly remote: Endpoint;
  readonly directRemote: Endpoint;
  readonly serverName: string;
  readonly transportProtocol: string;
  readonly applicationProtocols: readonly string[];
}

export interface ChainChoice {
  readonly chain: FilterChain | null;
  /** Of each chain in the order of the listener; null for the one that is taken. */
  readonly misses: readonly (ChainMiss | null)[];
  /** Set where the local address decides, and is not known. */
  readonly needsAddress: boolean;
  /** Chains that cannot be told apart. */
  readonly alike: readonly FilterChain[];
}

export function chooseFilterChain(chains: readonly FilterChain[], question: ChainQuestion): ChainChoice {
  const misses: (ChainMiss | null)[] = chains.map(() => null);
  let left = chains.map((_, at) => at);
  for (const condition of chainConditions) {
    const matchOf = (at: number) => (chains[at] as FilterChain).match;
    const wanted = left.map((at) => conditionValues(matchOf(at), condition));
    if (
      condition === 'prefix_ranges' &&
      question.localAddress === null &&
      wanted.some((one) => one.length > 0)
    )
      return { chain: null, misses, needsAddress: true, alike: [] };
    const found = foundOf(condition, question);
    const choice = choose(condition, wanted, found, question);
    left = left.filter((at, index) => {
      const own = wanted[index] as readonly string[];
      if (choice.takes(own)) return true;
      misses[at] = {
        condition,
        wanted: own,
        found,
        hiddenBy: choice.nearest !== null && choice.fits(own) ? choice.nearest : null,
      };
      return false;
    });
  }
  const [first, ...others] = left;
  const alike = others.length > 0 ? left.map((at) => chains[at] as FilterChain) : [];
  return {
    chain: first === undefined || alike.length > 0 ? null : (chains[first] as FilterChain),
    misses,
    needsAddress: false,
    alike,
  };
}

/** What a chain asks for; nothing where it takes any. */
export function conditionValues(match: FilterChainMatch, condition: ChainCondition): readonly string[] {
  switch (condition) {
    case 'destination_port':
      return match.destinationPort === null ? [] : [`${match.destinationPort}`];
    case 'prefix_ranges':
      return match.prefixRanges;
    case 'server_names':
      return match.serverNames;
    case 'transport_protocol':
      return match.transportProtocol === '' ? [] : [match.transportProtocol];
    case 'application_protocols':
      return match.applicationProtocols;
    case 'direct_source_prefix_ranges':
      return match.directSourcePrefixRanges;
    case 'source_type':
      return match.sourceType === 'ANY' ? [] : [match.sourceType];
    case 'source_prefix_ranges':
      return match.sourcePrefixRanges;
    case 'source_ports':
      return match.sourcePorts.map(String);
  }
}

function foundOf(condition: ChainCondition, question: ChainQuestion): readonly string[] {
  const { localAddress, localPort, remote, directRemote } = question;
  switch (condition) {
    case 'destination_port':
      return [`${localPort}`];
    case 'prefix_ranges':
      return localAddress === null ? [] : [localAddress];
    case 'server_names':
      return question.serverName === '' ? [] : [question.serverName];
    case 'transport_protocol':
      return question.transportProtocol === '' ? [] : [question.transportProtocol];
    case 'application_protocols':
      return question.applicationProtocols;
    case 'direct_source_prefix_ranges':
      return [directRemote.address];
    case 'source_type':
      return [sourceTypeOf(remote.address, localAddress)];
    case 'source_prefix_ranges':
      return [remote.address];
    case 'source_ports':
      return [`${remote.port}`];
  }
}

/** source/common/network/utility.cc isSameIpOrLoopback: of 127.0.0.0/8 one address alone is the loopback one. */
export function sourceTypeOf(remote: string, local: string | null): SourceType {
  if (remote === '127.0.0.1' || isSameAddress(remote, '::1')) return 'SAME_IP_OR_LOOPBACK';
  return local !== null && isSameAddress(remote, local) ? 'SAME_IP_OR_LOOPBACK' : 'EXTERNAL';
}

interface Choice {
  /** The value that decides; null: chains that ask for nothing. */
  readonly nearest: string | null;
  /** Whether a chain that asks for this has the value that decides. */
  takes(wanted: readonly string[]): boolean;
  /** Whether it would fit, were there no nearer one. */
  fits(wanted: readonly string[]): boolean;
}

function choose(
  condition: ChainCondition,
  wanted: readonly (readonly string[])[],
  found: readonly string[],
  question: ChainQuestion,
): Choice {
  switch (condition) {
    case 'prefix_ranges':
      return longestPrefix(wanted, question.localAddress);
    case 'direct_source_prefix_ranges':
      return longestPrefix(wanted, question.directRemote.address);
    case 'source_prefix_ranges':
      return longestPrefix(wanted, question.remote.address);
    case 'server_names':
      return firstOf(wanted, serverNamesFor(question.serverName));
    default:
      return firstOf(wanted, found);
  }
}

/** The first of the values that some chain has; else the chains that ask for nothing. */
function firstOf(wanted: readonly (readonly string[])[], values: readonly string[]): Choice {
  const nearest = values.find((value) => wanted.some((own) => own.includes(value))) ?? null;
  return {
    nearest,
    takes: (own) => (nearest === null ? own.length === 0 : own.includes(nearest)),
    fits: (own) => own.length === 0 || values.some((value) => own.includes(value)),
  };
}

/** `a.b.c`, then `*.b.c`, then `*.c`: findFilterChainForServerName. */
function serverNamesFor(name: string): readonly string[] {
  const names = name === '' ? [] : [name];
  for (let at = name.indexOf('.', 1); at >= 0 && at < name.length - 1; at = name.indexOf('.', at + 1))
    names.push(`*${name.slice(at)}`);
  return names;
}

/** Chains without a prefix are entered under those that hold every address. */
const everything: readonly string[] = ['0.0.0.0/0', '::/0'];

function longestPrefix(wanted: readonly (readonly string[])[], address: string | null): Choice {
  const asked = address === null ? null : readAddress(address);
  const holds = (text: string): Prefix | null => {
    const prefix = readPrefix(text);
    const isHeld =
      asked !== null && prefix?.family === asked.family && (asked.value & prefix.mask) === prefix.address;
    return isHeld ? prefix : null;
  };
  const prefixesOf = (own: readonly string[]) => (own.length === 0 ? everything : own);
  let nearest: string | null = null;
  let mask = -1n;
  // What is not an address of IP counts as one that only the whole prefixes hold.
  for (const text of wanted.flatMap(prefixesOf)) {
    const prefix = holds(text);
    if (prefix !== null && prefix.mask > mask) [nearest, mask] = [text, prefix.mask];
  }
  return {
    nearest: nearest !== null && everything.includes(nearest) ? null : nearest,
    takes: (own) =>
      address === null ? own.length === 0 : nearest !== null && prefixesOf(own).includes(nearest),
    fits: (own) => prefixesOf(own).some((text) => holds(text) !== null),
  };
}
