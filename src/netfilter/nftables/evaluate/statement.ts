/** What each statement of a rule does, one after the other. Source: net/netfilter/nf_tables_core.c, nft_do_chain. */
import type { Action } from '../../iptables/extension.ts';
import type { Verdict } from '../../model/event.ts';
import type { Packet } from '../../model/packet.ts';
import type { Family } from '../../model/ruleset.ts';
import type { NftExpression, NftStatement } from '../model.ts';
import { isVerdict } from '../print.ts';
import type { NftConditionReason, NftDatum, NftUnknown } from '../reason.ts';
import { printDatum } from './datatype.ts';
import type { Done } from './done.ts';
import { look, type Operand, valueIn } from './expression.ts';
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
    case 'dup':
      return goesOn;
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
    case 'fwd':
    case 'flow':
    case 'xt':
    case 'kept':
      return unknown;
  }
}

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

/** `meta mark set …`, `ct mark set …`, `ip ttl set …` */
function assign(target: NftExpression, value: Operand, view: NftView): Done {
  const found = valueIn(value, view, [typeOf(target)]);
  if (found.kind === 'absent') return breaks;
  const isKept = target.kind === 'meta' && unwalked.has(target.key);
  if (isKept) return goesOn;
  // the packet has to have the header
  if (target.kind === 'payload' && look(target, view).kind === 'absent') return breaks;
  if (found.kind === 'unknown') return unknown;
  const datum = found.data[0];
  if (datum === undefined) return unknown;
  const does = assigned(target, datum, view);
  return does === null ? unknown : { kind: 'goes on', does };
}

/** What no rule or route of the engine looks at. */
const unwalked: ReadonlySet<string> = new Set(['priority', 'nftrace', 'secmark']);

function typeOf(target: NftExpression): NftDatum['type'] {
  if (target.kind === 'meta' || target.kind === 'ct') return target.key === 'mark' ? 'mark' : 'integer';
  if (target.kind !== 'payload') return 'integer';
  switch (target.field) {
    case 'saddr':
    case 'daddr':
      return target.protocol === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
    case 'sport':
    case 'dport':
      return 'inet_service';
    case 'dscp':
    case 'ecn':
      return target.field;
    default:
      return 'integer';
  }
}

type Does = Pick<Action, 'packet' | 'connectionMark' | 'zones' | 'tracksAgain'>;

function assigned(target: NftExpression, datum: NftDatum, view: NftView): Does | null {
  const { situation } = view;
  const { packet } = situation;
  const number = Number(datum.value);
  if (target.kind === 'meta') return target.key === 'mark' ? { packet: { ...packet, mark: number } } : null;
  if (target.kind === 'ct') return ofConnection(target, number);
  if (target.kind !== 'payload') return null;
  const changed = inHeader(target.field, number, datum, packet, packet.tos ?? 0);
  return changed === null ? null : { packet: { ...packet, ...changed } };
}

function ofConnection(
  { key, direction }: Extract<NftExpression, { readonly kind: 'ct' }>,
  number: number,
): Does | null {
  if (key === 'mark') return { connectionMark: number };
  if (key === 'label' || key === 'event' || key === 'helper' || key === 'secmark') return {};
  if (key !== 'zone') return null;
  if (direction === undefined) return { zones: { original: number, reply: number }, tracksAgain: true };
  return { zones: { [direction]: number }, tracksAgain: true };
}

function inHeader(
  field: string,
  number: number,
  datum: NftDatum,
  packet: Packet,
  tos: number,
): Partial<Packet> | null {
  switch (field) {
    case 'saddr':
      return { source: printDatum(datum) };
    case 'daddr':
      return { destination: printDatum(datum) };
    case 'sport':
      return packet.sourcePort === undefined ? null : { sourcePort: number };
    case 'dport':
      return packet.destinationPort === undefined ? null : { destinationPort: number };
    case 'ttl':
    case 'hoplimit':
      return { ttl: number };
    case 'dscp':
      return { tos: (number << 2) | (tos & 3) };
    case 'ecn':
      return { tos: (tos & ~3) | number };
    default:
      return null;
  }
}
