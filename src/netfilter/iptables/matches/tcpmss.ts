/** `-m tcpmss`: the maximum segment size that a packet announces; without that option it never matches (xt_tcpmss.c). */
import { type MatchExtension, matchOption } from '../extension.ts';
import { notTold } from '../situation.ts';
import { numberRange, type ValueRange } from '../values.ts';

export const tcpmss: MatchExtension = {
  name: 'tcpmss',
  options: [
    matchOption<ValueRange>({
      name: '--mss',
      negatable: true,
      value: numberRange(65535),
      field: 'mss',
      test:
        ([first, last]) =>
        ({ packet: { mss } }) => {
          if (mss === undefined) return notTold;
          // tcpmss_mt answers with the `!` itself where there is no such option
          return { holds: mss !== null && first <= mss && mss <= last, found: mss };
        },
    }),
  ],
};
