/** Why a rule of nft matched or did not, as a phrase: `tcp dport 443 is not 80`. */
import {
  familyOf,
  type NftConditionReason,
  type NftRuleReason,
  type NftStatement,
  type NftUnknown,
  type NftValue,
  printExpression,
  printStatement,
  printValue,
} from '../../../netfilter/index.ts';

export type NftPhrase = (reason: NftRuleReason) => string;

export const nftPhrase: NftPhrase = (reason) =>
  reason.code === 'nft all hold' ? reason.of.map(conditionPhrase).join(', ') : conditionPhrase(reason);

function conditionPhrase(reason: NftConditionReason): string {
  const { code, found, asks, unknown = 'not told' } = reason;
  const subject = subjectOfReason(reason);
  if (code === 'nft not told') return `${subject}: ${unknownWords[unknown]}`;
  if (found === null) return `${subject}: ${noneWords(subject)}`;
  const own = found.map((text) => text || 'none').join(' . ');
  const related = relation(asks, code === 'nft holds');
  return related === `is ${own}` ? `${subject} ${related}` : `${subject} ${own} ${related}`;
}

function subjectOfReason({ looks }: NftConditionReason): string {
  return isStatement(looks) ? printStatement(looks) : printExpression(looks);
}

/** What asks by itself: a limit, a set that keeps count, tproxy. */
function isStatement(looks: NftConditionReason['looks']): looks is NftStatement {
  return ['limit', 'quota', 'ct count', 'set update', 'tproxy', 'reject', 'nat', 'set', 'match'].includes(
    looks.kind,
  );
}

function noneWords(subject: string): string {
  switch (subject) {
    case 'meta skuid':
    case 'meta skgid':
      return 'no process owns the packet';
    default:
      return subject.startsWith('ct ') ? 'the packet belongs to no connection' : 'the packet has none';
  }
}

const unknownWords: Readonly<Record<NftUnknown, string>> = {
  'packets before': 'it hangs on the packets that came before',
  chance: 'it hangs on chance',
  'the clock': 'it hangs on the clock',
  'a hash of the packet': 'it hangs on a hash that only the kernel knows',
  'the time that is left': 'how long conntrack keeps the connection was not told',
  'not told': 'it was not told',
  'not known': 'Sidetrack does not know what it is compared with',
};

const orders = { '<': 'less than', '>': 'greater than', '<=': 'at most', '>=': 'at least' } as const;

function relation(asks: NftStatement, holds: boolean): string {
  if (asks.kind === 'vmap') return `is ${holds ? '' : 'not '}in ${mapName(asks.map)}`;
  if (asks.kind !== 'match') return holds ? 'holds' : 'does not hold';
  const { operator, right, mask } = asks;
  const isOpposite = operator === '!=' || operator === '!';
  const not = holds === isOpposite ? 'not ' : '';
  const masked = mask === undefined ? '' : ` of ${printValue(mask)}`;
  if (operator in orders) return `is ${not}${orders[operator as keyof typeof orders]} ${printValue(right)}`;
  return `is ${not}${wantedWords(right)}${masked}`;
}

/** Of a map in the rule only what it is; its elements stand in the rule. */
function mapName(map: NftValue): string {
  return map.kind === 'named set' ? `the map ${printValue(map)}` : 'the map of the rule';
}

function wantedWords(value: NftValue): string {
  switch (value.kind) {
    case 'list':
      return value.texts.join(' or ');
    case 'prefix': {
      const isOne = value.length === (familyOf(value.address) === 'v4' ? 32 : 128);
      return isOne ? value.address : `in ${printValue(value)}`;
    }
    case 'range':
    case 'set':
    case 'named set':
      return `in ${printValue(value)}`;
    default:
      return printValue(value);
  }
}
