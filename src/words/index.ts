/**
 * Every sentence that a reader is shown, made from the engine's data: events, outcomes, journeys. A language is a
 * folder, and a file in it is a floor of the house, so that a page carries only what it says.
 */
export {
  clientName,
  destinationOf,
  outcomeSentence,
  rewriteWords,
  ruleName,
  ruleOf,
  ruleText,
  type Sentence,
  sentence,
  serverName,
  sourceOf,
  targetText,
  verdictWords,
} from './en/events.ts';
export { ending } from './en/journey.ts';
export { portPurpose } from './en/ports.ts';
export { because } from './en/reasons.ts';
