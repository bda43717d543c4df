/** Whether a comparison of a rule holds. Source: src/netlink_linearize.c of nftables, netlink_gen_relational. */
import type { NftStatement, NftValue } from '../model.ts';
import type { NftConditionReason, NftDatum, NftUnknown } from '../reason.ts';
import { isFlags, printDatum } from './datatype.ts';
import { look, single } from './expression.ts';
import type { NftView } from './looked.ts';
import { elementsOf, holdsFor, lookUp } from './sets.ts';

type Match = Extract<NftStatement, { readonly kind: 'match' }>;

export function testMatch(match: Match, view: NftView): NftConditionReason {
  const { left } = match;
  const found = look(left, view);
  if (found.kind === 'absent') return { code: 'nft fails', looks: left, found: null, asks: match };
  if (found.kind === 'unknown') return open(match, null, found.unknown);
  const holds = compare(match, found.data, view);
  if (holds === null) return open(match, found.data, 'not known');
  const data = found.data.map(printDatum);
  return { code: holds ? 'nft holds' : 'nft fails', looks: left, found: data, asks: match };
}

function open(asks: Match, data: readonly NftDatum[] | null, unknown: NftUnknown): NftConditionReason {
  const found = data === null ? null : data.map(printDatum);
  return { code: 'nft not told', looks: asks.left, found, asks, unknown };
}

function compare(match: Match, data: readonly NftDatum[], view: NftView): boolean | null {
  const { operator, right } = match;
  if (right.kind === 'set' || right.kind === 'named set') {
    const elements = elementsOf(right, view.table);
    const element = elements === null ? undefined : lookUp(elements, data);
    return element === undefined ? null : (element !== null) === (operator !== '!=');
  }
  const [datum] = data;
  if (data.length !== 1 || datum === undefined || right.kind === 'concat' || typeof datum.value === 'string')
    return opposed(holdsFor(right, data), operator === '!=');
  if (match.mask !== undefined) {
    const mask = single(match.mask, datum.type)?.value;
    if (typeof mask !== 'bigint') return null;
    return againstConstant({ ...datum, value: datum.value & mask }, operator, right, true);
  }
  return againstConstant(
    { ...datum, value: datum.value },
    operator,
    right,
    match.isExact === true || left(match),
  );
}

/** `meta mark & 0xff == 1`, `tcp flags & (syn | ack) == syn`: the bits were chosen already. */
function left(match: Match): boolean {
  return match.left.kind === 'binary';
}

function opposed(holds: boolean | null, isOpposite: boolean): boolean | null {
  return holds === null ? null : holds !== isOpposite;
}

function againstConstant(
  datum: NftDatum & { readonly value: bigint },
  operator: Match['operator'],
  right: NftValue,
  isExact: boolean,
): boolean | null {
  if (right.kind === 'prefix' || right.kind === 'range' || right.kind === 'any')
    return opposed(holdsFor(right, [datum]), operator === '!=');
  const wanted = single(right, datum.type)?.value;
  if (typeof wanted !== 'bigint') return null;
  const { value } = datum;
  // netlink_gen_flagcmp: flags are looked for, but behind != they are compared, several of them as one number
  const looksForFlags = !isExact && isFlags(datum) && operator === '==';
  switch (operator) {
    case '!':
      return (value & wanted) === 0n;
    case '==':
      return looksForFlags ? (value & wanted) !== 0n : value === wanted;
    case '!=':
      return value !== wanted;
    case '<':
      return value < wanted;
    case '>':
      return value > wanted;
    case '<=':
      return value <= wanted;
    case '>=':
      return value >= wanted;
  }
}
