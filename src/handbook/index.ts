/**
 * Binds pages to the engine: scenarios, claims, permalinks, and the one setting that the handbook speaks of. These are
 * the names that others rely on; all else is entered by the door of its room.
 */
export {
  allScenarios,
  type Bound,
  bind,
  type Scenario,
  scenarioNamed,
  scenarios,
} from './scenarios/index.ts';
export { type Decoded, decodePermalink, encodePermalink, type State } from './walk/index.ts';
