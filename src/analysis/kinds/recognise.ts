/** Tells what a pasted text is of, before anything in it is judged. */
import {
  type Chain,
  findChain,
  isBuiltIn,
  isListingHeading,
  type NftRuleset,
  type NftTable,
  printRule,
  type Rule,
  type Ruleset,
  readGenerated,
  readListing,
  type Table,
} from '../../netfilter/index.ts';
import { type ChainOwner, chainOwner, isMesh, isOfNode } from '../chain-owner.ts';
import type { RunOutcome } from '../errors/index.ts';
import {
  isState,
  type PastedPart,
  type PastedPod,
  type PastedRules,
  startsDescription,
} from '../paste/index.ts';
import { asksOnly, chainCalled, conditionNamed, jumpsTo, targetName } from '../rule-parts.ts';
import { recogniseAmbient, sidecarsAlone } from './ambient-rules.ts';
import type { Kind, Recognised, Sign } from './kind.ts';
import { isComparison, isOfPicture, isSideBySide, type SeenText, seenIn } from './seen.ts';

/** What of a pod is looked at. */
export interface Known {
  readonly pod: PastedPod;
  /** The rules that were read, of either family. */
  readonly rulesets: readonly Ruleset[];
  /** Those of the other back end, which are not looked at any further. */
  readonly others: readonly Ruleset[];
  /** What nft listed; null where the text has nothing of it. */
  readonly nft: NftRuleset | null;
  /** What a log tells of the run that should have made them. */
  readonly run: RunOutcome;
  /** Whether an error line was heard. */
  readonly hasErrors: boolean;
}

const mostSigns = 3;

/** What tells nothing where it stands beside rules of somebody. */
const isOfNobody: ReadonlySet<Kind> = new Set(['own redirection', 'other rules']);

/** What the text is of, what decides first; with several at once the others follow. Never empty. */
export function recognise(known: Known): readonly [Recognised, ...Recognised[]] {
  const { pod, rulesets } = known;
  const read = [...pod.rules.flatMap(({ lines }) => lines), ...pod.listing.lines, ...pod.aside.lines];
  if (isOfPicture(read)) return [{ kind: 'nothing', owner: null, signs: [], seen: 'picture' }];
  if (isComparison(pod.aside.lines) || isSideBySide(read))
    return [{ kind: 'nothing', owner: null, signs: [], seen: 'comparison of texts' }];
  // What the kernel has was asked for afterwards: that is what counts. Linkerd's init container looks before it begins.
  const hasRules = rulesets.some(({ tables }) => tables.some(hasRule));
  const hasState = pod.rules.some(
    ({ from, numbers }) => isState(from) && (hasRules || (numbers.at(-1) ?? 0) > (known.run.lastError ?? 0)),
  );
  const printed = pod.rules.filter(({ from }) => isState(from));
  const isEmptied = !hasRules && printed.length > 0 && printed.every(isFinished);
  const besides = known.others.flatMap(ofRules).filter(({ kind }) => !isOfNobody.has(kind));
  const found = [
    ...ofYaml(pod.yaml),
    ...ofMachine(pod.aside),
    ...ofLogs(pod.aside),
    ...ofNft(pod.nft, known.nft),
    ...(isEmptied
      ? []
      : rulesets.flatMap(ofRules).filter(({ kind }) => besides.length === 0 || !isOfNobody.has(kind))),
    ...besides,
    ...(known.run.failed === true && !hasState
      ? [{ kind: 'run that failed', owner: null, signs: [], run: known.run } as const]
      : []),
  ];
  // Where its rules were read, they are told by what they are.
  const merged = mergedByKind(found.filter(({ kind }) => kind !== 'iptables in nft' || !hasRules));
  const first = order.flatMap((kind) => merged.filter((one) => one.kind === kind));
  const [main, ...others] = first.length === 0 ? [withoutRules(known)] : first;
  const isAboutNat = main?.kind === 'other rules' || main?.kind === 'empty tables';
  return isAboutNat && !tellsOfNat(known)
    ? [{ ...main, kind: 'tables without nat' }, ...others]
    : [main as Recognised, ...others];
}

/** Tables from the first line to the last, as far as can be seen: where no rule is among it, there is none. */
function isFinished({ lines, from, isTorn }: PastedRules): boolean {
  if (isTorn === true) return false;
  const tables = lines.filter((line) => line.startsWith('*')).length;
  return from === 'listed' || tables === lines.filter((line) => line === 'COMMIT').length;
}

/**
 * iptables-save prints all tables that are there, and says that it did; iptables -S only the one that was asked for.
 * That ip6tables has no rule tells nothing: in a cluster without IPv6 it is so in every pod.
 */
function tellsOfNat({ pod, rulesets }: Known): boolean {
  return (
    rulesets.some(({ family, tables }) => family === 'v4' && tables.some(({ name }) => name === 'nat')) ||
    pod.rules.some(({ lines }) => lines.some((line) => readGenerated(line)?.family === 'v4'))
  );
}

/** What stands first decides what may be said. */
const order: readonly Kind[] = [
  'run that failed',
  'ambient pod',
  'ambient node',
  'native nftables',
  'gateway',
  'older sidecar',
  'sidecar',
  'KubeVirt',
  'a virtual machine',
  'another mesh',
  'node',
  'iptables in nft',
  'other nftables',
  'own redirection',
  'other rules',
];

function isDescription({ lines }: PastedPart): boolean {
  return lines.some((line, at) => startsDescription(line, lines[at + 1] ?? ''));
}

/**
 * The files of a virtual machine: cluster.env, and the unit that runs the agent (tools/packaging/common). An init
 * container prints the same variables, and there they have no value.
 */
const machineLine = /^(?:ISTIO_(?:INBOUND_PORTS|LOCAL_EXCLUDE_PORTS|SERVICE_CIDR)=\S|. istio\.service - )/;

function ofMachine({ lines, numbers }: PastedPart): readonly Recognised[] {
  const at = lines.findIndex((line) => machineLine.test(line.trim()));
  const text = lines[at];
  if (text === undefined) return [];
  return [
    {
      kind: 'a virtual machine',
      owner: null,
      signs: [{ code: 'line', text: text.trim(), line: numbers[at] ?? 1 }],
    },
  ];
}

/** What the init containers of other meshes write beside their rules (linkerd2-proxy-init pkg/iptables/iptables.go). */
const lineOfLinkerd = /\bon chain PROXY_INIT_|\bPROXY_INIT_(?:REDIRECT|OUTPUT)\b|\blinkerd-(?:init|cni)\b/;

function ofLogs({ lines, numbers }: PastedPart): readonly Recognised[] {
  const at = lines.findIndex((line) => lineOfLinkerd.test(line.slice(0, 2000)));
  const text = lines[at];
  if (text === undefined) return [];
  return [
    {
      kind: 'another mesh',
      owner: 'Linkerd',
      signs: [{ code: 'line', text: text.trim(), line: numbers[at] ?? 1 }],
    },
  ];
}

function withoutRules(known: Known): Recognised {
  const { pod, rulesets, hasErrors } = known;
  const of = (kind: Kind): Recognised => ({ kind, owner: null, signs: [] });
  // iptables-save prints the chains of an empty table, too.
  const isPrinted = ({ name, chains }: Table) => chains.some((chain) => isBuiltIn(name, chain.name));
  const hasState = pod.rules.some(({ from }) => isState(from));
  if ((hasState || known.nft !== null) && rulesets.some(({ tables }) => tables.some(isPrinted)))
    return pod.warnsOfLegacy ? { ...of('nothing'), seen: 'warning of iptables-legacy' } : of('empty tables');
  if (pod.listing.lines.some(isListingHeading))
    return { ...of('listing for people'), keepsBack: keptBack(pod.listing.lines) };
  const seenYaml = seenIn(pod.yaml.lines);
  if (seenYaml === 'inspected container') return { ...of('nothing'), seen: seenYaml };
  if (isDescription(pod.aside)) return of('description of a pod');
  const isValues = pod.yaml.lines.some((line) => /^(?:global|pilot|meshConfig|cni|values):/.test(line));
  if (pod.yaml.lines.length > 0)
    return !isValues &&
      pod.yaml.lines.some((line) => /^\s*(?:-\s+)?["']?(?:containers|initContainers|image)["']?:/.test(line))
      ? { ...of('pod as YAML'), objects: objectKinds(pod.yaml) }
      : { ...of('settings as YAML'), objects: objectKinds(pod.yaml), seen: seenIn(pod.aside.lines) };
  const parts = [pod.routing, pod.conntrack, pod.sockets, pod.sets, pod.sysctls];
  if (pod.servers.length > 0 || parts.some(({ lines }) => lines.length > 0))
    return of('state of the network');
  if (hasErrors) return { ...of('errors alone'), seen: seenWith(pod) };
  // A command that prints all that is there says by its silence that nothing is; one that was only meant to be run, too.
  const asks =
    pod.listing.lines.length > 0 || pod.rules.some(({ from, lines }) => isState(from) && lines.length === 0);
  // What commands have left is not told by them; where they had made a rule, it was read.
  if (!asks && pod.rules.some(({ from, lines }) => from === 'commands' && lines.length > 0))
    return { ...of('nothing'), seen: 'commands that remove' };
  return { ...of('nothing'), seen: asks ? 'command without output' : seenWith(pod) };
}

function seenWith({ name, aside }: PastedPod): SeenText {
  return seenIn(name === null ? aside.lines : [name, ...aside.lines]);
}

function keptBack(lines: readonly string[]): NonNullable<Recognised['keepsBack']> {
  const { tables, tells } = readListing(lines);
  const isOfIstio = tables.some(({ table }) => table === 'nat' || table === 'mangle');
  return [
    ...(isOfIstio ? [] : (['rules'] as const)),
    ...(tells.interfaces ? [] : (['interfaces'] as const)),
    ...(tells.numbers ? [] : (['numbers'] as const)),
  ];
}

/** `kind:` of a document or of a list's item; what is deeper is a reference to another object. */
function objectKinds({ lines }: PastedPart): readonly string[] {
  const found = lines.flatMap(
    (line) => /^(?:- | {2}| {4}(?="))?["']?kind["']?: *["']?([A-Z]\w*)/.exec(line)?.[1] ?? [],
  );
  const kindsFound = found.filter((kind) => !kind.endsWith('List') || kind === 'List');
  return [...new Set(kindsFound)].filter((kind) => kind !== 'List');
}

function mergedByKind(found: readonly Recognised[]): readonly Recognised[] {
  const merged = new Map<string, Recognised>();
  for (const one of found) {
    const key = `${one.kind} ${one.owner}`;
    const known = merged.get(key);
    const signs = [...(known?.signs ?? []), ...one.signs].slice(0, mostSigns);
    merged.set(key, { ...one, signs });
  }
  return [...merged.values()];
}

/** Lines of YAML that tell what a pod or an installation is; names and values as Kubernetes and Istio write them. */
const yamlSigns: readonly { readonly kind: Kind; readonly owner?: ChainOwner; readonly line: RegExp }[] = [
  // cni/pkg/util/podutil.go writes it when ztunnel has taken the pod
  { kind: 'ambient pod', line: /^"?ambient\.istio\.io\/redirection"?: *["']?enabled\b/ },
  { kind: 'ambient pod', line: /^"?istio\.io\/dataplane-mode"?: *["']?ambient\b/ },
  { kind: 'native nftables', line: /^(?:- )?["']?--native-nftables(?:=true)?["']?,?$/ },
  { kind: 'native nftables', line: /^(?:- )?(?:--set )?(?:[\w.]*\.)?nativeNftables["']?[:=] *["']?true\b/ },
  { kind: 'gateway', line: /^"?inject\.istio\.io\/templates"?: *["']?gateway\b/ },
  { kind: 'gateway', line: /^"?istio"?: *["']?(?:ingress|egress|eastwest)gateway\b/ },
  { kind: 'gateway', line: /^- ["']?router["']?$/ },
  { kind: 'gateway', line: /^"?gateway\.networking\.k8s\.io\/gateway-name"?: / },
  { kind: 'a virtual machine', line: /^"?kind"?: *["']?Workload(?:Entry|Group)\b/ },
  {
    kind: 'another mesh',
    owner: 'Linkerd',
    line: /^"?linkerd\.io\/(?:proxy-version|inject)"?: *["']?(?!disabled)\S/,
  },
  {
    kind: 'another mesh',
    owner: 'Kuma',
    line: /^"?kuma\.io\/(?:sidecar-injected|transparent-proxying)"?: *["']?(?:true|enabled)\b/,
  },
  {
    kind: 'another mesh',
    owner: 'Consul',
    line: /^"?consul\.hashicorp\.com\/connect-inject-status"?: *["']?injected\b/,
  },
];

/** Objects that only name pods: what their labels and selectors say is of others. */
const notOfPod =
  /^"?kind"?: *["']?(?!Pod|Namespace|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Workload|List)\w/;

function ofYaml({ lines, numbers }: PastedPart): readonly Recognised[] {
  let isOfPod = true;
  let isOfMesh = false;
  return lines.flatMap((written, at): readonly Recognised[] => {
    const whole = written.trim();
    if (written.startsWith('---')) isOfPod = true;
    if (/^(?:- )?["']?kind\b/.test(written)) {
      isOfPod = !notOfPod.test(whole.replace(/^- /, ''));
      isOfMesh = /IstioOperator/.test(whole);
    }
    if (!isOfPod && !isOfMesh) return [];
    // JSON on a single line
    const pieces = whole.startsWith('{"') ? whole.split(/[{}[\],]+/) : [whole];
    const text = pieces.find((piece) => yamlSigns.some(({ line }) => line.test(piece)));
    const sign = yamlSigns.find(({ line }) => text !== undefined && line.test(text));
    if (text === undefined || sign === undefined) return [];
    // The labels in it are those of gateways that it would install; how rules are made holds for all pods.
    if (!isOfPod && sign.kind !== 'native nftables') return [];
    return [
      {
        kind: sign.kind,
        owner: sign.owner ?? null,
        signs: [{ code: 'line', text, line: numbers[at] ?? 1 }],
        objects: objectKinds({ lines, numbers }),
      },
    ];
  });
}

const nftTable = /(?:^|\s)table (?:ip6?|inet) (\S+)/;

/** The tables that Istio has in nft (tools/istio-nftables/pkg/builder and cni/pkg/nftables), and those of others. */
function ofNft({ lines, numbers }: PastedPart, ruleset: NftRuleset | null): readonly Recognised[] {
  const isNode = lines.some((line) => /istio-inpod-probes/.test(line));
  const kindOf = (table: string, line: number): Recognised => {
    const signs: readonly Sign[] = [{ code: 'table of nft', table, line }];
    if (table.startsWith('istio-ambient-'))
      return { kind: isNode ? 'ambient node' : 'ambient pod', owner: null, signs };
    if (table.startsWith('istio-proxy-')) return { kind: 'native nftables', owner: null, signs };
    if (/^(?:kube-proxy|cilium|calico|kindnet|flannel|antrea|ovn)/.test(table))
      return { kind: 'node', owner: table, signs };
    const isOfKubevirt = ruleset?.tables.some(
      (one) => one.name === table && one.chains.some(({ name }) => name.startsWith('KUBEVIRT_')),
    );
    if (isOfKubevirt === true) return { kind: 'KubeVirt', owner: null, signs };
    const ofIptables = ruleset?.tables.find((one) => one.name === table && hasChainsOfIptables(one));
    return ofIptables === undefined
      ? { kind: 'other nftables', owner: null, signs }
      : { ...whoseIptables(ofIptables), signs };
  };
  const told = lines.flatMap((line, at): readonly Recognised[] => {
    const table = nftTable.exec(line)?.[1];
    return table === undefined ? [] : [kindOf(table, numbers[at] ?? 1)];
  });
  if (told.length > 0) return told;
  // In JSON a table is named otherwise, and may stand on one line with all others.
  const lineOf = (name: string) => numbers[lines.findIndex((line) => line.includes(`"${name}"`))] ?? 1;
  return (ruleset?.tables ?? [])
    .filter(({ family }) => /^(?:ip6?|inet)$/.test(family))
    .map(({ name }) => kindOf(name, lineOf(name)));
}

/** Tables that iptables-nft programs: named as iptables names them, with its built-in chains. */
function hasChainsOfIptables({ family, name, chains }: NftTable): boolean {
  return (
    /^ip6?$/.test(family) &&
    /^(?:nat|mangle|raw|filter|security)$/.test(name) &&
    chains.some(
      (chain) =>
        chain.base !== undefined && /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain.name),
    )
  );
}

/** Of whom the chains of iptables are, as far as their names tell. */
function whoseIptables({ chains }: NftTable): Pick<Recognised, 'kind' | 'owner'> {
  const owners = chains.flatMap(({ name }) => chainOwner(name) ?? []);
  const ofNode = owners.find(isOfNode);
  if (ofNode !== undefined && !owners.includes('Istio')) return { kind: 'node', owner: ofNode };
  return { kind: 'iptables in nft', owner: owners[0] ?? null };
}

function ofRules(ruleset: Ruleset): readonly Recognised[] {
  const { family } = ruleset;
  const found: Recognised[] = [];
  const chains = ruleset.tables.flatMap((table) =>
    table.chains.map((chain) => ({ table: table.name, ...chain })),
  );
  const names = new Set(chains.filter(({ rules }) => rules.length > 0).map(({ name }) => name));
  const called = new Set(chains.flatMap(({ rules }) => rules.map(chainCalled)));
  const made = chains.filter(({ policy }) => policy === null);
  const owners = new Map(chains.map(({ name }) => [name, chainOwner(name)]));
  const istio = made.filter(({ name }) => owners.get(name) === 'Istio');
  const ambient = recogniseAmbient(ruleset);
  const older = olderOf(ruleset);
  // Of ambient mode's chains a sidecar has one name; it has others that lead to Envoy.
  const isSidecars = ({ name, rules }: Chain) =>
    ambient === null || (rules.length > 0 && sidecarsAlone.has(name));
  if (ambient !== null) found.push(ambient);
  if (older !== null) found.push(older);
  else if (istio.some((chain) => isSidecars(chain) && tellsOfSidecar(chain, ruleset)))
    found.push({
      kind: 'sidecar',
      owner: null,
      signs: istio
        .filter(isSidecars)
        .slice(0, mostSigns)
        .map(({ name }) => ({ code: 'chain', chain: name })),
    });
  const kubevirt = made.filter(({ name }) => name.startsWith('KUBEVIRT_'));
  if (kubevirt.length > 0)
    found.push({
      kind: 'KubeVirt',
      owner: null,
      signs: kubevirt.map(({ name }) => ({ code: 'chain', chain: name })),
    });
  // A node has a chain for each Service: the first of them show whose it is.
  const shown = new Map<ChainOwner | null, number>();
  for (const { name, rules } of made) {
    const owner = owners.get(name) ?? null;
    const times = shown.get(owner) ?? 0;
    // A dump that was cut off may have lost the rules of a chain; a node's software is named all the same.
    const isMeshs = isMesh(owner) && (rules.length > 0 || names.has(name) || called.has(name));
    if (times === mostSigns || !(isOfNode(owner) || isMeshs)) continue;
    shown.set(owner, times + 1);
    const kind = isOfNode(owner) ? 'node' : 'another mesh';
    found.push({ kind, owner, signs: [{ code: 'chain', chain: name }] });
  }
  if (found.length > 0) return found;
  const ruled = chains.filter(({ rules }) => rules.length > 0);
  if (ruled.length === 0) return [];
  const redirecting = ruled.flatMap(({ table, name, rules }) =>
    rules
      .filter(redirects)
      .map((rule): Sign => ({ code: 'rule', table, chain: name, rule: printRule(family, rule) })),
  );
  const [whose = null] = made.flatMap(({ name }) => owners.get(name) ?? []);
  if (redirecting.length > 0 && whose === null)
    return [{ kind: 'own redirection', owner: null, signs: redirecting.slice(0, mostSigns) }];
  return [
    {
      kind: 'other rules',
      owner: whose,
      signs: ruled.slice(0, mostSigns).map(({ name }) => ({ code: 'chain', chain: name })),
    },
  ];
}

/** Both modes have a chain ISTIO_OUTPUT: where it has no rule, and nothing leads to it, it tells neither of them. */
function tellsOfSidecar({ name, rules }: Chain, { tables }: Ruleset): boolean {
  if (name !== 'ISTIO_OUTPUT' || rules.length > 0) return true;
  return tables.some(({ chains }) =>
    chains.some((one) => one.rules.some((rule) => chainCalled(rule) === name)),
  );
}

function hasRule({ chains }: Table): boolean {
  return chains.some(({ rules }) => rules.length > 0);
}

function redirects(rule: Rule): boolean {
  return ['REDIRECT', 'DNAT', 'TPROXY'].includes(targetName(rule) ?? '');
}

/**
 * Up to Istio 1.4 what left over lo for another address was redirected whoever sent it (tools/deb/istio-iptables.sh and
 * tools/packaging/common/istio-iptables.sh); since 1.5 only where Envoy did.
 */
function olderOf(ruleset: Ruleset): Recognised | null {
  const { family } = ruleset;
  const rules = findChain(ruleset, 'nat', 'ISTIO_OUTPUT')?.rules ?? [];
  const ofLo = rules.filter((rule) => conditionNamed(rule, '-o')?.value === 'lo');
  if (ofLo.some(({ matches }) => matches.some(({ extension }) => extension === 'owner'))) return null;
  const rule = ofLo.find(
    (one) => asksOnly(one, ['-o', '! -d']) && jumpsTo(one, 'ISTIO_REDIRECT', 'ISTIO_IN_REDIRECT'),
  );
  if (rule === undefined) return null;
  const sign = { code: 'rule', table: 'nat', chain: 'ISTIO_OUTPUT', rule: printRule(family, rule) } as const;
  return { kind: 'older sidecar', owner: null, signs: [sign] };
}
