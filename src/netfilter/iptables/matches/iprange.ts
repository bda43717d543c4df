/** `-m iprange`: a range of addresses that need be no prefix. */
import { intervalOption, type MatchExtension } from '../extension.ts';
import { type AddressRange, addressRange } from '../values.ts';
import { destinationDimension, sourceDimension } from './ip.ts';

function rangeOption(name: string, dimension: typeof sourceDimension) {
  return intervalOption<AddressRange>({
    name,
    negatable: true,
    value: addressRange,
    dimension,
    intervals: (range) => [range],
    relation: (range, family) => `in ${addressRange.print(range, family)}`,
  });
}

export const iprange: MatchExtension = {
  name: 'iprange',
  purpose: 'A range of addresses.',
  options: [rangeOption('--src-range', sourceDimension), rangeOption('--dst-range', destinationDimension)],
};
