/**
 * One request through a pod: legs of kernel path, joined by what a process does.
 */
export type { Ended, Journey, Leg, Party, Passage, Request } from './journey.ts';
export { addressOf, type Pod, podOf, type Rulesets, type Seen } from './pod.ts';
export { journey } from './walk.ts';
