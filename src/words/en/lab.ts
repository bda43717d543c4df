/**
 * The words of the lab: what was read, whose rules these are, what the walks know of the pod.
 */
import type { RulesOrigin } from '../../analysis/index.ts';
import type {
  AlsoRead,
  AppFacts,
  CountedOrigin,
  CountedRules,
  CountedWays,
  Damage,
  DamagedLink,
  Doing,
  Judged,
  KnownOfPod,
  SaidConnection,
} from '../said-in-lab.ts';
import { ambientSummary } from './ambient-findings.ts';
import { kindWords, seemingWords } from './kinds.ts';
import { grouped } from './numbers.ts';
import { supportWords } from './releases.ts';
import { stopText } from './stops.ts';

const doing: Readonly<Record<Doing, string>> = {
  start: 'Starting',
  text: 'Reading the text',
  rules: 'Reading the rules',
  releases: 'Comparing with every release of Istio',
  findings: 'Looking for what is wrong',
};

/** What a long inspection is at: `Reading the rules`. */
export function doingWords(code: Doing): string {
  return doing[code];
}

/** The verdict on a text in one plain sentence. */
export function summary({
  identified: [main],
  ambient,
  findings,
  recognised: [what, ...also],
  seeming,
}: Judged): string {
  if (main === undefined) {
    const isWithSidecar = also.some(({ kind }) => kind === 'sidecar');
    if (findings.some(({ id }) => id === 'ambient.beside-sidecar'))
      return 'In this text stand the rules of ambient mode, which bring connections to ztunnel, and those of a sidecar, which bring the same connections to Envoy. Nothing is compared, and no path is walked.';
    if (ambient !== null) return `${kindWords(what, true, isWithSidecar)} ${ambientSummary(ambient)}`;
    const isWhat = what.seen === 'comparison of texts' || what.seen === 'picture';
    return what.kind === 'nothing' && seeming !== null && !isWhat
      ? `No rules were read. ${seemingWords(seeming)}`
      : kindWords(what, false, isWithSidecar);
  }
  const by = originWords(main);
  if (findings.some(({ id }) => id === 'rules.part' || id === 'nft.part'))
    return `These are a part of the rules of ${releaseWords(main.releases)}: the text does not tell of the others, so nothing is said of the pod.`;
  const isWrong = findings.some(({ weight }) => weight === 'wrong');
  const old = supportWords(main.releases.at(-1) ?? '');
  const support = old === null ? '' : ` ${old}`;
  if (isExact(main))
    return `${isWrong ? 'By themselves these are' : 'These are'} the rules of ${by}.${support}`;
  const others = main.foreign - (main.missing > 0 ? 0 : main.twice);
  const parts = [
    ...(main.missing === 0
      ? []
      : [`${countWords(main.missing, 'rule')} ${main.missing === 1 ? 'is' : 'are'} missing`]),
    ...(main.missing > 0 || main.twice === 0
      ? []
      : [`${countWords(main.twice, 'rule')} ${main.twice === 1 ? 'stands' : 'stand'} there twice`]),
    ...(others === 0
      ? []
      : [`${countWords(others, 'rule')} ${others === 1 ? 'is' : 'are'} not Istio’s or not in place`]),
  ];
  return `These rules come nearest to ${by}: ${parts.join(', and ')}.${support}`;
}

function isExact({ missing, foreign }: CountedOrigin): boolean {
  return missing + foreign === 0;
}

/** `Istio 1.10 to 1.12 with DNS capture` */
export function originWords(origin: RulesOrigin): string {
  return `${releaseWords(origin.releases)} ${optionWords(origin)}`;
}

/** What stands above the commands that set a pod's rules right. */
export function inPlaceNote(commands: number, origin: RulesOrigin): string {
  return `${countWords(commands, 'command')}, to be run as root in the pod’s network namespace, in this order and all of them: they lead to the rules of ${originWords(origin)}. Connections that are open keep their way. To delete the pod is surer, because it is set up anew.`;
}

/** What YAML asks for, in a sentence. */
export function asksWords({
  release,
  options,
}: { readonly release: string } & Pick<RulesOrigin, 'options'>): string {
  return `It asks for the rules of ${originWords({ releases: [release], options })}.`;
}

/** How many other settings are as likely; null where there is none. */
export function otherOriginsWords({ identified: [main] }: Pick<Judged, 'identified'>): string | null {
  if (main === undefined || main.others.length === 0) return null;
  const one = main.others.length === 1;
  const who = one ? 'One other setting' : `${main.others.length} other settings`;
  return isExact(main)
    ? `${who} ${one ? 'makes' : 'make'} the same rules`
    : `${who} ${one ? 'comes' : 'come'} as near`;
}

function releaseWords(releases: readonly string[]): string {
  return releases.length < 2 ? `Istio ${releases[0]}` : `Istio ${releases[0]} to ${releases.at(-1)}`;
}

/** `with its default options`, `with outboundPortsExclude 3306 and DNS capture`. */
export function optionWords({ options }: Pick<RulesOrigin, 'options'>): string {
  const { enableIPv6, redirectDNS, captureAllDNS, dnsServersV4, dnsServersV6, cni, nativeNftables, ...rest } =
    options;
  const servers = [...(dnsServersV4 ?? []), ...(dnsServersV6 ?? [])];
  const words = [
    ...(nativeNftables === true ? ['native nftables'] : []),
    ...(cni === true ? ['the CNI plugin'] : []),
    ...(redirectDNS === true
      ? [servers.length > 0 ? `DNS capture for ${servers.join(', ')}` : 'DNS capture']
      : []),
    ...Object.entries(rest).map(
      ([name, value]) => `${name} ${String(value) === '' ? 'empty' : String(value)}`,
    ),
  ];
  if (words.length === 0) return 'with its default options';
  const last = words.pop() as string;
  return `with ${words.length === 0 ? last : `${words.join(', ')} and ${last}`}`;
}

/** What was read, each in a phrase: `IPv4 (nft): 1 table, 6 chains, 18 rules`, `the YAML of Pod reviews-v1`. */
export function whatWasRead(read: readonly CountedRules[], also: AlsoRead): readonly string[] {
  return [...read.map(rulesWords), ...alsoWords(also)];
}

const ruled: Readonly<Record<CountedRules['family'], string>> = {
  v4: 'IPv4',
  v6: 'IPv6',
  nft: 'nft list ruleset',
};

function rulesWords({ family, backEnd, tables, chains, rules }: CountedRules): string {
  const of = `${ruled[family]}${backEnd === null ? '' : ` (${backEnd})`}`;
  return `${of}: ${countWords(tables, 'table')}, ${countWords(chains, 'chain')}, ${countWords(rules, 'rule')}`;
}

/** What was read beside the rules. */
export function alsoWords({
  routing,
  servers,
  yaml,
  object,
  listing,
  ...counts
}: AlsoRead): readonly string[] {
  const ofOthers = (
    [
      ['connections', 'conntrack'],
      ['sockets', 'ss or netstat'],
      ['sets', 'ipset'],
      ['sysctls', 'sysctl'],
    ] as const
  ).flatMap(([part, command]) =>
    counts[part] === 0 ? [] : [`${countWords(counts[part], 'line')} of ${command}`],
  );
  return [
    ...(listing === 0
      ? []
      : [`${countWords(listing, 'line')} of iptables -L, which keep back a part of the rules`]),
    ...(routing === 0 ? [] : [`${countWords(routing, 'line')} of ip rule, ip route or ip address`]),
    ...ofOthers,
    ...(servers === 0 ? [] : [`${countWords(servers, 'server')} of resolv.conf`]),
    ...(yaml === 0
      ? []
      : [object === null ? `${countWords(yaml, 'line')} of YAML` : `the YAML of ${object}`]),
  ];
}

/** A long list of ports says no more than its beginning. */
const mostPorts = 5;

/** What is not modelled of the devices of a host, by their names. */
function deviceWords(joined: KnownOfPod['joined'], stacked: KnownOfPod['stacked']): readonly string[] {
  const masters = [...new Set(joined.map(({ master }) => master))];
  return [
    ...masters.map((master) => {
      const ports = joined.flatMap((one) => (one.master === master ? [one.name] : []));
      const named = ports.slice(0, mostPorts).join(', ');
      const more = ports.length > mostPorts ? ` and ${ports.length - mostPorts} more` : '';
      return `Not modelled: ${master} has ${named}${more} for ${ports.length === 1 ? 'its port' : 'its ports'}, as a bridge or a bond does. A packet is followed to ${master}, and what one port sends to another is not walked.`;
    }),
    ...stacked.map(
      ({ name, lower }) =>
        `Not modelled: ${name} stands on ${lower}, as a VLAN does. A packet is followed to ${name}, and not through ${lower}.`,
    ),
  ];
}

/** What the walks know of the pod, in a sentence for each place where it was told; last what is assumed. */
export function knownWords({
  yaml,
  interfaces,
  joined,
  stacked,
  listens,
  connections,
  routingRules,
  routes,
  assumed,
}: KnownOfPod): readonly string[] {
  const ofApp = appWords(yaml);
  const routing = [
    ...(routingRules === undefined
      ? []
      : [`${countWords(routingRules, 'routing rule')} beside the kernel’s own`]),
    ...(routes === undefined ? [] : [countWords(routes, 'route')]),
  ];
  const ofExample = assumedWords(assumed);
  return [
    ...(ofApp.length === 0 ? [] : [`From ${yaml.object ?? 'the YAML'}: ${ofApp.join(', ')}.`]),
    ...(interfaces.length === 0
      ? []
      : [
          `From ip address or ip route: ${interfaces.map(({ name, addresses }) => `${name} has ${addresses.join(', ')}`).join('; ')}.`,
        ]),
    ...deviceWords(joined, stacked),
    ...(listens === undefined ? [] : [`From ss or netstat: the app listens on ${listens.join(', ')}.`]),
    ...(connections === undefined
      ? []
      : [`From conntrack: ${countWords(connections, 'connection')}, which a new one meets.`]),
    ...(routing.length === 0 ? [] : [`From ip rule and ip route: ${routing.join(' and ')}.`]),
    ...(ofExample.length === 0
      ? []
      : [`Not told by this text, and taken from the handbook’s example: ${ofExample.join(', ')}.`]),
  ];
}

function appWords({ uid, gid, ports, addresses }: AppFacts): readonly string[] {
  const owner = [...(uid === undefined ? [] : [`uid ${uid}`]), ...(gid === undefined ? [] : [`gid ${gid}`])];
  return [
    ...(owner.length === 0 ? [] : [`the app runs as ${owner.join(' and ')}`]),
    ...(ports === undefined ? [] : [`it listens on ${ports.join(', ')}`]),
    ...(addresses === undefined ? [] : [`its address is ${addresses.join(', ')}`]),
  ];
}

function assumedWords({ uid, gid, ports, addresses }: AppFacts): readonly string[] {
  return [
    ...(addresses === undefined ? [] : [`the address ${addresses.join(', ')}`]),
    ...(uid === undefined ? [] : [`the app’s uid ${uid}`]),
    ...(gid === undefined ? [] : [`its gid ${gid}`]),
    ...(ports === undefined ? [] : [`its port ${ports.join(', ')}`]),
  ];
}

/** Why the rules in a link cannot all be read, and what of them could be. */
export function damagedWords({ damage, lines }: DamagedLink): string {
  return lines === 0
    ? `The rules in this link cannot be read: ${damageWords(damage)}. Ask for the text itself.`
    : `The rules in this link cannot all be read: ${damageWords(damage)}. The first ${lines === 1 ? 'line' : `${lines} lines`} could be; ask for the text itself.`;
}

/** Why a text was not read at all; both count bytes, or characters. */
export function tooLargeWords(size: number, most: number): string {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;
  return `Nothing of this was read: it has ${megabytes(size)}, and at most ${megabytes(most)} are read here. Put in the part that is about the pod: 50,000 rules have 5 MB. What Envoy was told is smaller without its endpoints, as pilot-agent request GET config_dump prints it.`;
}

function damageWords(damage: Damage): string {
  switch (damage.kind) {
    case 'too long':
      return `it has ${damage.length} characters, and at most ${damage.most} are read`;
    case 'other characters':
      return 'it holds characters that no such link has';
    case 'unfolds too far':
      return `it unfolds to more than ${damage.most / 1024 / 1024} MB`;
    case 'cut off or changed':
      return 'it was cut off or changed on its way';
  }
}

/** `app uid 1000 to 10.96.0.7:80, tcp` */
export function connectionName({ client, destination, protocol }: SaidConnection): string {
  return client === null ? destination : `${stopText(client)} to ${destination}, ${protocol}`;
}

/** How many rules differ between two sides. */
export function differingWords(differing: number, isOfTwoLanguages = false, isOfTwoModes = false): string {
  if (isOfTwoModes)
    return 'One side is a pod with a sidecar, the other one of ambient mode. Each has rules of its own, so what is compared is whether a proxy has a connection, and whom it reaches.';
  if (isOfTwoLanguages) return twoLanguagesWords(differing);
  if (differing === 0) return 'The rules are the same.';
  return differing === 1
    ? '1 rule stands on one side only.'
    : `${grouped(differing)} rules stand on one side only.`;
}

/** Of a node and a pod of ambient mode. */
export const probeOverBothWords =
  'One side is a node, the other a pod, so they have no connection in common. A probe of the kubelet goes over the rules of the node, and then over those of the pod.';

/** Its parts. */
export const probeLegNames = ['On the node', 'In the pod'] as const;

/** Of a side in nftables and one in iptables. */
function twoLanguagesWords(differing: number): string {
  if (differing === 0)
    return 'One side is of nftables, the other of iptables, and both are what Istio programs for the same options.';
  return `One side is of nftables, the other of iptables. ${countWords(differing, 'rule')} would differ if Istio had written both in iptables.`;
}

/** How many connections go another way on the other side. */
export function waysWords({ walked, moved, different, otherwise, open }: CountedWays): string {
  const ends =
    different === 0
      ? ''
      : `, and ${otherwise === 0 ? 'none' : otherwise} of them ${otherwise === 1 ? 'ends' : 'end'} otherwise`;
  const same = moved === 0 ? '' : `; ${moved} more go by the same rules at other positions`;
  const unknown =
    open === 0
      ? ''
      : ` ${open} ${open === 1 ? 'stops' : 'stop'} on both at a rule of which nobody can tell whether it matches, and ${open === 1 ? 'is' : 'are'} not compared beyond it.`;
  return `${different === 0 ? 'None' : different} of ${walked} connections ${different === 1 ? 'goes' : 'go'} another way${ends}${same}.${unknown}`;
}

/** `1,200 rules`, `1 rule` */
export function countWords(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}
