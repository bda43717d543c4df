import type { Stop } from '../../render/stop.ts';

/** The address of a stop's step on the page: `step-0-1-12`. */
export function stepId({ leg, passage, event }: Pick<Stop, 'leg' | 'passage' | 'event'>): string {
  return `step-${leg}-${passage}-${event}`;
}
