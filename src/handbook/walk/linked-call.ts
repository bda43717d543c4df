/** What a link led to, in a few words: few readers see it, so it is in a file of its own. */
import type { Session } from './session.ts';

/** Who calls whom, where that came by a link; null elsewhere. */
export function linkedCall({ cameBy, walked: { legs, packets } }: Session): string | null {
  if (cameBy !== 'link') return null;
  const to = packets[0]?.[1].to;
  return `${legs[0]?.client ?? 'nobody'}${to === undefined ? '' : ` to ${to}`}`;
}
