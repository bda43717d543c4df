/** The marks that a host tells apart: one of each kind. */
import {
  type Family,
  type Host,
  isConstant,
  type NftExpression,
  type NftStatement,
  type NftTable,
  type NftValue,
} from '../../netfilter/index.ts';

/** A rule asks whether these bits of the mark have this value. */
interface AskedMark {
  readonly value: number;
  readonly mask: number;
  /** It is asked of what is made of the mark, and other values may be told apart. */
  readonly isMade?: true;
}

/** What a host does with marks. */
export interface MarkUse {
  readonly asked: readonly AskedMark[];
  /** Bits that some rule writes and others that it leaves: what comes out depends on what was there. */
  readonly keeping: readonly number[];
}

const allBits = 0xffffffff;

/** What rules and routing rules ask of a mark, and what they write. */
export function marksUsed(host: Host, family: Family): MarkUse {
  return { asked: marksAsked(host, family), keeping: marksKept(host, family) };
}

function marksKept({ rulesets }: Host, family: Family): readonly number[] {
  const kept: number[] = [];
  for (const { chains } of rulesets[family]?.tables ?? [])
    for (const { rules } of chains)
      for (const { target } of rules)
        if (target?.kind === 'extension' && ['MARK', 'CONNMARK', 'TPROXY'].includes(target.name))
          for (const { value } of target.options) {
            const masks = value === null || typeof value !== 'object' ? [] : Object.entries(value);
            for (const [name, mask] of masks)
              if (/mask$/i.test(name) && typeof mask === 'number' && mask >>> 0 !== allBits && mask !== 0)
                kept.push(mask >>> 0);
          }
  for (const { chains } of rulesets.nft?.tables ?? [])
    for (const { rules } of chains)
      for (const { statements } of rules)
        for (const statement of statements)
          if (statement.kind === 'set' && readsMark(statement.target) && isMade(statement.value))
            kept.push(allBits);
  return kept;
}

function isMade(value: NftExpression | NftValue): boolean {
  return !isConstant(value) && value.kind === 'binary';
}

function marksAsked({ rulesets, rules = [] }: Host, family: Family): readonly AskedMark[] {
  const asked: AskedMark[] = rules.flatMap(({ fwmark }) =>
    fwmark === undefined ? [] : [{ value: fwmark.value >>> 0, mask: fwmark.mask >>> 0 }],
  );
  for (const { chains } of rulesets[family]?.tables ?? [])
    for (const { rules: own } of chains)
      for (const { matches } of own)
        for (const { extension, options } of matches)
          for (const { name, value } of options)
            if ((extension === 'mark' || extension === 'connmark') && name === '--mark') {
              const { value: bits, mask } = value as AskedMark;
              asked.push({ value: bits >>> 0, mask: mask >>> 0 });
            }
  for (const table of rulesets.nft?.tables ?? [])
    for (const { rules: own } of table.chains)
      for (const { statements } of own)
        for (const statement of statements) asked.push(...inStatement(statement, table));
  return asked;
}

function inStatement(statement: NftStatement, table: NftTable): readonly AskedMark[] {
  if (statement.kind === 'vmap') return inLookUp(statement.key, statement.map, table);
  if (statement.kind !== 'match') return [];
  const { left, operator, right, mask } = statement;
  const bits = mask === undefined ? maskIn(left) : numbersOf(mask, table)[0];
  if (operator === '!' && readsMark(left))
    return numbersOf(right, table).map((value) => ({ value: 0, mask: value }));
  return inLookUp(left, right, table, bits);
}

function inLookUp(
  left: NftExpression,
  right: NftValue,
  table: NftTable,
  mask: number = maskIn(left),
): readonly AskedMark[] {
  if (!readsMark(left)) return [];
  // Before and behind each number: that is where an order or a span begins and ends.
  return numbersOf(right, table).flatMap((value) =>
    mask === allBits
      ? [value - 1, value, value + 1].map((one) => ({
          value: one >>> 0,
          mask,
          ...(left.kind === 'binary' ? { isMade: true as const } : {}),
        }))
      : [{ value, mask }],
  );
}

function readsMark(expression: NftExpression): boolean {
  switch (expression.kind) {
    case 'meta':
    case 'ct':
      return expression.key === 'mark';
    case 'binary':
      return readsMark(expression.left);
    case 'concat':
      return expression.parts.some((part) => !isConstant(part) && readsMark(part));
    default:
      return false;
  }
}

/** The bits that are looked at; behind other operations all are. */
function maskIn(expression: NftExpression): number {
  if (expression.kind !== 'binary' || expression.operator !== '&' || !isConstant(expression.right))
    return allBits;
  return expression.right.kind === 'literal' ? Number(expression.right.text) >>> 0 : allBits;
}

function numbersOf(value: NftValue, table: NftTable): readonly number[] {
  switch (value.kind) {
    case 'literal':
      return numeric(value.text);
    case 'range':
      return [...numeric(value.from), ...numeric(value.to)];
    case 'list':
      return value.texts.flatMap(numeric);
    case 'concat':
      return value.parts.flatMap((part) => numbersOf(part, table));
    case 'set':
      return value.elements.flatMap(({ key }) => numbersOf(key, table));
    case 'named set':
      return (table.sets.find(({ name }) => name === value.name)?.elements ?? []).flatMap(({ key }) =>
        numbersOf(key, table),
      );
    default:
      return [];
  }
}

function numeric(text: string): readonly number[] {
  return /^(?:\d+|0x[\da-f]+)$/i.test(text) ? [Number(text) >>> 0] : [];
}

/** So many bits are gone through one against the other, and so many kinds are told apart. */
const mostBits = 8;
const mostKinds = 256;

/** One mark of each kind; `isWhole` is false where there may be others. */
export function marksOfKinds({ asked, keeping }: MarkUse): {
  readonly marks: readonly number[];
  readonly isWhole: boolean;
} {
  const named = new Set(asked.filter(({ mask }) => mask === allBits).map(({ value }) => value));
  const groups = grouped(asked.filter(({ mask }) => mask !== allBits));
  const used = groups.reduce((all, { mask }) => (all | mask) >>> 0, 0);
  const left = bitsOf(~used >>> 0);
  let isWhole = !asked.some((one) => one.isMade === true);
  if (keeping.length > 0 && named.size > 0) isWhole = false;
  let kinds: readonly number[] = [0];
  for (const group of groups) {
    const isSplit = keeping.some((mask) => (mask & group.mask) !== 0 && (group.mask & ~mask) !== 0);
    const bits = bitsOf(group.mask);
    const goesThrough = group.isMixed || isSplit || keeping.includes(allBits);
    const values =
      goesThrough && bits.length <= mostBits
        ? Array.from({ length: 2 ** bits.length }, (_, at) => spread(at, bits))
        : [...group.values, ...otherThan(group.values, bits)];
    if (goesThrough && bits.length > mostBits) isWhole = false;
    const product = kinds.flatMap((kind) => values.map((value) => (kind | value) >>> 0));
    if (product.length > mostKinds) isWhole = false;
    kinds = product.slice(0, mostKinds);
  }
  // What is asked by all its bits is another kind: the others get bits that nothing looks at.
  const free = kinds.flatMap((kind) => {
    for (let at = 0; at <= named.size; at++) {
      const mark = (kind | spread(at, left)) >>> 0;
      if (!named.has(mark)) return [mark];
    }
    isWhole = isWhole && named.size === 0;
    return [];
  });
  const unnamed = Array.from({ length: named.size + 1 }, (_, at) => 0xdead + at).find(
    (one) => !named.has(one),
  );
  return { marks: [...new Set([0, ...named, ...free, unnamed ?? 0])], isWhole };
}

/** Whether a host with this use treats both marks alike. */
export function areOfOneKind({ asked, keeping }: MarkUse, one: number, other: number): boolean {
  return asked.every(({ value, mask }) => {
    const [a, b] = [(one & mask) >>> 0, (other & mask) >>> 0];
    const isSplit = mask !== allBits && keeping.some((kept) => (kept & mask) !== 0);
    return a === b || (!isSplit && (a === (value & mask) >>> 0) === (b === (value & mask) >>> 0));
  });
}

interface MaskGroup {
  readonly mask: number;
  readonly values: readonly number[];
  /** Several masks that have bits in common. */
  readonly isMixed: boolean;
}

function grouped(asked: readonly AskedMark[]): readonly MaskGroup[] {
  let groups: readonly MaskGroup[] = [];
  for (const { value, mask } of asked) {
    if (mask === 0) continue;
    const touched = groups.filter((group) => (group.mask & mask) !== 0);
    const joined: MaskGroup = {
      mask: touched.reduce((all, group) => (all | group.mask) >>> 0, mask),
      values: [...new Set([...touched.flatMap(({ values }) => values), (value & mask) >>> 0])],
      isMixed: touched.some((group) => group.isMixed || group.mask !== mask),
    };
    groups = [...groups.filter((group) => !touched.includes(group)), joined];
  }
  return groups;
}

/** A value of these bits that is none of those; none where they are all. */
function otherThan(values: readonly number[], bits: readonly number[]): readonly number[] {
  for (let at = 0; at <= values.length && at < 2 ** bits.length; at++) {
    const other = spread(at, bits);
    if (!values.includes(other)) return [other];
  }
  return [];
}

function bitsOf(mask: number): readonly number[] {
  return Array.from({ length: 32 }, (_, at) => at).filter((at) => ((mask >>> at) & 1) === 1);
}

function spread(number: number, bits: readonly number[]): number {
  return bits.reduce((all, bit, at) => (Math.floor(number / 2 ** at) % 2 === 1 ? all + 2 ** bit : all), 0);
}
