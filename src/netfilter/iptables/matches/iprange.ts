/** `-m iprange`: a range of addresses that need be no prefix. */
import { printAddress } from '../../model/address.ts';
import { intervalOption, type MatchExtension } from '../extension.ts';
import type { Dimension } from '../situation.ts';
import { type AddressRange, addressRange } from '../values.ts';
import { destinationDimension, sourceDimension } from './ip.ts';

function rangeOption(name: string, dimension: Dimension<'source' | 'destination'>) {
  return intervalOption<AddressRange, 'source' | 'destination'>({
    name,
    negatable: true,
    value: addressRange,
    dimension,
    intervals: (range) => [range],
    wanted: ([first, last], family) => ({
      first: printAddress(family, first),
      last: printAddress(family, last),
    }),
  });
}

export const iprange: MatchExtension = {
  name: 'iprange',
  options: [rangeOption('--src-range', sourceDimension), rangeOption('--dst-range', destinationDimension)],
};
