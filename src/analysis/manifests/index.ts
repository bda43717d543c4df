/** Manifests and pods as YAML, judged by rules of stable names. */
export {
  type CheckedRelease,
  type ManifestFinding,
  type ManifestIssue,
  type MarkOn,
  manifestFindings,
  manifestRules,
  type Namespaces,
} from './manifests.ts';
export { type MessageRule, messageRule } from './message-rules.ts';
