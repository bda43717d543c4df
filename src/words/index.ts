/**
 * Every sentence that a reader is shown, made from the engine's data: events, outcomes, journeys. A language is a
 * folder, and a file in it is a floor of the house, so that a page carries only what it says.
 */

export { asSentence } from './capital.ts';
export {
  ambientIgnoredSentence,
  ambientIgnoredWords,
  ambientProblemWords,
  olderZtunnelWords,
} from './en/ambient-options.ts';
export { ambientRolePurposes, purposeOf } from './en/ambient-roles.ts';
export {
  badUseWords,
  checkedWords,
  commandFailedWords,
  exitWords,
  idleSuppressionWords,
  leavesBehindWords,
  leftOutWords,
  nothingCameIn,
  unjudgedWords,
  weightWord,
} from './en/command.ts';
export {
  chainMissWords,
  configProblemWords,
  envoyEventWords,
  envoyOutcomeWords,
  seenWords,
} from './en/envoy.ts';
export {
  askedWords,
  callProblemWords,
  envoyFindingPage,
  envoyFindingWords,
  envoySummary,
  envoyWalkWords,
  meshWords,
  type SaidEnvoyWalk,
  type StepGroup,
  stepGroups,
} from './en/envoy-lab.ts';
export {
  besidePathWords,
  type ComparedSteps,
  envoyChoiceLabels,
  envoyStopTitle,
  envoyTextWords,
  stepsOfReleaseWords,
} from './en/envoy-stop.ts';
export type { ErrorPage, ErrorWords } from './en/errors/error-words.ts';
export { errorWords } from './en/errors/index.ts';
export { phraseOf, type Sentence, sentence, targetText, verdictWords } from './en/events.ts';
export {
  courseSays,
  type ExerciseAsks,
  exerciseSays,
  exerciseWords,
  outcomeNames,
  ruleAnswerWords,
} from './en/exercises.ts';
export { matchPurpose, targetPurpose } from './en/extensions.ts';
export {
  evidenceKindWords,
  evidenceWords,
  factText,
  factWords,
  knownBy,
  knownByInShort,
  programWords,
} from './en/facts/index.ts';
export { besideAVerb, partNames, programNames, verbForms } from './en/facts/programs.ts';
export { factTemplates } from './en/facts/templates.ts';
export { type Polarity, polarities, tokensOf } from './en/facts/tokens.ts';
export { programsIn, vocabularyOf } from './en/facts/vocabulary.ts';
export { findingIds, findingPage, pageOfFindings, pageWords } from './en/finding-pages.ts';
export { findingRuleTitle } from './en/finding-titles.ts';
export type { FindingWords } from './en/finding-words.ts';
export { findingSentence, findingWords, fix, says } from './en/findings.ts';
export { type HeadlineWords, headlineWords } from './en/headline.ts';
export { ending, headline, outcomePhrase } from './en/journey.ts';
export { alsoOfWords, kindWords, nextWords, repairWords, seemingWords, signWords } from './en/kinds.ts';
export {
  alsoWords,
  asksWords,
  connectionName,
  countWords,
  damagedWords,
  differingWords,
  doingWords,
  inPlaceNote,
  knownWords,
  optionWords,
  originWords,
  otherOriginsWords,
  probeLegNames,
  probeOverBothWords,
  summary,
  tooLargeWords,
  waysWords,
  whatWasRead,
} from './en/lab.ts';
export { linkProblemWords } from './en/links.ts';
export { manifestRuleWords, manifestWords } from './en/manifests.ts';
export { beforeOneWords, beforeWords, lifelineName, messageWords, missesWords } from './en/messages.ts';
export { nftProblemWords } from './en/nft.ts';
export { optionFoundWords, optionPurposes } from './en/option-purposes.ts';
export {
  ignoredSentence,
  type OptionProblemWords,
  optionProblemText,
  optionProblemWords,
  printOptionProblem,
} from './en/options.ts';
export { outlookWords } from './en/outlooks.ts';
export { notForWords, podKindNames } from './en/pod-kinds.ts';
export { portPurpose } from './en/ports.ts';
export { type ProblemWords, problemWords } from './en/problems.ts';
export { processPurposes } from './en/process-purposes.ts';
export { behaviourWords, dialPhrase, dialWords } from './en/processes.ts';
export {
  erringWords,
  type PathVerdict,
  pathMeantWords,
  pathVerdictWords,
  placingWords,
  publishedArticle,
  publishedMarkWords,
  publishedPathsSummary,
  publishedPathsWords,
  type SaidPath,
  type SaidPlacing,
  type SaidTakers,
  takersWords,
  unmetWords,
} from './en/published.ts';
export { because, foundWords, subjectOf, verificationWords } from './en/reasons.ts';
export { inboundByPodAddressWords, knownReleasesWords, releaseNotice, supportWords } from './en/releases.ts';
export { flagsBesideWords, responseFlagWords } from './en/response-flags.ts';
export { rolePurposes } from './en/roles.ts';
export { settingProblemWords } from './en/settings.ts';
export { clientName, type StopParts, serverName, stopParts, stopText } from './en/stops.ts';
export { ticketWords } from './en/ticket.ts';
export {
  moreTrackedWords,
  type SaidTracked,
  trackedActions,
  trackedSenderWords,
  trackedTitle,
  trackedWords,
} from './en/tracked.ts';
export {
  deadRulesWords,
  deadRuleWords,
  deadUnderWords,
  endingPacketsWords,
  endingsWords,
  entranceWords,
  packetDifferenceWords,
  packetEndWords,
  packetExampleWords,
  packetSetWords,
  packetsComparedWords,
  packetsWords,
  rareRuleWords,
  roughEndWords,
} from './en/ways.ts';
export { printYamlMessage, type YamlWords, yamlMessageWords } from './en/yaml.ts';
export {
  destinationOf,
  failedCondition,
  ruleText,
  sourceOf,
  writtenChain,
} from './notation.ts';
export { type Part, plain } from './parts.ts';
export { inPlaceCommand, inShell, iptablesOf } from './rule-command.ts';
export { chainName, ruleName } from './rule-name.ts';
export type {
  LinkProblem,
  SaidHeadline,
  SaidLifeline,
  SaidMessage,
  SaidMisses,
  SaidOutlook,
  SaidParty,
  SaidStop,
  SaidUnmet,
  SettingKind,
  SettingProblem,
} from './said.ts';
export type { BadUse, CountedChecks, Ended, OtherEncoding } from './said-in-command.ts';
export type {
  AlsoRead,
  CountedOrigin,
  CountedRules,
  CountedWays,
  Damage,
  DamagedLink,
  Doing,
  Judged,
  KnownOfPod,
  SaidConnection,
} from './said-in-lab.ts';
