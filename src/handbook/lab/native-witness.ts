/** What a connection has to be for a rule of nft to match it, as far as the rule says it in plain values. */
import type { Witness } from '../../analysis/index.ts';
import type { NftRule, NftRuleset, NftStatement, NftValue } from '../../netfilter/index.ts';

/** Where a rule stands: `inet istio-proxy-nat`, its chain, and its number there. */
export interface NativeRulePlace {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly position: number;
}

/** One that a process of the pod opens, and one that comes to it; no rule there, none. */
export function nativeWitnesses(
  { tables }: NftRuleset,
  { family, table, chain, position }: NativeRulePlace,
): readonly Witness[] {
  const rule = tables
    .find((one) => one.family === family && one.name === table)
    ?.chains.find(({ name }) => name === chain)?.rules[position - 1];
  if (rule === undefined) return [];
  const asked = askedBy(rule);
  const isOfProcess = asked.uid !== undefined || asked.gid !== undefined;
  return [true, false]
    .filter((isLocal) => isLocal || !isOfProcess)
    .map((isLocal): Witness => ({ isLocal, ...asked }));
}

type Asked = Omit<Witness, 'isLocal'>;

function askedBy({ statements }: NftRule): Asked {
  let asked: Asked = {};
  for (const statement of statements) asked = { ...asked, ...oneAskedBy(statement) };
  return asked;
}

/** What is asked by `!=` or an order most connections have. */
function oneAskedBy(statement: NftStatement): Asked {
  if (statement.kind !== 'match' || statement.operator !== '==') return {};
  const { left, right } = statement;
  const value = firstOf(right);
  if (value === null) return {};
  const number = Number(value);
  const isNumber = Number.isSafeInteger(number);
  if (left.kind === 'meta') {
    if (left.key === 'skuid' && isNumber) return { uid: number };
    if (left.key === 'skgid' && isNumber) return { gid: number };
    return left.key === 'l4proto' && (value === 'tcp' || value === 'udp') ? { protocol: value } : {};
  }
  if (left.kind !== 'payload') return {};
  const { protocol, field } = left;
  if ((protocol === 'tcp' || protocol === 'udp') && field === 'dport' && isNumber)
    return { protocol, destinationPort: number };
  if (protocol !== 'ip') return {};
  if (field === 'daddr') return { destination: value };
  return field === 'saddr' ? { source: value } : {};
}

/** The first value of a constant; null where it has none. */
function firstOf(value: NftValue): string | null {
  switch (value.kind) {
    case 'literal':
      return value.text;
    case 'prefix':
      return value.address;
    case 'range':
      return value.from;
    case 'set': {
      const [first] = value.elements;
      return first === undefined ? null : firstOf(first.key);
    }
    default:
      return null;
  }
}
