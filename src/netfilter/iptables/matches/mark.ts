/** `-m mark`: the packet's mark, under a mask (net/netfilter/xt_mark.c). */
import { type MatchExtension, matchOption } from '../extension.ts';
import { type Masked, masked, unsigned } from '../values.ts';

export const mark: MatchExtension = {
  name: 'mark',
  options: [
    matchOption<Masked>({
      name: '--mark',
      negatable: true,
      value: masked,
      field: 'mark',
      test:
        ({ value, mask }) =>
        ({ packet }) => ({
          holds: unsigned((packet.mark ?? 0) & mask) === value,
          found: packet.mark ?? 0,
        }),
    }),
  ],
};
