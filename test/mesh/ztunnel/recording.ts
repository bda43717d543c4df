/** How a real ztunnel is asked on this machine: live, or as it was recorded; `../recorded` has what it said. */
import { type Mode, missing } from '../../kernel/recording.ts';
import { lackOfZtunnel } from './program.ts';

/** What is missing to ask a real ztunnel; null when nothing is. */
function lackOfLive(): string | null {
  return missing() ?? lackOfZtunnel();
}

/**
 * Nobody serves ztunnel built, so even with CI=true it is replayed where it was not built. `npm run record:ztunnel`
 * builds and records it.
 */
export function ztunnelMode(): Mode {
  if (lackOfLive() !== null || process.env.SIDETRACK_ZTUNNEL === 'recorded') return 'recorded';
  return process.env.SIDETRACK_RECORD === '1' ? 'record' : 'live';
}

/** Whether all is asked that can be: with SIDETRACK_ZTUNNEL=live, which takes minutes; else a share is. */
export function asksAllOfZtunnel(): boolean {
  return ztunnelMode() === 'record' || process.env.SIDETRACK_ZTUNNEL === 'live';
}

/** Why what ztunnel said is replayed here; null where it is asked. */
export function whyZtunnelReplayed(): string | null {
  if (process.env.SIDETRACK_ZTUNNEL === 'recorded') return 'SIDETRACK_ZTUNNEL=recorded';
  const lack = lackOfLive();
  return lack === null ? null : `${lack} is missing`;
}
