/** What is said of manifests: what each rule is about, what was found, and how to fix it. */
import type { ManifestFinding, ManifestIssue, MarkOn } from '../../analysis/index.ts';
import { portOf } from '../../istio/index.ts';
import { code, inParts, type Part } from '../parts.ts';
import type { FindingPage } from './finding-pages.ts';
import type { FindingWords } from './finding-words.ts';
import { findingWords } from './findings.ts';
import { yamlMessageWords, yamlSetterWords } from './yaml.ts';

type RuleId = ManifestIssue['id'];

/** What a rule is about, in a phrase. */
const titles: Readonly<Record<RuleId, string>> = {
  'ambient.annotation-idle': 'An annotation of a sidecar on a pod of ambient mode',
  'ambient.mode-unread': 'A mark for ambient mode that is not read',
  'ambient.policy-shuts-tunnel': 'A NetworkPolicy that does not let HBONE through',
  'ambient.port-of-ztunnel': 'The app takes a port of ztunnel',
  'ambient.sidecar-wins': 'A pod asks for ambient mode and for a sidecar',
  'ambient.switch-unread': 'A switch of ambient mode that is neither on nor off',
  'mesh.not-injected': 'A pod that is marked for the mesh runs without a sidecar',
  'mesh.not-enrolled': 'A pod that is marked for ambient mode is not in it',
  'mesh.network-of-node': 'A pod that is marked for the mesh lives in the network of its node',
  'mesh.no-rules': 'A pod has a sidecar, and nobody programs its rules',
  'mesh.not-captured': 'The interception is off',
  'mesh.ipv6-past-proxy': 'IPv6 goes past the proxy',
  'inbound.app-port-past-proxy': 'Connections to a port of the app go past the proxy',
  'outbound.wide-range': 'A range is excluded that is as wide as a cluster',
  'port.of-sidecar': 'The app takes a port of the sidecar',
  'app.as-proxy': 'The app runs as the user or group of the proxy',
  'release.changes-rules': 'The next release makes other rules',
  'release.refuses-option': 'The next release refuses an option',
  'option.mistyped': 'A value is written in a way that Istio or iptables does not take',
  'option.conflict': 'Options that do not go together, or a value that takes out too much',
  'option.no-effect': 'An option changes no rule',
  'option.not-heeded': 'The release does not heed an option',
  'option.of-other-release': 'An option, or a release, that is not known',
  'option.mistyped-port': 'A port that looks like a slip of the pen',
  'option.mistyped-range': 'A range that looks like a slip of the pen',
  'option.nothing-outbound': 'Nothing outbound is captured',
  'option.nothing-inbound': 'Nothing inbound is captured',
  'annotation.changed-later': 'An annotation was changed after the injection',
  'annotation.of-earlier-release': 'An annotation that the release does not read any more',
  'annotation.of-later-release': 'An annotation that the release does not know yet',
  'annotation.unknown': 'An annotation that Istio does not have',
  'annotation.wrong-place': 'An annotation or a label on an object where it is not read',
  'values.unknown': 'A value that the chart does not have',
  'values.wrong-place': 'A value where the chart does not look for it',
  'variable.of-app': 'A variable of the proxy in the environment of the app',
  'variable.overruled': 'A variable that an argument overrules',
  'variable.unknown': 'A variable that Istio does not have',
  'variable.wrong-place': 'A variable of the proxy outside of proxyMetadata',
  'yaml.broken': 'YAML that cannot be read',
  'yaml.key-twice': 'A key stands twice in an object',
  'yaml.too-long': 'More than is read',
};

const pages: Readonly<Record<RuleId, FindingPage>> = {
  'ambient.annotation-idle': '/runbooks/ambient-exclusion-ignored/',
  'ambient.mode-unread': '/runbooks/ambient-not-enrolled/',
  'ambient.policy-shuts-tunnel': '/runbooks/ambient-calls-time-out/',
  'ambient.port-of-ztunnel': '/runbooks/ambient-ztunnel-away/',
  'ambient.sidecar-wins': '/runbooks/ambient-not-enrolled/',
  'ambient.switch-unread': '/runbooks/ambient-exclusion-ignored/',
  'mesh.not-injected': '/runbooks/app-bypasses-envoy/',
  'mesh.not-enrolled': '/runbooks/ambient-not-enrolled/',
  'mesh.network-of-node': '/runbooks/host-network/',
  'mesh.no-rules': '/runbooks/rules-missing/',
  'mesh.not-captured': '/options/setup/',
  'mesh.ipv6-past-proxy': '/runbooks/ipv6-bypasses-envoy/',
  'inbound.app-port-past-proxy': '/options/inbound/',
  'outbound.wide-range': '/options/outbound/',
  'port.of-sidecar': '/runbooks/connection-refused/',
  'app.as-proxy': '/learn/owner/',
  'release.changes-rules': '/options/setup/',
  'release.refuses-option': '/options/setup/',
  'option.mistyped': '/options/setup/',
  'option.conflict': '/options/setup/',
  'option.no-effect': '/options/setup/',
  'option.not-heeded': '/options/setup/',
  'option.of-other-release': '/options/setup/',
  'option.mistyped-port': '/runbooks/exclusion-ignored/',
  'option.mistyped-range': '/runbooks/exclusion-ignored/',
  'option.nothing-outbound': '/options/outbound/',
  'option.nothing-inbound': '/options/inbound/',
  'annotation.changed-later': '/runbooks/exclusion-ignored/',
  'annotation.of-earlier-release': '/runbooks/exclusion-ignored/',
  'annotation.of-later-release': '/runbooks/exclusion-ignored/',
  'annotation.unknown': '/runbooks/exclusion-ignored/',
  'annotation.wrong-place': '/runbooks/exclusion-ignored/',
  'values.unknown': '/options/setup/',
  'values.wrong-place': '/options/setup/',
  'variable.of-app': '/options/setup/',
  'variable.overruled': '/options/setup/',
  'variable.unknown': '/options/setup/',
  'variable.wrong-place': '/options/setup/',
  'yaml.broken': '/options/setup/',
  'yaml.key-twice': '/options/setup/',
  'yaml.too-long': '/options/setup/',
};

/** What a rule is about, and the page that tells more. */
export function manifestRuleWords(id: RuleId): { readonly title: string; readonly page: FindingPage } {
  return { title: titles[id], page: pages[id] };
}

/** What was found, and how to fix it; without full stops, as of a finding. */
export function manifestWords({ issue }: Pick<ManifestFinding, 'issue'>): FindingWords {
  if ('message' in issue) {
    const { found, because, fix } = yamlMessageWords(issue.message);
    return {
      says: [`${found}: ${unstopped(because)}`],
      fix: [fix === '' ? 'Take it away where nothing else needs it' : unstopped(fix)],
    };
  }
  switch (issue.id) {
    case 'ambient.annotation-idle':
      return {
        says: inParts`${code(issue.key)} shapes the rules of a sidecar, and this pod is meant for ambient mode, which does not read it: nothing is captured or left out for it`,
        fix: inParts`take it away; ambient mode has no exclusion by port or by range`,
      };
    case 'ambient.switch-unread':
      return {
        says: inParts`${code(`${issue.key}: ${issue.value}`)} is neither on nor off, and without effect`,
        fix: inParts`write ${code('"true"')} or ${code('"false"')}, and make the pod anew`,
      };
    case 'ambient.mode-unread':
      return issue.as === 'annotation'
        ? {
            says: inParts`${code(issue.key)} stands among the annotations, where nothing reads it`,
            fix: inParts`write it as a label`,
          }
        : {
            says: inParts`the label ${code(`${issue.key}: ${issue.value}`)} is neither ${code('ambient')} nor ${code('none')}, so that it puts nothing into ambient mode and keeps nothing out`,
            fix: inParts`write ${code('ambient')} or ${code('none')}`,
          };
    case 'ambient.sidecar-wins':
      return {
        says: inParts`this pod asks for ambient mode, and by ${code(`${issue.key}: ${issue.value}`)} for a sidecar: with a sidecar it is left out of ambient mode`,
        fix: inParts`take one of the two labels away`,
      };
    case 'ambient.port-of-ztunnel':
      return {
        says: inParts`the app names port ${issue.port}, on which ztunnel listens in every pod of ambient mode: one of the two cannot`,
        fix: inParts`let the app listen on another port`,
      };
    case 'ambient.policy-shuts-tunnel':
      return {
        says:
          issue.direction === 'ingress'
            ? inParts`this policy names the ports that may come in, and not ${portOf('hbone')}, by which pods of ambient mode and waypoints call one another: such calls time out`
            : inParts`this policy names the ports that may be called, and not ${portOf('hbone')}, by which a pod of ambient mode calls every other one: such calls time out`,
        fix: inParts`add port ${portOf('hbone')} by TCP to it`,
      };
    case 'mesh.not-injected':
      return {
        says: inParts`this pod is marked for the mesh by ${markWords(issue)}, and runs without a sidecar: its connections go past Envoy, without its mutual TLS and its policies`,
        fix: byAnnotation(issue)
          ? inParts`write ${code(issue.mark.key)} as a label, which is what the injector’s webhook selects by, and make the pod anew`
          : inParts`make the pod anew (${code('kubectl rollout restart')}); where it comes without a sidecar again, look at the injector’s webhook and its log`,
      };
    case 'mesh.not-enrolled':
      return {
        says: inParts`this pod is marked for ambient mode by ${markWords(issue)}, and the CNI plugin has not put it there: its connections go past ztunnel`,
        fix: inParts`look at the log of istio-cni on its node, then delete the pod, so that it is set up anew`,
      };
    case 'mesh.network-of-node':
      return {
        says: inParts`this pod is marked for the mesh by ${markWords(issue)}, and lives in its node’s network, where Istio leaves it alone: its connections go past the proxy`,
        fix: inParts`take ${code('hostNetwork')} away, or the mark`,
      };
    case 'mesh.no-rules':
      return {
        says: inParts`this pod has a sidecar, and neither ${code('istio-init')} nor ${code('istio-validation')} among its init containers: nothing shows that its rules were programmed, and without them connections go past Envoy`,
        fix: inParts`make the pod anew, with the whole template of the injector; ${code('sidetrack collect')} shows its rules`,
      };
    case 'mesh.not-captured':
      return {
        says: inParts`the interception mode is NONE: no rule is programmed, and Envoy has only what is sent to it by itself`,
        fix: inParts`take the mode away, or suppress this with the reason why`,
      };
    case 'inbound.app-port-past-proxy':
      return {
        says:
          issue.how === 'excluded'
            ? inParts`${code(yamlSetterWords(issue.by))} excludes port ${issue.port}, on which the app listens: connections to it go past Envoy, without its mutual TLS and its policies`
            : inParts`${code(yamlSetterWords(issue.by))} does not name port ${issue.port}, on which the app listens: connections to it go past Envoy, without its mutual TLS and its policies`,
        fix:
          issue.how === 'excluded'
            ? inParts`take ${issue.port} out of the list`
            : inParts`add ${issue.port} to the list`,
      };
    case 'outbound.wide-range':
      return {
        says: inParts`${code(yamlSetterWords(issue.by))} excludes ${code(issue.range)}, in which pods and services of a cluster are, as a rule: connections to them go past Envoy, without its mutual TLS and its policies`,
        fix: inParts`exclude only the ranges of what is outside of the cluster`,
      };
    case 'port.of-sidecar':
      return {
        says: inParts`the app names port ${issue.port}, on which ${issue.owner} listens in every pod with a sidecar: one of the two cannot start`,
        fix: inParts`let the app listen on another port`,
      };
    case 'release.changes-rules':
      return {
        says: inParts`with Istio ${issue.to} in the place of ${issue.from} ${issue.differing} lines of its rules are other ones${issue.effects.length === 0 ? '' : `: ${issue.effects.map(unstopped).join('; ')}`}`,
        fix: inParts`see what becomes of the connections with ${code(`sidetrack upgrade --from ${issue.from} --to ${issue.to}`)}`,
      };
    case 'release.refuses-option':
      return {
        says: inParts`Istio ${issue.to} refuses ${issue.option} ${code(issue.value)}, which ${issue.from} takes`,
        fix: inParts`change it before the upgrade`,
      };
    default:
      return findingWords(issue);
  }
}

function byAnnotation({ mark }: MarkOn): boolean {
  return mark.as === 'annotation';
}

function markWords({ on, mark: { as, key, value } }: MarkOn): readonly Part[] {
  const which = code(`${key}: ${value}`);
  return on === 'pod' ? inParts`its ${as} ${which}` : inParts`the label ${which} of its namespace`;
}

function unstopped(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
