/** Envoy: what one was told, and what it does with a connection. */

export type * from './model/config.ts';
export { type ConfigSection, configSections } from './model/config.ts';
export type * from './model/connection.ts';
export type * from './model/event.ts';
export { type ChainCondition, chainConditions } from './model/event.ts';
export type * from './model/problem.ts';
export { type ParsedEnvoyConfig, parseEnvoyConfig, readEnvoyConfig } from './read/config.ts';
export { type EnvoyParts, readEnvoyParts } from './read/parts.ts';
export { type PlacedText, type ReadTexts, readEnvoyTexts } from './read/text.ts';
export { type ConnectOptions, connect } from './walk/connect.ts';
export {
  type ChainChoice,
  type ChainQuestion,
  chooseFilterChain,
  conditionValues,
} from './walk/filter-chains.ts';
export { type EnvoyRelease, envoyReleases } from './walk/inspectors.ts';
export { isRun } from './walk/listener-filters.ts';
export { type SeenByClient, type Server, seenBy } from './walk/seen.ts';
