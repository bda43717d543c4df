/** `-m tcpmss`: the maximum segment size that a packet announces; without that option it never matches (xt_tcpmss.c). */
import { type MatchExtension, matchOption } from '../extension.ts';
import { notTold } from '../situation.ts';
import { numberRange, type Range } from '../values.ts';

export const tcpmss: MatchExtension = {
  name: 'tcpmss',
  purpose: 'The maximum segment size that a SYN announces.',
  options: [
    matchOption<Range>({
      name: '--mss',
      negatable: true,
      value: numberRange(65535),
      subject: 'MSS',
      find: ([first, last], { packet: { mss } }) => {
        if (mss === undefined) return notTold('MSS');
        // tcpmss_mt answers with the `!` itself where there is no such option
        if (mss === null) return { holds: false, found: 'none' };
        return { holds: first <= mss && mss <= last, found: String(mss) };
      },
    }),
  ],
};
