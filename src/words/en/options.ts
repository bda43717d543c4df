/**
 * What is said of options: why one is refused or does something else than one would think, and why a release does not
 * heed it.
 */
import {
  type IgnoredReason,
  type OptionName,
  type OptionProblem,
  type OptionProblemCode,
  optionNames,
} from '../../istio/index.ts';

/** How the reader calls an option: by Istio's field, or by the annotation that sets it in a pod. */
export type Called = (option: OptionName) => string;

const byField: Called = (option) => option;

export interface OptionProblemWords {
  /** What in Istio or iptables forbids or ignores it. */
  readonly because: string;
  readonly fix: string;
}

/** What there is to say of a problem, in two sentences. `called` names other options as the reader knows them. */
export function optionProblemWords(problem: OptionProblem, called: Called = byField): OptionProblemWords {
  const words = problems[problem.code] as (
    problem: OptionProblem,
    called: Called,
  ) => readonly [string, string];
  const [because, fix] = words(problem, called);
  return { because, fix };
}

/** A problem in one line: `error: inboundPortsExclude "70000": … Write …` */
export function printOptionProblem(problem: OptionProblem): string {
  return `${problem.severity}: ${optionProblemText(problem)}`;
}

/** The same without its severity: `inboundPortsExclude "70000": … Write …` */
export function optionProblemText(problem: OptionProblem): string {
  const { because, fix } = optionProblemWords(problem);
  return `${problem.option} "${problem.value}": ${because} ${fix}`;
}

type Wording = {
  readonly [Code in OptionProblemCode]: (
    problem: OptionProblem & { readonly code: Code },
    called: Called,
  ) => readonly [because: string, fix: string];
};

const takeOut = 'Take it out of one of the two.';
const lookUp = 'Look the name up with ip link.';

const problems: Wording = {
  'address of the other family': ({ family }) => [
    `It is an IP${family} address among the IP${family === 'v4' ? 'v6' : 'v4'} ones.`,
    `Move it to dnsServers${family === 'v4' ? 'V4' : 'V6'}.`,
  ],
  'all beside groups': ({ option }, called) =>
    option === 'ownerGroupsInclude'
      ? [
          '"*" means all only where it stands alone: beside groups Istio would write --gid-owner *, which iptables refuses.',
          "Write '*' alone, or the groups without it.",
        ]
      : [
          'There is no "all" in this list: Istio would write --gid-owner *, which iptables refuses.',
          `To capture only some groups, name them in ${called('ownerGroupsInclude')}.`,
        ],
  'all beside ports': () => [
    '"*" means all only where it stands alone: beside ports Istio would write --dport *, which iptables refuses.',
    "Write '*' alone, or the ports without it.",
  ],
  'all beside ranges': () => [
    '"*" means all only where it stands alone.',
    "Write '*' alone, or the ranges without it.",
  ],
  'all excluded': (_, called) => [
    'Istio stops here: "invalid value for OUTBOUND_IP_RANGES_EXCLUDE".',
    `To capture nothing that leaves, set ${called('outboundIPRangesInclude')} to ''.`,
  ],
  'all included anyway': (_, called) => [
    `${called('outboundIPRangesInclude')} is "*", so every port is captured, these and all others.`,
    `Set ${called('outboundIPRangesInclude')} to '' to capture these ports alone.`,
  ],
  'all servers anyway': (_, called) => [
    `${called('captureAllDNS')} is on, so DNS to every server is captured, these and all others.`,
    `Set ${called('captureAllDNS')} to false to capture DNS to these servers alone.`,
  ],
  'always on': ({ since }, called) => [
    `Since ${since} the zones come with ${called('redirectDNS')}, and nothing turns them off.`,
    'Leave it out.',
  ],
  'blank in a range': ({ write }) => [
    'There is a blank in it: the injector refuses the annotation. istio-init by itself stops at such a range since 1.27, and left it out before.',
    `Write ${write}.`,
  ],
  'empty part': ({ write }) => [
    'The list has an empty part. The rule builder skips it; the injector refuses it in an annotation.',
    `Write '${write}'.`,
  ],
  'excluded too': ({ option }, called) => [
    option === 'outboundPortsInclude'
      ? `It is in ${called('outboundPortsExclude')} too, and the excluded ports come first: it is not captured.`
      : option === 'outboundIPRangesInclude'
        ? `${called('outboundIPRangesExclude')} holds all of it, and the excluded ranges come first: it is not captured.`
        : `It is in ${called('excludeInterfaces')} too, and the rules for virtual interfaces are inserted before those: what comes in by it is captured.`,
    takeOut,
  ],
  'host bits': ({ taken, alone }) => [
    `The address has bits behind the length: iptables clears them and takes ${taken}.`,
    `Write ${taken}, or ${alone} for the one address.`,
  ],
  'id too high': ({ option, most }) => [
    `A ${idOf(option)} ends at ${most}: iptables refuses the rule.`,
    "Write a smaller number, such as '1337'.",
  ],
  'interface name refused': () => [
    'Since 1.30 the injector and the CNI plugin refuse it, and with it the pod: a name begins with a letter, and letters, digits, "_", "." and "-" follow. There is no name that stands for several.',
    'Name each interface, as ip link shows it in the pod.',
  ],
  'interface name too long': ({ value }) => [
    `The name has ${value.length} characters, and Linux knows interfaces of up to 15: iptables refuses the rule.`,
    lookUp,
  ],
  'interface named *': () => [
    'It is taken for a name: "*" does not mean all here, and 1.30 and newer releases refuse it.',
    'Name each interface, as ip link shows it in the pod.',
  ],
  'loopback included': () => [
    'With a loopback range Istio leaves out the rules that return what processes of the pod say to each other over lo, in both families.',
    'Include it only where the app is to reach itself through Envoy.',
  ],
  'mark of every packet': () => [
    'Every packet without a mark has the mark 0.',
    "Write another number, such as '1337'.",
  ],
  'mark of self calls': () => [
    'Istio marks what the proxy sends to its own pod with 1338: with the same number here the two are taken for each other.',
    "Write another number, such as '1337'.",
  ],
  'mode unknown to CNI': (_, called) => [
    'The CNI plugin knows only REDIRECT and TPROXY in the annotation, and refuses the pod.',
    `Set ${called('cni')} to false, or leave the pod out of the injection.`,
  ],
  'no IPv6': (_, called) => [
    'The pod has no IPv6, so Istio writes no IPv6 rules.',
    `Set ${called('enableIPv6')} to true where the pod has an IPv6 address.`,
  ],
  'no address': ({ option }) => [
    'It is no address. Istio takes the servers from resolv.conf as they stand, and iptables refuses the rule.',
    option === 'dnsServersV4'
      ? 'Write an IPv4 address, such as 10.96.0.10.'
      : 'Write an IPv6 address, such as fd00::a.',
  ],
  'no all in the list': ({ option }, called) => [
    'There is no "all" in this list: Istio would write --dport *, which iptables refuses.',
    option === 'inboundPortsExclude'
      ? `To capture nothing that comes in, set ${called('inboundPortsInclude')} to ''.`
      : option === 'outboundPortsInclude'
        ? `To capture everything, set ${called('outboundIPRangesInclude')} to '*'.`
        : `To capture nothing that leaves, set ${called('outboundIPRangesInclude')} and ${called('outboundPortsInclude')} to ''.`,
  ],
  'no group included': () => [
    'No group is included: Istio writes ISTIO_OUTPUT -j RETURN, and nothing that leaves is captured.',
    "Write '*' for all groups.",
  ],
  'no interface name': () => ['No interface can have this name in a rule.', lookUp],
  'no loopback range': () => [
    'Istio wants an IPv4 loopback address with a length from 8 to 32, and stops at anything else.',
    "Write '127.0.0.1/32' for localhost alone, or '127.0.0.1/8' for all of it.",
  ],
  'no number': ({ option, write }) => [
    `Istio reads ${option === 'inboundTProxyMark' ? 'the mark' : 'the number of the routing table'} as a decimal number and stops at anything else; it has 32 bits.`,
    `Write '${write}', or another decimal number.`,
  ],
  'no owner': ({ option }) => [
    `It is no ${idOf(option)}: iptables takes a number or the name of a ${ownerOf(option)}.`,
    "Write a number, such as '1337'.",
  ],
  'no port': () => [
    'A port is a decimal number: the injector refuses anything else, names of services too. With leading zeros iptables reads another number, or none: 010 is 8.',
    'Write a port from 0 to 65535, such as 8080.',
  ],
  'no range': ({ write }) => [
    'It is no range: the injector refuses the annotation. istio-init by itself stops at such a range since 1.27, and left it out before.',
    write === null
      ? 'Write an address, a slash and a length: 10.0.0.0/8 or 2001:db8::/32.'
      : `Write ${write}.`,
  ],
  'no record': () => ['Options are a record.', 'Write { redirectDNS: true }, or leave them out.'],
  'no rule by itself': (_, called) => [
    'It changes no rule by itself: with it Istio looks at all addresses of the pod and not only at the first, to find out whether there is IPv6.',
    `Set ${called('enableIPv6')} to true where the pod has an IPv6 address.`,
  ],
  'no servers': ({ leavesRules }, called) => [
    leavesRules
      ? `Without DNS servers and without ${called('captureAllDNS')} Istio writes the rules around DNS capture, and none that captures.`
      : `Without DNS servers and without ${called('captureAllDNS')} Istio captures no DNS at all.`,
    `Give the servers of the pod's resolv.conf in ${called('dnsServersV4')} and ${called('dnsServersV6')}.`,
  ],
  'no table for IPv6': ({ write }) => [
    'IPv6 has no rule for table 0: the kernel refuses it, and istio-init stops.',
    `Write '${write}', or another number.`,
  ],
  'not the mark of Envoy': ({ write }) => [
    `Envoy marks what it sends to the app with ${write}, whatever is set here. The rules look for another mark, so the answers of the app do not come back to Envoy, and what arrives at the pod gets no answer.`,
    `Write '${write}'.`,
  ],
  'one port for both directions': ({ write }, called) => [
    `It is the ${called('proxyPort')} too: what comes in and what goes out end at one listener, which cannot tell them apart.`,
    `Write '${write}'.`,
  ],
  'only with DNS capture': (_, called) => [
    `Istio heeds it only where ${called('redirectDNS')} is on.`,
    `Set ${called('redirectDNS')} to true.`,
  ],
  'only with all included': ({ option, captured }, called) => {
    const included = called(option === 'inboundPortsExclude' ? 'inboundPortsInclude' : 'ownerGroupsInclude');
    const anyway =
      captured === null ? '' : `; here only ${captured === '' ? 'nothing' : captured} is captured anyway`;
    return [
      `Istio heeds it only where ${included} is "*"${anyway}.`,
      `Leave it out, or set ${included} to '*'.`,
    ];
  },
  'owner by name': ({ option }) => [
    `Istio hands the name on, and iptables looks it up in the image of the init container; where no ${ownerOf(option)} has it there, iptables refuses the rule. What it stands for is not known here.`,
    `Write the number of the ${ownerOf(option)}.`,
  ],
  'owner left out': ({ option }) => [
    option === 'proxyUID'
      ? 'Istio takes the uid of the user istio-proxy, which is 1337.'
      : 'Istio takes the same number as for the uid.',
    "Write '1337' to say so.",
  ],
  'port too high': () => [
    'Ports end at 65535: iptables refuses the rule, and with it the table.',
    'Write a port from 0 to 65535.',
  ],
  'range of ports': () => [
    'Istio takes no range of ports: the injector refuses the annotation.',
    'List the ports one by one: 8000,8001,8002.',
  ],
  'root as proxy': () => [
    'Every process of root counts as the proxy then: nothing that root sends is captured.',
    "Write '1337', also where the proxy runs as root in TPROXY mode: its gid 1337 is enough to know it by.",
  ],
  'table of the kernel': () => [
    'It is a table of the kernel (0 any, 253 default, 254 main, 255 local): a local default route in it sends all traffic of the pod to lo.',
    "Write another number, such as '133'.",
  ],
  'too many groups': ({ count, most }, called) => [
    `Istio takes at most ${most} included groups, since they all go into one rule; here are ${count}.`,
    `Include fewer, or set it to * and name the other groups in ${called('ownerGroupsExclude')}.`,
  ],
  'too many groups for a line': ({ count, most }, called) => [
    `Istio lets ${count} groups pass, but iptables-restore reads at most 255 words in a line, and all included groups go into one: more than ${most} are refused.`,
    `Include at most ${most}, or set it to * and name the other groups in ${called('ownerGroupsExclude')}.`,
  ],
  'unknown mode': ({ write }) => [
    'The injector takes REDIRECT, TPROXY or NONE in the annotation sidecar.istio.io/interceptionMode, and refuses the pod.',
    `Write '${write}'.`,
  ],
  'unknown option': ({ meant }) => [
    'No option of Istio that shapes the rules has this name, so it is not heeded.',
    meant === null ? `The options are ${optionNames.join(', ')}.` : `Did you mean ${meant}?`,
  ],
  'refused by nft': ({ why }) =>
    why === 'place not there'
      ? [
          'Istio inserts a rule at a place that its chain does not have yet, and nft then takes none of the rules: the pod does not start. 1.27.4 and 1.28.1 append it instead.',
          'Include an inbound port, or take 1.27.4, 1.28.1 or newer.',
        ]
      : [
          'Istio jumps to a chain that it does not make with these DNS servers, and nft then takes none of the rules: the pod does not start.',
          'Give the pod a DNS server of its own family, or set captureAllDNS.',
        ],
  'newer release': ({ newest }) => [
    `It is newer than the newest release that is known here, ${newest}, and is taken as that.`,
    'Where the rules of a pod differ from those shown, believe the pod.',
  ],
  'unknown release': ({ nearest, first, last }) => {
    const names = nearest.map((name) => `"${name}"`);
    return [
      `Known are the releases from ${first} to ${last}, with or without a patch number, such as "1.17" or "1.17.8".`,
      `Nearest are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}.`,
    ];
  },
  'wrong type': ({ wanted, example }) => {
    switch (wanted) {
      case 'addresses':
        return ['It is a list of addresses.', "Write ['10.96.0.10']."];
      case 'boolean':
        return ['It is a boolean.', 'Write true or false.'];
      case 'string':
        return ['It is a string.', `Write it as text, such as '${example}'.`];
    }
  },
};

function idOf(option: string): string {
  return option === 'proxyUID' ? 'uid' : 'gid';
}

function ownerOf(option: string): string {
  return option === 'proxyUID' ? 'user' : 'group';
}

/** Why an option is not heeded, in a sentence: `the CNI plugin …`, with a small letter where it is no name. */
export function ignoredSentence(reason: IgnoredReason, called: Called = byField): string {
  switch (reason.code) {
    case 'unknown to the release': {
      const what = reason.family === undefined ? 'it' : `it for IP${reason.family}`;
      const came = reason.since === undefined ? '' : `: it came with ${reason.since}`;
      return `Istio ${reason.release} does not know ${what}${came}.`;
    }
    case 'no TPROXY for IPv6':
      return `Istio ${reason.release} redirects IPv6 in TPROXY mode too: TPROXY for IPv6 came with ${reason.since}.`;
    case 'unknown to CNI':
      return `the CNI plugin of Istio ${reason.release} does not know it: it came with ${reason.since}.`;
    case 'in the environment of CNI':
      return 'the CNI plugin reads it from its own environment and not from the pod.';
    case 'CNI captures all or none':
      return `the CNI plugin captures the DNS of all servers where ${called('redirectDNS')} is on, and none otherwise.`;
    case 'fixed with CNI':
      return 'the CNI plugin has its own value for it.';
    case 'no resolv.conf with CNI':
      return 'the CNI plugin does not read resolv.conf: it captures the DNS of all servers or none.';
  }
}
