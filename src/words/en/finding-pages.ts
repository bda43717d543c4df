/** The page of the handbook that tells more of a finding: a runbook, a rule or an option. */
import type { Finding, FindingId } from '../../analysis/index.ts';
import type { ErrorPage } from './errors/error-words.ts';
import { errorWords } from './errors/index.ts';

/** Below the base path. */
export type FindingPage =
  | ErrorPage
  | '/ambient/rules/'
  | '/ambient/rules/#beside-the-rules'
  | '/learn/lo/'
  | '/reference/rules/'
  | '/runbooks/ambient-calls-time-out/'
  | '/runbooks/ambient-exclusion-ignored/'
  | '/runbooks/ambient-not-enrolled/'
  | '/runbooks/ambient-probe-fails/'
  | '/runbooks/ambient-rules-lost/'
  | '/runbooks/ambient-ztunnel-away/'
  | '/runbooks/app-bypasses-envoy/'
  | '/runbooks/connection-hangs/'
  | '/runbooks/dns-wrong/'
  | '/runbooks/exclusion-ignored/'
  | '/runbooks/host-network/'
  | '/runbooks/which-back-end/';

const pages: Readonly<Record<Exclude<FindingId, 'log.error'>, FindingPage>> = {
  'rules.none': '/runbooks/rules-missing/',
  'rules.of-node': '/runbooks/rules-missing/',
  'rules.of-others': '/runbooks/rules-missing/',
  'rules.part': '/runbooks/rules-missing/',
  'rules.missing': '/runbooks/rules-missing/',
  'rules.twice': '/runbooks/rules-missing/',
  'rule.missing': '/reference/rules/',
  'rule.moved': '/reference/rules/',
  'rule.twice': '/reference/rules/',
  'rule.beside': '/reference/rules/',
  'rule.never-asked': '/learn/iptables/',
  'rule.unreachable': '/learn/iptables/',
  'rule.foreign': '/runbooks/app-bypasses-envoy/',
  'rule.of-other-software': '/runbooks/app-bypasses-envoy/',
  'mesh.before-istio': '/runbooks/app-bypasses-envoy/',
  'mesh.behind-istio': '/runbooks/app-bypasses-envoy/',
  'option.mistyped-port': '/runbooks/exclusion-ignored/',
  'option.mistyped-range': '/runbooks/exclusion-ignored/',
  'option.other-listener': '/runbooks/connection-refused/',
  'option.nothing-outbound': '/options/outbound/',
  'option.nothing-inbound': '/options/inbound/',
  'back-ends.istio-in-both': '/runbooks/which-back-end/',
  'back-ends.rules-in-both': '/runbooks/which-back-end/',
  'back-ends.legacy-not-told': '/runbooks/which-back-end/',
  'family.v6-alone': '/runbooks/ipv6-bypasses-envoy/',
  'app.as-proxy': '/learn/owner/',
  'yaml.option-differs': '/runbooks/exclusion-ignored/',
  'yaml.option-unasked': '/options/setup/',
  'yaml.release-differs': '/options/setup/',
  'yaml.message': '/options/setup/',
  'resolver.past-agent': '/runbooks/dns-wrong/',
  'routing.tproxy': '/runbooks/connection-hangs/',
  'nft.rule-missing': '/reference/rules/',
  'nft.rules-missing': '/runbooks/rules-missing/',
  'nft.rule-moved': '/reference/rules/',
  'nft.rule-foreign': '/runbooks/app-bypasses-envoy/',
  'nft.rule-twice': '/reference/rules/',
  'nft.rules-twice': '/runbooks/rules-missing/',
  'nft.part': '/runbooks/rules-missing/',
  'nft.chain-otherwise': '/learn/iptables/',
  'nft.dormant': '/runbooks/rules-missing/',
  'nft.other-table': '/runbooks/app-bypasses-envoy/',
  'nft.istio-in-both': '/runbooks/which-back-end/',
  'nft.nothing-outbound': '/options/outbound/',
  'nft.nothing-inbound': '/options/inbound/',
  'nft.other-listener': '/runbooks/connection-refused/',
  'ambient.beside-sidecar': '/runbooks/ambient-not-enrolled/',
  'ambient.rules-missing': '/runbooks/ambient-rules-lost/',
  'ambient.routing': '/ambient/rules/#beside-the-rules',
  'ambient.rules-moved': '/ambient/rules/',
  'ambient.rules-foreign': '/ambient/rules/',
  'text.look-alike': '/learn/iptables/',
  'text.turning': '/learn/iptables/',
};

/** The ids of all findings, for good. */
export const findingIds: readonly FindingId[] = [
  ...(Object.keys(pages) as (keyof typeof pages)[]),
  'log.error',
];

/** The page of a finding whose rule or error is not known. */
export function pageOfFindings(id: FindingId): FindingPage {
  return id === 'log.error' ? '/runbooks/setup-fails/' : pages[id];
}

/** Of a rule that is Istio's, its own entry; of a node of ambient mode, whose rules are for probes alone, their runbook. */
export function findingPage(finding: Finding): FindingPage | `/${'reference' | 'ambient'}/rules/#${string}` {
  if (finding.id === 'log.error') return errorWords(finding.error).page;
  if ((finding.id === 'rule.missing' || finding.id === 'nft.rule-missing') && finding.role !== null)
    return `/reference/rules/#${finding.role}`;
  if ('side' in finding && finding.side === 'node') return '/runbooks/ambient-probe-fails/';
  if (finding.id === 'ambient.rules-missing' && finding.count === 1 && finding.first.role !== null)
    return `/ambient/rules/#${finding.first.role}`;
  return pages[finding.id];
}

const sections: Readonly<Record<string, string>> = {
  runbooks: 'Runbook',
  options: 'Option',
  reference: 'Reference',
  learn: 'Chapter',
  ambient: 'Chapter',
  traffic: 'Chapter',
};

/** What a link to it says: `Runbook`, `Option`. Which one, the id of the finding beside it tells. */
export function pageWords(page: string): string {
  const section = page.split('/')[1] ?? '';
  return (Object.hasOwn(sections, section) ? sections[section] : undefined) ?? 'The lab';
}
