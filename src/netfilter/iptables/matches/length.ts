/** `-m length`: the packet with all its headers, in bytes. */
import { intervalOption, type MatchExtension } from '../extension.ts';
import { numberRange, type ValueRange } from '../values.ts';
import { rangeInterval } from './ports.ts';

export const length: MatchExtension = {
  name: 'length',
  options: [
    intervalOption<ValueRange, 'length'>({
      name: '--length',
      negatable: true,
      value: numberRange(65535),
      dimension: {
        field: 'length',
        of: ({ packet }) => packet.length ?? null,
        isTold: ({ packet }) => packet.length !== undefined,
      },
      intervals: (range) => [rangeInterval(range)],
    }),
  ],
};
