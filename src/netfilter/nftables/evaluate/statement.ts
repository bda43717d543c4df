/** What each statement of a rule does, one after the other. Source: net/netfilter/nf_tables_core.c, nft_do_chain. */
import type { Verdict } from '../../model/event.ts';
import type { Family } from '../../model/ruleset.ts';
import type { NftExpression, NftStatement } from '../model.ts';
import { isVerdict } from '../print.ts';
import type { NftConditionReason, NftDatum, NftUnknown } from '../reason.ts';
import { assign } from './assign.ts';
import { printDatum } from './datatype.ts';
import type { Done } from './done.ts';
import { look } from './expression.ts';
import type { NftView } from './looked.ts';
import { testMatch } from './match.ts';
import { changeElements } from './set-change.ts';
import { elementsOf, lookUp } from './sets.ts';
import { handOver, translate } from './translation.ts';

const goesOn: Done = { kind: 'goes on' };
const breaks: Done = { kind: 'breaks' };
const unknown: Done = { kind: 'unknown' };

export function perform(statement: NftStatement, view: NftView): Done {
  switch (statement.kind) {
    case 'match': {
      const reason = testMatch(statement, view);
      if (reason.code === 'nft fails') return { kind: 'breaks', reason };
      return { kind: reason.code === 'nft holds' ? 'holds' : 'asks', reason };
    }
    case 'verdict':
      return { kind: 'verdict', verdict: statement.verdict };
    case 'vmap':
      return decideByMap(statement, view);
    case 'counter':
    case 'log':
    case 'last':
    case 'dup':
      return goesOn;
    case 'object map':
      return askObject(statement, view);
    case 'reset option':
      return resetOption(statement.option, view);
    case 'set':
      return assign(statement.target, statement.value, view);
    case 'nat':
      return translate(statement, view);
    case 'tproxy':
      return handOver(statement, view);
    case 'notrack':
      return { kind: 'goes on', does: { untracked: true } };
    case 'reject':
      return reject(statement.with, view);
    case 'set update':
      return changeElements(statement, view);
    case 'limit':
    case 'quota':
    case 'ct count':
      return { kind: 'asks', reason: question(statement, 'packets before') };
    case 'queue':
      return { kind: 'unknown', open: { code: 'user program' } };
    case 'synproxy':
      return { kind: 'unknown', open: { code: 'handshake by the kernel' } };
    case 'xt':
      return onlookers.has(statement.text.replaceAll('"', '')) ? goesOn : unknown;
    case 'fwd':
    case 'flow':
    case 'kept':
      return unknown;
  }
}

/** Of iptables' extensions, which nft lists by name alone, those that hold always and change nothing. */
const onlookers: ReadonlySet<string> = new Set([
  'xt match comment',
  ...['LOG', 'NFLOG', 'ULOG', 'TRACE', 'AUDIT'].map((name) => `xt target ${name}`),
]);

export function question(asks: NftStatement, why: NftUnknown): NftConditionReason {
  return { code: 'nft not told', looks: asks, found: null, asks, unknown: why };
}

function decideByMap(statement: Extract<NftStatement, { readonly kind: 'vmap' }>, view: NftView): Done {
  const { key, map } = statement;
  const found = look(key, view);
  const reason = (
    code: NftConditionReason['code'],
    data: readonly NftDatum[] | null,
  ): NftConditionReason => ({
    code,
    looks: key,
    found: data === null ? null : data.map(printDatum),
    asks: statement,
  });
  if (found.kind === 'absent') return { kind: 'breaks', reason: reason('nft fails', null) };
  if (found.kind === 'unknown') return unknown;
  const elements = elementsOf(map, view.table);
  const element = elements === null ? undefined : lookUp(elements, found.data);
  if (element === null) return { kind: 'breaks', reason: reason('nft fails', found.data) };
  if (element?.data === undefined || !isVerdict(element.data)) return unknown;
  const looked = reason('nft holds', found.data);
  if (element.data.kind === 'continue') return { kind: 'holds', reason: looked };
  return { kind: 'verdict', verdict: element.data, looked };
}

/** nft_objref_map_eval: where the map names no object the rule ends. */
function askObject(statement: Extract<NftStatement, { readonly kind: 'object map' }>, view: NftView): Done {
  const { key, map, object } = statement;
  const found = look(key, view);
  if (found.kind === 'unknown') return unknown;
  const elements = elementsOf(map, view.table);
  const element = found.kind === 'absent' || elements === null ? undefined : lookUp(elements, found.data);
  const data = found.kind === 'absent' ? null : found.data.map(printDatum);
  if (found.kind === 'absent' || element === null)
    return { kind: 'breaks', reason: { code: 'nft fails', looks: key, found: data, asks: statement } };
  if (element === undefined) return unknown;
  switch (object.split(' ')[0]) {
    case 'limit':
    case 'quota':
      return { kind: 'asks', reason: question(statement, 'packets before') };
    case 'synproxy':
      return { kind: 'unknown', open: { code: 'handshake by the kernel' } };
    default:
      return { kind: 'holds', reason: { code: 'nft holds', looks: key, found: data, asks: statement } };
  }
}

/** nft_exthdr_tcp_strip_eval: a packet without the option goes on, one of another protocol ends the rule. */
function resetOption(option: NftExpression, { situation }: NftView): Done {
  const { packet } = situation;
  if (packet.protocol !== 'tcp') return breaks;
  const isSize = option.kind === 'extension header' && option.words[2] === 'maxseg';
  return isSize && packet.mss !== undefined
    ? { kind: 'goes on', does: { packet: { ...packet, mss: null } } }
    : goesOn;
}

/** The name of an ICMP answer as iptables has it, where nft says it in its own. */
const answers: Readonly<Record<Family, ReadonlyMap<string, string>>> = {
  v4: new Map(
    Object.entries({
      'net-unreachable': 'icmp-net-unreachable',
      'host-unreachable': 'icmp-host-unreachable',
      'prot-unreachable': 'icmp-proto-unreachable',
      'port-unreachable': 'icmp-port-unreachable',
      'net-prohibited': 'icmp-net-prohibited',
      'host-prohibited': 'icmp-host-prohibited',
      'admin-prohibited': 'icmp-admin-prohibited',
      'no-route': 'icmp-net-unreachable',
    }),
  ),
  v6: new Map(
    Object.entries({
      'no-route': 'icmp6-no-route',
      'admin-prohibited': 'icmp6-adm-prohibited',
      'addr-unreachable': 'icmp6-addr-unreachable',
      'host-unreachable': 'icmp6-addr-unreachable',
      'port-unreachable': 'icmp6-port-unreachable',
      'policy-fail': 'icmp6-policy-fail',
      'reject-route': 'icmp6-reject-route',
    }),
  ),
};

function reject(how: string | undefined, { situation }: NftView): Done {
  const { family, packet } = situation;
  const [kind = 'icmpx', ...rest] = how?.split(' ') ?? [];
  if (kind === 'tcp') return packet.protocol === 'tcp' ? rejected('tcp-reset') : breaks;
  if ((kind === 'icmp' && family === 'v6') || (kind === 'icmpv6' && family === 'v4')) return breaks;
  const name = rest.filter((word) => word !== 'type')[0] ?? 'port-unreachable';
  return rejected(answers[family].get(name) ?? name);
}

function rejected(kind: string): Done {
  return { kind: 'verdict', verdict: { kind: 'reject', with: kind } satisfies Verdict };
}
