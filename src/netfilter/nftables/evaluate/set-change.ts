/** Rules that put packets into sets. Source: net/netfilter/nft_dynset.c. */
import type { NftElement, NftSet, NftStatement, NftTable, NftValue } from '../model.ts';
import type { NftDatum } from '../reason.ts';
import { printDatum } from './datatype.ts';
import type { Done } from './done.ts';
import { look, valueIn } from './expression.ts';
import type { NftView } from './looked.ts';
import { lookUp } from './sets.ts';

type SetUpdate = Extract<NftStatement, { readonly kind: 'set update' }>;

/** What an element keeps of the packets before: whether the rule goes on hangs on it. */
const stateful = /\b(?:limit|quota|ct count)\b/;

export function changeElements(update: SetUpdate, { situation, table }: NftView): Done {
  const view = { situation, table };
  const set = table.sets.find(({ name }) => name === update.set);
  const key = look(update.key, view);
  if (key.kind === 'absent') return { kind: 'breaks' };
  if (set === undefined || key.kind !== 'told') return { kind: 'unknown' };
  const mapped = update.data === undefined ? null : valueIn(update.data, view, ['integer']);
  if (mapped?.kind === 'absent') return { kind: 'breaks' };
  if (mapped?.kind === 'unknown') return { kind: 'unknown' };
  const found = lookUp(set.elements, key.data);
  if (found === undefined) return { kind: 'unknown' };
  const elements = changed(update, set, found, key.data, mapped === null ? undefined : asValue(mapped.data));
  if (elements === null) return { kind: 'breaks' };
  const after = elements === set.elements ? {} : { table: withElements(table, set, elements) };
  if (update.rest !== undefined && stateful.test(update.rest) && update.action !== 'delete')
    return {
      kind: 'asks',
      reason: { code: 'nft not told', looks: update, found: null, asks: update, unknown: 'packets before' },
    };
  return { kind: 'goes on', ...after };
}

/** The elements behind it; null where the set is full. */
function changed(
  { action, rest }: SetUpdate,
  set: NftSet,
  found: NftElement | null,
  key: readonly NftDatum[],
  data: NftValue | undefined,
): readonly NftElement[] | null {
  const { elements } = set;
  if (action === 'delete') return found === null ? elements : elements.filter((one) => one !== found);
  if (found !== null) return elements;
  const size = set.properties.map((line) => /^size (\d+)$/.exec(line)?.[1]).find((one) => one !== undefined);
  if (size !== undefined && elements.length >= Number(size)) return null;
  const made: NftElement = {
    key: asValue(key),
    ...(rest === undefined ? {} : { state: rest }),
    ...(data === undefined ? {} : { data }),
  };
  return [...elements, made];
}

function asValue(data: readonly NftDatum[]): NftValue {
  const parts = data.map(
    (datum): NftValue => ({
      kind: 'literal',
      text: printDatum(datum),
      ...(datum.type === 'ifname' ? { quoted: true } : {}),
    }),
  );
  return parts.length === 1 ? (parts[0] as NftValue) : { kind: 'concat', parts };
}

function withElements(table: NftTable, set: NftSet, elements: readonly NftElement[]): NftTable {
  return { ...table, sets: table.sets.map((one) => (one === set ? { ...set, elements } : one)) };
}
