/** Which expressions and statements decided what became of a packet, by the names of `asked.ts`. */
import { traverse } from '../../../src/netfilter/index.ts';
import type { Answer, Event, Traversal } from '../../../src/netfilter/model/event.ts';
import type { Host } from '../../../src/netfilter/model/host.ts';
import type { Packet } from '../../../src/netfilter/model/packet.ts';
import type {
  NftElement,
  NftExpression,
  NftRuleset,
  NftStatement,
  NftValue,
} from '../../../src/netfilter/nftables/model.ts';
import { printStatement } from '../../../src/netfilter/nftables/print.ts';

type Operand = NftExpression | NftValue;

function ofElements(elements: readonly NftElement[]): readonly string[] {
  return elements.some(({ key }) => ['range', 'prefix'].includes(key.kind)) ? ['set', 'interval'] : ['set'];
}

function ofOperand(operand: Operand): readonly string[] {
  switch (operand.kind) {
    case 'meta':
      return [`meta ${operand.key}`];
    case 'ct':
      return [`ct ${operand.direction === undefined ? '' : `${operand.direction} `}${operand.key}`];
    case 'payload':
      return [`${operand.protocol} ${operand.field}`];
    case 'raw':
      return [`@${operand.base}`];
    case 'extension header':
      return [`${operand.words[0]} ${operand.words[1]}`];
    case 'fib':
      return [`fib ${operand.result === 'oifname' ? 'oif' : operand.result}`];
    case 'socket':
      return [`socket ${operand.words[0]}`];
    case 'rt':
      return ['rt'];
    case 'numgen':
      return [`numgen ${operand.mode}`];
    case 'hash':
      return [operand.of === undefined ? 'symhash' : 'jhash'];
    case 'binary':
      return [`bits ${operand.operator}`, ...ofOperand(operand.left), ...ofOperand(operand.right)];
    case 'concat':
      return ['concatenation', ...operand.parts.flatMap(ofOperand)];
    case 'map':
      return ['map', ...ofOperand(operand.key)];
    case 'set':
      return ofElements(operand.elements);
    case 'named set':
      return ['named set'];
    case 'range':
      return ['range'];
    case 'prefix':
      return ['prefix'];
    default:
      return [];
  }
}

function ofNat(statement: Extract<NftStatement, { readonly kind: 'nat' }>): readonly string[] {
  const { action, address, port, flags, form } = statement;
  const isMap = [address, port].some((one) => one?.kind === 'map');
  return [
    action,
    ...(isMap ? [`${action} to a map`] : []),
    ...(port?.kind === 'range' ? ['nat to a range'] : []),
    ...(form === 'prefix' ? ['nat with a prefix'] : []),
    ...(flags.length > 0 ? ['nat flags'] : []),
  ];
}

/** All that a statement is made of. */
export function namesOf(statement: NftStatement): readonly string[] {
  switch (statement.kind) {
    case 'match': {
      const { left, operator, right, mask } = statement;
      const how = operator === '==' ? [] : [operator === '!=' || operator === '!' ? 'not' : 'order'];
      return [...ofOperand(left), ...how, ...ofOperand(right), ...(mask === undefined ? [] : ['bits &'])];
    }
    case 'verdict':
      return [statement.verdict.kind];
    case 'vmap':
      return ['verdict map', ...ofOperand(statement.key), ...ofOperand(statement.map)];
    case 'counter':
      return [statement.name === undefined ? 'counter' : 'named counter'];
    case 'set': {
      const [target = ''] = ofOperand(statement.target);
      return [`${target} set`, ...ofOperand(statement.value)];
    }
    case 'nat':
      return ofNat(statement);
    case 'reject':
      return [`reject with ${statement.with?.split(' ')[0] ?? 'icmpx'}`];
    case 'set update':
      return [`${statement.action} @set`];
    default:
      return [statement.kind];
  }
}

type RuleEvent = Extract<Event, { readonly kind: 'rule' }>;

function statementsOf(
  ruleset: NftRuleset,
  { table, chain, position }: RuleEvent,
): readonly NftStatement[] | null {
  const [family, name] = table.split(' ');
  const of = ruleset.tables.find((one) => one.family === family && one.name === name);
  return of?.chains.find((one) => one.name === chain)?.rules[position - 1]?.statements ?? null;
}

/**
 * What decided: the statement at which a rule broke off, for without it the rule would have gone on; and all of a rule
 * that matched, for each of them could have ended it, or was done. Had the engine read one of them differently, its
 * events would not be the kernel's.
 */
export function decidedBy(ruleset: NftRuleset, { events }: Traversal): ReadonlySet<string> {
  const names = new Set<string>();
  for (const event of events) {
    if (event.kind !== 'rule') continue;
    const statements = statementsOf(ruleset, event);
    if (statements === null) continue;
    const failed = event.failed !== undefined && 'written' in event.failed ? event.failed.written : null;
    for (const statement of statements) {
      if (event.matched === true || printStatement(statement) === failed)
        for (const name of namesOf(statement)) names.add(name);
      if (event.matched === true && statement.kind === 'verdict') break;
    }
  }
  return names;
}

/** What became of a packet: where it ended, and as what. */
function endOf(host: Host, packet: Packet, answers: readonly Answer[]): string {
  const { outcome, events } = traverse(host, packet, answers);
  const last = events.at(-1)?.packet;
  const { source, destination, sourcePort, destinationPort, mark = 0 } = last ?? packet;
  const how =
    outcome.kind === 'dropped' || outcome.kind === 'rejected' ? outcome.kind : JSON.stringify(outcome);
  return JSON.stringify([how, source, destination, sourcePort, destinationPort, mark]);
}

/** Whether the packet ends otherwise without iptables' rules, and without nft's. */
export function changedBy(
  host: Host,
  packet: Packet,
  answers: readonly Answer[],
): { readonly iptables: boolean; readonly nft: boolean } {
  const { nft, ...iptables } = host.rulesets;
  const end = endOf(host, packet, answers);
  return {
    nft: endOf({ ...host, rulesets: iptables }, packet, answers) !== end,
    iptables: endOf({ ...host, rulesets: nft === undefined ? {} : { nft } }, packet, answers) !== end,
  };
}
