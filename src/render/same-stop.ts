/** When two stops are the same, whatever became of the packet there. */
import type { SaidParty, SaidStop } from '../words/index.ts';

/** Whether two stops are at the same place or with the same process: what their names say, and nothing else. */
export function sameStop(one: SaidStop, other: SaidStop): boolean {
  switch (one.kind) {
    case 'hook':
      return other.kind === 'hook' && one.hook === other.hook;
    case 'chain':
      return (
        other.kind === 'chain' &&
        one.table === other.table &&
        one.chain === other.chain &&
        one.position === other.position
      );
    case 'drop':
      return other.kind === 'drop' && one.outcome === other.outcome;
    default:
      return isParty(other) && one.name === other.name && one.uid === other.uid && one.port === other.port;
  }
}

/** Whether a stop is somebody who sends or receives. */
export function isParty(stop: SaidStop): stop is SaidParty {
  return stop.kind === 'process' || stop.kind === 'envoy' || stop.kind === 'network';
}
