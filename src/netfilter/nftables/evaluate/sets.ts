/** Which element of a set, map or verdict map a value meets. */
import { maskOf } from '../../model/address.ts';
import type { NftElement, NftTable, NftValue } from '../model.ts';
import type { NftDatum } from '../reason.ts';
import { readDatum } from './datatype.ts';

/** The elements of a set by name, or of one that stands in the rule. Null: the table has no such set. */
export function elementsOf(value: NftValue, table: NftTable): readonly NftElement[] | null {
  if (value.kind === 'set') return value.elements;
  if (value.kind !== 'named set') return null;
  return table.sets.find(({ name }) => name === value.name)?.elements ?? null;
}

/** `eth*` stands for all names that begin so, `eth\\*` for the one that ends in a star. */
function isPattern(name: string): boolean {
  return name.endsWith('*') && !name.endsWith('\\*');
}

/** Whether a constant holds for a value; null where it is none that is known. */
export function holdsFor(constant: NftValue, data: readonly NftDatum[]): boolean | null {
  if (constant.kind === 'any') return true;
  if (constant.kind === 'concat') {
    if (constant.parts.length !== data.length) return null;
    let known: boolean | null = true;
    for (const [at, part] of constant.parts.entries()) {
      const holds = holdsFor(part, data.slice(at, at + 1));
      if (holds === false) return false;
      if (holds === null) known = null;
    }
    return known;
  }
  const [datum] = data;
  if (datum === undefined || data.length !== 1) return null;
  const { type, value } = datum;
  switch (constant.kind) {
    case 'literal': {
      // NFT_FIB_F_PRESENT: whether there is an interface at all
      const asksPresence = constant.quoted !== true && ['exists', 'missing'].includes(constant.text);
      if (asksPresence && (type === 'iface_index' || type === 'ifname'))
        return (value !== '') === (constant.text === 'exists');
      if (type === 'ifname' && isPattern(constant.text))
        return String(value).startsWith(constant.text.slice(0, -1));
      const read = readDatum(type, constant.text);
      return read === null ? null : read.value === value;
    }
    case 'prefix': {
      const read = readDatum(type, constant.address);
      if (typeof read?.value !== 'bigint' || typeof value !== 'bigint') return null;
      const bits = type === 'ipv4_addr' ? 'v4' : type === 'ipv6_addr' ? 'v6' : null;
      if (bits === null) return null;
      const mask = maskOf(bits, constant.length);
      return (value & mask) === (read.value & mask);
    }
    case 'range': {
      const [from, to] = [readDatum(type, constant.from), readDatum(type, constant.to)];
      if (from === null || to === null) return null;
      return from.value <= value && value <= to.value;
    }
    default:
      return null;
  }
}

/** The elements that hold for one value alone, by that value; the others in their order. */
interface Index {
  readonly exact: ReadonlyMap<string, NftElement>;
  readonly others: readonly NftElement[];
}

const indexes = new WeakMap<readonly NftElement[], Map<string, Index>>();

const keyOf = (data: readonly NftDatum[]) => data.map(({ value }) => String(value)).join(' ');

function indexFor(elements: readonly NftElement[], data: readonly NftDatum[]): Index {
  const types = data.map(({ type }) => type).join(' ');
  const known = indexes.get(elements)?.get(types);
  if (known !== undefined) return known;
  const exact = new Map<string, NftElement>();
  const others: NftElement[] = [];
  for (const element of elements) {
    const parts = element.key.kind === 'concat' ? element.key.parts : [element.key];
    const read = parts.map((part, at) => {
      const type = data[at]?.type;
      const isOpen = part.kind !== 'literal' || (type === 'ifname' && isPattern(part.text));
      return isOpen || type === undefined ? null : readDatum(type, part.text);
    });
    if (read.length !== data.length || read.includes(null)) others.push(element);
    else exact.set(keyOf(read as NftDatum[]), element);
  }
  const made = { exact, others };
  const ofElements = indexes.get(elements) ?? new Map<string, Index>();
  indexes.set(elements, ofElements.set(types, made));
  return made;
}

/** The element that a value meets; null for none, undefined where that cannot be told. */
export function lookUp(
  elements: readonly NftElement[],
  data: readonly NftDatum[],
): NftElement | null | undefined {
  const { exact, others } = indexFor(elements, data);
  const own = exact.get(keyOf(data));
  if (own !== undefined) return own;
  let isOpen = false;
  let rest: NftElement | null = null;
  for (const element of others) {
    if (element.key.kind === 'any') {
      rest = element;
      continue;
    }
    const holds = holdsFor(element.key, data);
    if (holds === true) return element;
    if (holds === null) isOpen = true;
  }
  return isOpen ? undefined : rest;
}
