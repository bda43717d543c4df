/**
 * Each option by itself: values that Istio or iptables refuses, or understands otherwise than one would think.
 */
import { nearest, readAddress } from '../../netfilter/index.ts';
import { interceptionModes, type OptionKind } from './kinds.ts';
import { defaultOptions, type OptionName, splitList } from './options.ts';
import { error, type Fault, warning } from './problem.ts';
import { isLoopback, readRange } from './ranges.ts';

export const checks: Readonly<
  Record<OptionKind, (text: string, value: unknown, name: OptionName) => readonly Fault[]>
> = {
  port: (text) => checkPort(text),
  ports: (text, _, name) => [
    ...emptyParts(text),
    ...splitList(text).flatMap((part) =>
      part === '*'
        ? [
            error(
              'no all in the list',
              text,
              'There is no "all" in this list: Istio would write --dport *, which iptables refuses.',
              name === 'inboundPortsExclude'
                ? (called) => `To capture nothing that comes in, set ${called('inboundPortsInclude')} to ''.`
                : name === 'outboundPortsInclude'
                  ? (called) => `To capture everything, set ${called('outboundIPRangesInclude')} to '*'.`
                  : (called) =>
                      `To capture nothing that leaves, set ${called('outboundIPRangesInclude')} and ${called('outboundPortsInclude')} to ''.`,
            ),
          ]
        : checkPort(part),
    ),
  ],
  'ports or all': (text) =>
    text === '*' ? [] : [...emptyParts(text), ...splitList(text).flatMap(portBesideAll)],
  users: (text, _, name) =>
    text === ''
      ? [
          warning(
            'owner left out',
            text,
            name === 'proxyUID'
              ? 'Istio takes the uid of the user istio-proxy, which is 1337.'
              : 'Istio takes the same number as for the uid.',
            "Write '1337' to say so.",
          ),
        ]
      : [...emptyParts(text), ...splitList(text).flatMap((part) => checkOwner(part, name))],
  groups: (text, _, name) => [...emptyParts(text), ...checkGroups(text, name)],
  'groups or all': (text, _, name) => (text === '*' ? [] : [...emptyParts(text), ...checkGroups(text, name)]),
  mode: (text) =>
    text === '' || (interceptionModes as readonly string[]).includes(text)
      ? []
      : [
          error(
            'unknown mode',
            text,
            'The injector takes REDIRECT, TPROXY or NONE in the annotation sidecar.istio.io/interceptionMode, and refuses the pod.',
            `Write '${nearest(text, interceptionModes) ?? (interceptionModes.find((mode) => mode === text.toUpperCase()) || 'REDIRECT')}'.`,
          ),
        ],
  number: (text, _, name) => checkNumber(text, name),
  ranges: (text) => (text === '*' ? [allExcluded] : checkRanges(text)),
  'ranges or all': (text) => (text === '*' ? [] : checkRanges(text)),
  interfaces: (text) => [...emptyParts(text), ...splitList(text).flatMap(checkInterface)],
  servers: (_, value, name) => (value as readonly string[]).flatMap((server) => checkServer(server, name)),
  loopback: (text) => checkLoopback(text),
  switch: () => [],
};

function emptyParts(text: string): readonly Fault[] {
  if (text === '' || text.split(',').every((part) => part.trim() !== '')) return [];
  return [
    warning(
      'empty part',
      text,
      'The list has an empty part. The rule builder skips it; the injector refuses it in an annotation.',
      `Write '${splitList(text).join(',')}'.`,
    ),
  ];
}

const decimal = /^(0|[1-9]\d{0,14})$/;

function checkPort(text: string): readonly Fault[] {
  if (decimal.test(text)) {
    if (Number(text) <= 65535) return [];
    return [
      error(
        'port too high',
        text,
        'Ports end at 65535: iptables refuses the rule, and with it the table.',
        'Write a port from 0 to 65535.',
      ),
    ];
  }
  if (/^\d+[:-]\d+$/.test(text)) {
    return [
      error(
        'range of ports',
        text,
        'Istio takes no range of ports: the injector refuses the annotation.',
        'List the ports one by one: 8000,8001,8002.',
      ),
    ];
  }
  return [
    error(
      'no port',
      text,
      'A port is a decimal number: the injector refuses anything else, names of services and leading zeros too.',
      'Write a port from 0 to 65535, such as 8080.',
    ),
  ];
}

function portBesideAll(text: string): readonly Fault[] {
  if (text !== '*') return checkPort(text);
  return [
    error(
      'all beside ports',
      text,
      '"*" means all only where it stands alone: beside ports Istio would write --dport *, which iptables refuses.',
      "Write '*' alone, or the ports without it.",
    ),
  ];
}

const highestId = 4294967294;
const ownerName = /^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/;

function checkOwner(text: string, name: OptionName): readonly Fault[] {
  const kind = name === 'proxyUID' ? 'user' : 'group';
  const short = name === 'proxyUID' ? 'uid' : 'gid';
  if (decimal.test(text)) {
    if (Number(text) > highestId) {
      return [
        error(
          'id too high',
          text,
          `A ${short} ends at ${highestId}: iptables refuses the rule.`,
          "Write a smaller number, such as '1337'.",
        ),
      ];
    }
    return text === '0' && name === 'proxyUID'
      ? [
          warning(
            'root as proxy',
            text,
            'Every process of root counts as the proxy then: nothing that root sends is captured.',
            "Write '1337', also where the proxy runs as root in TPROXY mode: its gid 1337 is enough to know it by.",
          ),
        ]
      : [];
  }
  if (ownerName.test(text)) {
    return [
      warning(
        'owner by name',
        text,
        `Istio hands the name on, and iptables looks it up in the image of the init container; where no ${kind} has it there, iptables refuses the rule. What it stands for is not known here.`,
        `Write the number of the ${kind}.`,
      ),
    ];
  }
  return [
    error(
      'no owner',
      text,
      `It is no ${short}: iptables takes a number or the name of a ${kind}.`,
      `Write a number, such as '1337'.`,
    ),
  ];
}

/** Istio's own limit. Source: ValidateOwnerGroups. */
const mostGroups = 64;

/** Five words for each group, beside those of the rest: seen with iptables 1.8.9, both back ends. */
export const mostInOneLine = 49;
export const mostWithDns = 48;

function checkGroups(text: string, name: OptionName): readonly Fault[] {
  const groups = splitList(text);
  const tooMany =
    name === 'ownerGroupsInclude' && groups.length > mostGroups
      ? [
          error(
            'too many groups',
            text,
            `Istio takes at most ${mostGroups} included groups, since they all go into one rule; here are ${groups.length}.`,
            (called) =>
              `Include fewer, or set it to * and name the other groups in ${called('ownerGroupsExclude')}.`,
          ),
        ]
      : [];
  return [
    ...tooMany,
    ...groups.flatMap((group) =>
      group === '*'
        ? [
            error(
              'all beside groups',
              group,
              name === 'ownerGroupsInclude'
                ? '"*" means all only where it stands alone: beside groups Istio would write --gid-owner *, which iptables refuses.'
                : 'There is no "all" in this list: Istio would write --gid-owner *, which iptables refuses.',
              name === 'ownerGroupsInclude'
                ? "Write '*' alone, or the groups without it."
                : (called) => `To capture only some groups, name them in ${called('ownerGroupsInclude')}.`,
            ),
          ]
        : checkOwner(group, name),
    ),
  ];
}

function checkNumber(text: string, name: OptionName): readonly Fault[] {
  const isMark = name === 'inboundTProxyMark';
  if (!decimal.test(text) || Number(text) > 4294967295) {
    return [
      error(
        'no number',
        text,
        `Istio reads ${isMark ? 'the mark' : 'the number of the routing table'} as a decimal number of 32 bits and stops at anything else.`,
        `Write '${defaultOptions[name]}', or another decimal number.`,
      ),
    ];
  }
  if (isMark && text === '1338') {
    return [
      warning(
        'mark of self calls',
        text,
        'Istio marks what the proxy sends to its own pod with 1338: with the same number here the two are taken for each other.',
        "Write another number, such as '1337'.",
      ),
    ];
  }
  if (isMark && text === '0') {
    return [
      warning(
        'mark of every packet',
        text,
        'Every packet without a mark has the mark 0.',
        "Write another number, such as '1337'.",
      ),
    ];
  }
  if (!isMark && ['0', '253', '254', '255'].includes(text)) {
    return [
      warning(
        'table of the kernel',
        text,
        'It is a table of the kernel (0 any, 253 default, 254 main, 255 local): a local default route in it sends all traffic of the pod to lo.',
        "Write another number, such as '133'.",
      ),
    ];
  }
  return [];
}

const allExcluded = error(
  'all excluded',
  '*',
  'Istio stops here: "invalid value for OUTBOUND_IP_RANGES_EXCLUDE".',
  (called) => `To capture nothing that leaves, set ${called('outboundIPRangesInclude')} to ''.`,
);

function checkRanges(text: string): readonly Fault[] {
  return [
    ...emptyParts(text),
    ...text
      .split(',')
      .filter((part) => part.trim() !== '')
      .flatMap(checkRange),
  ];
}

function checkRange(text: string): readonly Fault[] {
  const range = readRange(text.trim());
  if (text === '*') {
    return [
      error(
        'all beside ranges',
        text,
        '"*" means all only where it stands alone.',
        "Write '*' alone, or the ranges without it.",
      ),
    ];
  }
  if (range === null) {
    return [
      error(
        'no range',
        text,
        'It is no range: the injector refuses the annotation, and the rule builder by itself would leave it out without a word.',
        readAddress(text.trim()) === null
          ? 'Write an address, a slash and a length: 10.0.0.0/8 or 2001:db8::/32.'
          : `Write ${text.trim()}/${text.includes(':') ? 128 : 32}.`,
      ),
    ];
  }
  if (text !== text.trim()) {
    return [
      error(
        'blank in a range',
        text,
        'There is a blank in it: the injector refuses the annotation, and the rule builder by itself would leave the range out without a word.',
        `Write ${text.trim()}.`,
      ),
    ];
  }
  if (range.address !== range.prefix.address) {
    return [
      warning(
        'host bits',
        text,
        `The address has bits behind the length: iptables clears them and takes ${range.text}.`,
        `Write ${range.text}, or ${text.slice(0, text.indexOf('/'))}/${range.prefix.family === 'v4' ? 32 : 128} for the one address.`,
      ),
    ];
  }
  return [];
}

function checkInterface(text: string): readonly Fault[] {
  if (text.length > 15) {
    return [
      error(
        'interface name too long',
        text,
        `The name has ${text.length} characters, and Linux knows interfaces of up to 15: iptables refuses the rule.`,
        'Look the name up with ip link.',
      ),
    ];
  }
  if (/[\s/"'\\]/.test(text) || /^[-!]/.test(text)) {
    return [
      error(
        'no interface name',
        text,
        'No interface can have this name in a rule.',
        'Look the name up with ip link.',
      ),
    ];
  }
  if (text === '*') {
    return [
      warning(
        'interface named *',
        text,
        'It is taken for a name: "*" does not mean all here.',
        'Name the interfaces; net+ means all that begin with net.',
      ),
    ];
  }
  return [];
}

function checkServer(text: string, name: OptionName): readonly Fault[] {
  const family = name === 'dnsServersV4' ? 'v4' : 'v6';
  const read = readAddress(text);
  if (read === null) {
    return [
      error(
        'no address',
        text,
        'It is no address. Istio takes the servers from resolv.conf as they stand, and iptables refuses the rule.',
        family === 'v4'
          ? 'Write an IPv4 address, such as 10.96.0.10.'
          : 'Write an IPv6 address, such as fd00::a.',
      ),
    ];
  }
  if (read.family === family) return [];
  return [
    error(
      'address of the other family',
      text,
      `It is an IP${read.family} address among the IP${family} ones.`,
      `Move it to dnsServers${read.family === 'v4' ? 'V4' : 'V6'}.`,
    ),
  ];
}

function checkLoopback(text: string): readonly Fault[] {
  const range = readRange(text);
  if (range !== null && isLoopback(range) && range.prefix.family === 'v4' && Number(text.split('/')[1]) >= 8)
    return [];
  return [
    error(
      'no loopback range',
      text,
      'Istio wants an IPv4 loopback address with a length from 8 to 32, and stops at anything else.',
      "Write '127.0.0.1/32' for localhost alone, or '127.0.0.1/8' for all of it.",
    ),
  ];
}
