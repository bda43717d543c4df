/**
 * Questions about a whole ruleset: what differs, and which release made it.
 */
export { difference, type RuleDifference } from './difference.ts';
export { type Identification, identify } from './identify.ts';
