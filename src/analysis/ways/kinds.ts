/**
 * Rules that hang on what is the same for all first packets that are gone through: flags, an ICMP type, TOS, TTL, length.
 * Others than these would be treated otherwise, and what they would match is not called dead. Nor is what hangs on a
 * named set, whose elements programs put in and take out, or on an interface that is not there yet.
 */
import {
  type Host,
  matchExtensions,
  type NftExpression,
  type NftStatement,
  type NftValue,
  type Rule,
  readOf,
} from '../../netfilter/index.ts';
import { chainsOfNftRule, chainsOfRule, leadingTo, type NatRule } from './nat-rules.ts';

/** Fields of a match that the packets of one way have in common, or that are asked of the reader both ways. */
const told: ReadonlySet<string> = new Set([
  'source',
  'destination',
  'inInterface',
  'outInterface',
  'protocol',
  'sourcePort',
  'destinationPort',
  'eitherPort',
  'uid',
  'gid',
  'mark',
  'connectionMark',
  'connection',
  'comment',
  'takingSocket',
  'socketFlag',
  'originalSource',
  'originalDestination',
  'originalSourcePort',
  'originalDestinationPort',
  'replySource',
  'replyDestination',
  'replySourcePort',
  'replyDestinationPort',
  'connectionProtocol',
  'sourceType',
  'destinationType',
  'sourceTypeByInterface',
  'destinationTypeByInterface',
  'typesByInterface',
  'typeFlag',
  'wayBack',
  'wayBackFlag',
  // asked of the reader, both ways
  'chance',
  'packetRate',
  'seenBefore',
  'clock',
]);

const fieldOf = new Map(
  matchExtensions.flatMap(({ name, options }) =>
    options.map((form) => [`${name} ${form.name}`, form.field] as const),
  ),
);

/** Whether something on the way to a rule looks at such a thing. */
export function hangsOnKind(host: Host, rule: NatRule): boolean {
  return rule.families.some((family) => {
    const ruleset = host.rulesets[family];
    if (rule.table === 'nat') {
      const chains = ruleset?.tables.find(({ name }) => name === 'nat')?.chains ?? [];
      const callers = leadingTo(rule.chain, chains, chainsOfRule);
      if (chains.some(({ name, rules }) => callers.has(name) && rules.some((one) => asksKind(one, host))))
        return true;
    }
    for (const table of host.rulesets.nft?.tables ?? []) {
      if (`${table.family} ${table.name}` !== rule.table) continue;
      const callers = leadingTo(rule.chain, table.chains, chainsOfNftRule(table));
      if (
        table.chains.some(
          ({ name, rules }) => callers.has(name) && rules.some((one) => asksKindInNft(one, host)),
        )
      )
        return true;
    }
    return (
      (ruleset?.tables ?? []).some(
        ({ name, chains }) =>
          name !== 'nat' &&
          chains.some(({ rules }) =>
            rules.some((one) => steers(one) && asksKind(one, host, ['connectionState'])),
          ),
      ) ||
      (host.rulesets.nft?.tables ?? []).some(({ chains }) =>
        chains.some(
          ({ base, rules }) =>
            base?.type !== 'nat' && rules.some((one) => steersInNft(one) && asksKindInNft(one, host, true)),
        ),
      )
    );
  });
}

function asksKind({ matches, unread }: Rule, host: Host, passed: readonly string[] = []): boolean {
  if (unread !== undefined) return true;
  return matches.some(({ extension, options }) =>
    options.some(({ name, value }) => {
      const field = fieldOf.get(`${extension} ${name}`);
      if ((field === 'inInterface' || field === 'outInterface') && !hasInterface(host, String(value)))
        return true;
      return field === undefined || (!told.has(field) && !passed.includes(field));
    }),
  );
}

/** Whether it can keep a packet from a later table, or send it another way. */
function steers({ target }: Rule): boolean {
  return (
    target !== null && !(target.kind === 'extension' && ['LOG', 'NFLOG', 'TCPMSS'].includes(target.name))
  );
}

function steersInNft({ statements }: { readonly statements: readonly NftStatement[] }): boolean {
  return statements.some(({ kind }) => !['match', 'counter', 'log'].includes(kind));
}

function asksKindInNft(
  { statements }: { readonly statements: readonly NftStatement[] },
  host: Host,
  isElsewhere = false,
): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'match' && statement.right.kind === 'named set') return true;
    if (isLookUp(statement) && statement.map.kind === 'named set') return true;
    if (statement.kind === 'match' && !namesInterfaces(statement.left, statement.right, host)) return true;
    const operands =
      statement.kind === 'match' ? [statement.left] : isLookUp(statement) ? [statement.key] : [];
    return operands.some((operand) => looksAtKind(operand, isElsewhere));
  });
}

type LookUp = Extract<NftStatement, { readonly kind: 'vmap' | 'object map' }>;

function isLookUp(statement: NftStatement): statement is LookUp {
  return statement.kind === 'vmap' || statement.kind === 'object map';
}

function hasInterface({ interfaces }: Host, name: string): boolean {
  return name === 'lo' || interfaces.some((one) => one.name === name);
}

/** Whether all interfaces that it asks for are there. */
function namesInterfaces(left: NftExpression, right: NftValue, host: Host): boolean {
  const parts = left.kind === 'concat' ? left.parts : [left];
  const isAsked = parts.map((part) => part.kind === 'meta' && /^[io]if(name)?$/.test(part.key));
  if (!isAsked.includes(true)) return true;
  const keys = right.kind === 'set' ? right.elements.map(({ key }) => key) : [right];
  return keys.every((key) =>
    (key.kind === 'concat' ? key.parts : [key]).every(
      (value, at) => isAsked[at] !== true || (value.kind === 'literal' && hasInterface(host, value.text)),
    ),
  );
}

const metaTold: ReadonlySet<string> = new Set([
  'iifname',
  'oifname',
  'iif',
  'oif',
  'iiftype',
  'oiftype',
  'nfproto',
  'protocol',
  'pkttype',
  // asked of the reader, both ways
  'time',
  'day',
  'hour',
  'random',
]);

function looksAtKind(expression: NftExpression | NftValue, isElsewhere: boolean): boolean {
  switch (expression.kind) {
    case 'concat':
      return expression.parts.some((part) => looksAtKind(part, isElsewhere));
    case 'binary':
      return looksAtKind(expression.left, isElsewhere);
    case 'map':
      return expression.map.kind === 'named set' || looksAtKind(expression.key, isElsewhere);
    case 'meta':
      return readOf(expression).kind === 'same' && !metaTold.has(expression.key);
    case 'payload':
      return readOf(expression).kind === 'same' && expression.field !== 'version';
    case 'ct':
      return expression.key === 'state'
        ? !isElsewhere
        : readOf(expression).kind === 'same' &&
            !['mark', 'zone', 'direction', 'l3proto'].includes(expression.key);
    case 'extension header':
    case 'raw':
      return true;
    // A socket and a route are looked for anew for each packet.
    case 'fib':
    case 'socket':
    // What nobody can tell is asked of the reader, both ways.
    case 'numgen':
    case 'inner':
    case 'rt':
    case 'ipsec':
    case 'osf':
    case 'hash':
    // Values.
    case 'literal':
    case 'prefix':
    case 'range':
    case 'list':
    case 'set':
    case 'named set':
    case 'any':
      return false;
  }
}
