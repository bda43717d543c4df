/**
 * Options that Istio or iptables refuses, ignores, or understands otherwise than one would think.
 */
import { nearest, readAddress } from '../../netfilter/index.ts';
import { changes } from '../history/changes.ts';
import { at, isSince, type ReleaseNumber, readRelease } from '../history/release.ts';
import { isKnown, nearestReleases, newestRelease, releaseNames } from '../history/release-names.ts';
import { interceptionModes, type OptionKind, optionKinds } from './kinds.ts';
import {
  completeOptions,
  defaultOptions,
  type OptionName,
  type Options,
  optionNames,
  splitList,
} from './options.ts';
import { isLoopback, type Range, readRange } from './ranges.ts';

export interface OptionProblem {
  /** An error: no rule is programmed and the pod does not start. A warning: it does, and this is what happens. */
  readonly severity: 'error' | 'warning';
  /** The option's name, or `release`. */
  readonly option: string;
  readonly value: string;
  /** What in Istio or iptables forbids or ignores it. */
  readonly because: string;
  readonly mend: string;
}

/** A problem in one line: `error: inboundPortsExclude "70000": … Write …` */
export function printOptionProblem({ severity, option, value, because, mend }: OptionProblem): string {
  return `${severity}: ${option} "${value}": ${because} ${mend}`;
}

type Finding = Omit<OptionProblem, 'option'>;

function error(value: string, because: string, mend: string): Finding {
  return { severity: 'error', value, because, mend };
}

function warning(value: string, because: string, mend: string): Finding {
  return { severity: 'warning', value, because, mend };
}

/**
 * All that is wrong or surprising in options for a release, in the order of the options. Never throws, also for
 * values of other types than `Options` allows. Options that the release does not heed are not looked at: they
 * are `ignored` in what `rulesFor` answers. `newest` is the newest release that is known.
 */
export function checkOptions(
  release: string,
  options: Partial<Options> = {},
  newest: string = newestRelease,
): readonly OptionProblem[] {
  const number = typeof release === 'string' ? readRelease(release) : null;
  if (number === null || !isKnown(number, newest)) return [unknownRelease(print(release))];
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return [
      {
        option: 'options',
        ...error(print(given), 'Options are a record.', 'Write { redirectDNS: true }, or leave them out.'),
      },
    ];
  }
  const strange = Object.keys(given)
    .filter((name) => !(optionNames as readonly string[]).includes(name))
    .map((name) => unknownOption(name, (given as Record<string, unknown>)[name]));
  const wrongTypes = optionNames.flatMap((name) => checkType(name, (given as Record<string, unknown>)[name]));
  if (wrongTypes.length > 0) return [...strange, ...wrongTypes];

  const complete = completeOptions(options);
  const looked = optionNames.filter((name) => isHeeded(name, number, complete));
  const alone = looked.flatMap((name) =>
    checks[optionKinds[name].kind](String(complete[name]), complete[name], name).map((finding) => ({
      option: name,
      ...finding,
    })),
  );
  const together = alone.some(({ severity }) => severity === 'error')
    ? []
    : combinations.flatMap(([option, check]) =>
        looked.includes(option) ? check(complete, number).map((finding) => ({ option, ...finding })) : [],
      );
  return [...strange, ...alone, ...together];
}

function unknownRelease(release: string): OptionProblem {
  const names = nearestReleases(release).map((name) => `"${name}"`);
  return {
    severity: 'error',
    option: 'release',
    value: release,
    because: `Known are the releases from ${releaseNames[0]} to ${newestRelease}, with or without a patch number, such as "1.17" or "1.17.8".`,
    mend: `Nearest are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}.`,
  };
}

function unknownOption(name: string, value: unknown): OptionProblem {
  const meant = nearest(name, optionNames);
  return {
    option: name,
    ...warning(
      print(value),
      'No option of Istio that shapes the rules has this name, so it is not heeded.',
      meant === null ? `The options are ${optionNames.join(', ')}.` : `Did you mean ${meant}?`,
    ),
  };
}

function print(value: unknown): string {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? value.join(',') : 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function checkType(name: OptionName, value: unknown): readonly OptionProblem[] {
  if (value === undefined) return [];
  const example = defaultOptions[name];
  if (Array.isArray(example)) {
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return [];
    return [{ option: name, ...error(print(value), 'It is a list of addresses.', "Write ['10.96.0.10'].") }];
  }
  if (typeof value === typeof example) return [];
  const mend =
    typeof example === 'boolean' ? 'Write true or false.' : `Write it as text, such as '${example}'.`;
  return [{ option: name, ...error(print(value), `It is a ${typeof example}.`, mend) }];
}

/** True where a release heeds an option for one family at least, and the CNI plugin does where it is asked. */
function isHeeded(name: OptionName, release: ReleaseNumber, options: Options): boolean {
  const { since } = optionKinds[name];
  if (since !== undefined && at(since, release, 'v4') === null && at(since, release, 'v6') === null)
    return false;
  return !(options.cni && notOfCni.includes(name));
}

const notOfCni: readonly OptionName[] = [
  'ownerGroupsInclude',
  'ownerGroupsExclude',
  'hostIPv4LoopbackCidr',
  'captureAllDNS',
  'dnsServersV4',
  'dnsServersV6',
];

// --- One option by itself -----------------------------------------------------------------------------------

const checks: Readonly<
  Record<OptionKind, (text: string, value: unknown, name: OptionName) => readonly Finding[]>
> = {
  port: (text) => checkPort(text),
  ports: (text, _, name) => [
    ...emptyParts(text),
    ...splitList(text).flatMap((part) =>
      part === '*'
        ? [
            error(
              text,
              'There is no "all" in this list: Istio would write --dport *, which iptables refuses.',
              name === 'inboundPortsExclude'
                ? "To capture nothing that comes in, set inboundPortsInclude to ''."
                : name === 'outboundPortsInclude'
                  ? "To capture everything, set outboundIPRangesInclude to '*'."
                  : "To capture nothing that leaves, set outboundIPRangesInclude and outboundPortsInclude to ''.",
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

function emptyParts(text: string): readonly Finding[] {
  if (text === '' || text.split(',').every((part) => part.trim() !== '')) return [];
  return [
    warning(
      text,
      'The list has an empty part. The rule builder skips it; the injector refuses it in an annotation.',
      `Write '${splitList(text).join(',')}'.`,
    ),
  ];
}

const decimal = /^(0|[1-9]\d{0,14})$/;

function checkPort(text: string): readonly Finding[] {
  if (decimal.test(text)) {
    if (Number(text) <= 65535) return [];
    return [
      error(
        text,
        'Ports end at 65535: iptables refuses the rule, and with it the table.',
        'Write a port from 0 to 65535.',
      ),
    ];
  }
  if (/^\d+[:-]\d+$/.test(text)) {
    return [
      error(
        text,
        'Istio takes no range of ports: the injector refuses the annotation.',
        'List the ports one by one: 8000,8001,8002.',
      ),
    ];
  }
  return [
    error(
      text,
      'A port is a decimal number: the injector refuses anything else, names of services and leading zeros too.',
      'Write a port from 0 to 65535, such as 8080.',
    ),
  ];
}

function portBesideAll(text: string): readonly Finding[] {
  if (text !== '*') return checkPort(text);
  return [
    error(
      text,
      '"*" means all only where it stands alone: beside ports Istio would write --dport *, which iptables refuses.',
      "Write '*' alone, or the ports without it.",
    ),
  ];
}

const highestId = 4294967294;
const ownerName = /^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/;

function checkOwner(text: string, name: OptionName): readonly Finding[] {
  const kind = name === 'proxyUID' ? 'user' : 'group';
  const short = name === 'proxyUID' ? 'uid' : 'gid';
  if (decimal.test(text)) {
    if (Number(text) > highestId) {
      return [
        error(
          text,
          `A ${short} ends at ${highestId}: iptables refuses the rule.`,
          "Write a smaller number, such as '1337'.",
        ),
      ];
    }
    return text === '0' && name === 'proxyUID'
      ? [
          warning(
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
        text,
        `Istio hands the name on, and iptables looks it up in the image of the init container; where no ${kind} has it there, iptables refuses the rule. What it stands for is not known here.`,
        `Write the number of the ${kind}.`,
      ),
    ];
  }
  return [
    error(
      text,
      `It is no ${short}: iptables takes a number or the name of a ${kind}.`,
      `Write a number, such as '1337'.`,
    ),
  ];
}

/** Istio's own limit. Source: ValidateOwnerGroups. */
const mostGroups = 64;

/** Five words for each group, beside those of the rest: seen with iptables 1.8.9, both back ends. */
const mostInOneLine = 49;
const mostWithDns = 48;

function checkGroups(text: string, name: OptionName): readonly Finding[] {
  const groups = splitList(text);
  const tooMany =
    name === 'ownerGroupsInclude' && groups.length > mostGroups
      ? [
          error(
            text,
            `Istio takes at most ${mostGroups} included groups, since they all go into one rule; here are ${groups.length}.`,
            'Include fewer, or set it to * and name the other groups in ownerGroupsExclude.',
          ),
        ]
      : [];
  return [
    ...tooMany,
    ...groups.flatMap((group) =>
      group === '*'
        ? [
            error(
              group,
              name === 'ownerGroupsInclude'
                ? '"*" means all only where it stands alone: beside groups Istio would write --gid-owner *, which iptables refuses.'
                : 'There is no "all" in this list: Istio would write --gid-owner *, which iptables refuses.',
              name === 'ownerGroupsInclude'
                ? "Write '*' alone, or the groups without it."
                : 'To capture only some groups, name them in ownerGroupsInclude.',
            ),
          ]
        : checkOwner(group, name),
    ),
  ];
}

function checkNumber(text: string, name: OptionName): readonly Finding[] {
  const isMark = name === 'inboundTProxyMark';
  if (!decimal.test(text) || Number(text) > 4294967295) {
    return [
      error(
        text,
        `Istio reads ${isMark ? 'the mark' : 'the number of the routing table'} as a decimal number of 32 bits and stops at anything else.`,
        `Write '${defaultOptions[name]}', or another decimal number.`,
      ),
    ];
  }
  if (isMark && text === '1338') {
    return [
      warning(
        text,
        'Istio marks what the proxy sends to its own pod with 1338: with the same number here the two are taken for each other.',
        "Write another number, such as '1337'.",
      ),
    ];
  }
  if (isMark && text === '0') {
    return [
      warning(text, 'Every packet without a mark has the mark 0.', "Write another number, such as '1337'."),
    ];
  }
  if (!isMark && ['0', '253', '254', '255'].includes(text)) {
    return [
      warning(
        text,
        'It is a table of the kernel (0 any, 253 default, 254 main, 255 local): a local default route in it sends all traffic of the pod to lo.',
        "Write another number, such as '133'.",
      ),
    ];
  }
  return [];
}

const allExcluded = error(
  '*',
  'Istio stops here: "invalid value for OUTBOUND_IP_RANGES_EXCLUDE".',
  "To capture nothing that leaves, set outboundIPRangesInclude to ''.",
);

function checkRanges(text: string): readonly Finding[] {
  return [
    ...emptyParts(text),
    ...text
      .split(',')
      .filter((part) => part.trim() !== '')
      .flatMap(checkRange),
  ];
}

function checkRange(text: string): readonly Finding[] {
  const range = readRange(text.trim());
  if (text === '*') {
    return [
      error(text, '"*" means all only where it stands alone.', "Write '*' alone, or the ranges without it."),
    ];
  }
  if (range === null) {
    return [
      error(
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
        text,
        'There is a blank in it: the injector refuses the annotation, and the rule builder by itself would leave the range out without a word.',
        `Write ${text.trim()}.`,
      ),
    ];
  }
  if (range.address !== range.prefix.address) {
    return [
      warning(
        text,
        `The address has bits behind the length: iptables clears them and takes ${range.text}.`,
        `Write ${range.text}, or ${text.slice(0, text.indexOf('/'))}/${range.prefix.family === 'v4' ? 32 : 128} for the one address.`,
      ),
    ];
  }
  return [];
}

function checkInterface(text: string): readonly Finding[] {
  if (text.length > 15) {
    return [
      error(
        text,
        `The name has ${text.length} characters, and Linux knows interfaces of up to 15: iptables refuses the rule.`,
        'Look the name up with ip link.',
      ),
    ];
  }
  if (/[\s/"'\\]/.test(text) || /^[-!]/.test(text)) {
    return [error(text, 'No interface can have this name in a rule.', 'Look the name up with ip link.')];
  }
  if (text === '*') {
    return [
      warning(
        text,
        'It is taken for a name: "*" does not mean all here.',
        'Name the interfaces; net+ means all that begin with net.',
      ),
    ];
  }
  return [];
}

function checkServer(text: string, name: OptionName): readonly Finding[] {
  const family = name === 'dnsServersV4' ? 'v4' : 'v6';
  const read = readAddress(text);
  if (read === null) {
    return [
      error(
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
      text,
      `It is an IP${read.family} address among the IP${family} ones.`,
      `Move it to dnsServers${read.family === 'v4' ? 'V4' : 'V6'}.`,
    ),
  ];
}

function checkLoopback(text: string): readonly Finding[] {
  const range = readRange(text);
  if (range !== null && isLoopback(range) && range.prefix.family === 'v4' && Number(text.split('/')[1]) >= 8)
    return [];
  return [
    error(
      text,
      'Istio wants an IPv4 loopback address with a length from 8 to 32, and stops at anything else.',
      "Write '127.0.0.1/32' for localhost alone, or '127.0.0.1/8' for all of it.",
    ),
  ];
}

// --- Options together ---------------------------------------------------------------------------------------

type Combination = readonly [OptionName, (options: Options, release: ReleaseNumber) => readonly Finding[]];

const combinations: readonly Combination[] = [
  [
    'inboundCapturePort',
    ({ inboundCapturePort, proxyPort }) =>
      inboundCapturePort === proxyPort
        ? [
            warning(
              inboundCapturePort,
              'It is the proxyPort too: what comes in and what goes out end at one listener, which cannot tell them apart.',
              `Write '${defaultOptions.inboundCapturePort}'.`,
            ),
          ]
        : [],
  ],
  [
    'inboundInterceptionMode',
    ({ inboundInterceptionMode, cni }) =>
      inboundInterceptionMode === 'NONE' && cni
        ? [
            error(
              'NONE',
              'The CNI plugin knows only REDIRECT and TPROXY in the annotation, and refuses the pod.',
              'Set cni to false, or leave the pod out of the injection.',
            ),
          ]
        : [],
  ],
  [
    'inboundPortsExclude',
    ({ inboundPortsInclude, inboundPortsExclude }) => {
      const own = splitList(defaultOptions.inboundPortsExclude);
      const added = splitList(inboundPortsExclude).filter((port) => !own.includes(port));
      if (inboundPortsInclude === '*' || added.length === 0) return [];
      return [
        warning(
          added.join(','),
          `Istio heeds it only where inboundPortsInclude is "*"; here only ${inboundPortsInclude === '' ? 'nothing' : inboundPortsInclude} is captured anyway.`,
          "Leave it out, or set inboundPortsInclude to '*'.",
        ),
      ];
    },
  ],
  [
    'ownerGroupsInclude',
    ({ ownerGroupsInclude }) =>
      splitList(ownerGroupsInclude).length === 0
        ? [
            warning(
              ownerGroupsInclude,
              'No group is included: Istio writes ISTIO_OUTPUT -j RETURN, and nothing that leaves is captured.',
              "Write '*' for all groups.",
            ),
          ]
        : [],
  ],
  [
    'ownerGroupsInclude',
    ({ ownerGroupsInclude, redirectDNS }, release) => {
      const count = splitList(ownerGroupsInclude).length;
      const most = redirectDNS && !isSince(release, changes.cruft) ? mostWithDns : mostInOneLine;
      return ownerGroupsInclude !== '*' && count > most
        ? [
            error(
              ownerGroupsInclude,
              `Istio lets ${count} groups pass, but iptables-restore reads at most 255 words in a line, and all included groups go into one: more than ${most} are refused.`,
              `Include at most ${most}, or set it to * and name the other groups in ownerGroupsExclude.`,
            ),
          ]
        : [];
    },
  ],
  [
    'ownerGroupsExclude',
    ({ ownerGroupsInclude, ownerGroupsExclude }) =>
      ownerGroupsExclude !== '' && ownerGroupsInclude !== '*'
        ? [
            warning(
              ownerGroupsExclude,
              'Istio heeds it only where ownerGroupsInclude is "*".',
              "Leave it out, or set ownerGroupsInclude to '*'.",
            ),
          ]
        : [],
  ],
  [
    'outboundPortsInclude',
    ({ outboundPortsInclude, outboundIPRangesInclude, outboundPortsExclude }) => {
      const ports = splitList(outboundPortsInclude);
      const both = ports.filter((port) => splitList(outboundPortsExclude).includes(port));
      return [
        ...(ports.length > 0 && outboundIPRangesInclude === '*'
          ? [
              warning(
                outboundPortsInclude,
                'outboundIPRangesInclude is "*", so every port is captured, these and all others.',
                "Set outboundIPRangesInclude to '' to capture these ports alone.",
              ),
            ]
          : []),
        ...both.map((port) =>
          warning(
            port,
            'It is in outboundPortsExclude too, and the excluded ports come first: it is not captured.',
            'Take it out of one of the two.',
          ),
        ),
      ];
    },
  ],
  [
    'outboundIPRangesInclude',
    (options) => [
      ...familyOff(options, options.outboundIPRangesInclude),
      ...ranges(options.outboundIPRangesInclude)
        .filter(([, range]) =>
          ranges(options.outboundIPRangesExclude).some(([, other]) => holds(other, range)),
        )
        .map(([text]) =>
          warning(
            text,
            'outboundIPRangesExclude holds all of it, and the excluded ranges come first: it is not captured.',
            'Take it out of one of the two.',
          ),
        ),
    ],
  ],
  [
    'outboundIPRangesInclude',
    ({ outboundIPRangesInclude }, release) =>
      isSince(release, changes.loopbackInclude)
        ? ranges(outboundIPRangesInclude)
            .filter(([, range]) => isLoopback(range))
            .map(([text]) =>
              warning(
                text,
                'With a loopback range Istio leaves out the rules that return what processes of the pod say to each other over lo, in both families.',
                'Include it only where the app is to reach itself through Envoy.',
              ),
            )
        : [],
  ],
  ['outboundIPRangesExclude', (options) => familyOff(options, options.outboundIPRangesExclude)],
  [
    'rerouteVirtualInterfaces',
    ({ rerouteVirtualInterfaces, excludeInterfaces }, release) =>
      isSince(release, changes.excludeInterfaces)
        ? splitList(rerouteVirtualInterfaces)
            .filter((name) => splitList(excludeInterfaces).includes(name))
            .map((name) =>
              warning(
                name,
                'It is in excludeInterfaces too, and the rules for virtual interfaces are inserted before those: what comes in by it is captured.',
                'Take it out of one of the two.',
              ),
            )
        : [],
  ],
  [
    'redirectDNS',
    ({ redirectDNS, captureAllDNS, dnsServersV4, dnsServersV6, cni }, release) =>
      redirectDNS &&
      !captureAllDNS &&
      !cni &&
      dnsServersV4.length + dnsServersV6.length === 0 &&
      isSince(release, changes.resolvConf)
        ? [
            warning(
              'true',
              isSince(release, changes.cruft)
                ? 'Without DNS servers and without captureAllDNS Istio captures no DNS at all.'
                : 'Without DNS servers and without captureAllDNS Istio writes the rules around DNS capture, and none that captures.',
              "Give the servers of the pod's resolv.conf in dnsServersV4 and dnsServersV6.",
            ),
          ]
        : [],
  ],
  [
    'captureAllDNS',
    ({ redirectDNS, captureAllDNS }) =>
      captureAllDNS && !redirectDNS
        ? [warning('true', 'Istio heeds it only where redirectDNS is on.', 'Set redirectDNS to true.')]
        : [],
  ],
  ['dnsServersV4', (options) => unusedServers(options, options.dnsServersV4)],
  [
    'dnsServersV6',
    (options) => [
      ...unusedServers(options, options.dnsServersV6),
      ...(options.dnsServersV6.length > 0 && !options.enableIPv6
        ? [
            warning(
              options.dnsServersV6.join(','),
              'The pod has no IPv6, so Istio writes no IPv6 rules.',
              'Set enableIPv6 to true where the pod has an IPv6 address.',
            ),
          ]
        : []),
    ],
  ],
  [
    'dnsConntrackZone',
    ({ dnsConntrackZone }, release) =>
      dnsConntrackZone && isSince(release, changes.zonesAlways)
        ? [
            warning(
              'true',
              `Since ${changes.zonesAlways.since} the zones come with redirectDNS, and nothing turns them off.`,
              'Leave it out.',
            ),
          ]
        : [],
  ],
  [
    'dualStack',
    ({ dualStack, enableIPv6 }) =>
      dualStack && !enableIPv6
        ? [
            warning(
              'true',
              'It changes no rule by itself: with it Istio looks at all addresses of the pod and not only at the first, to find out whether there is IPv6.',
              'Set enableIPv6 to true where the pod has an IPv6 address.',
            ),
          ]
        : [],
  ],
];

function ranges(list: string): readonly (readonly [string, Range])[] {
  return splitList(list).flatMap((text) => {
    const range = readRange(text);
    return range === null ? [] : [[text, range] as const];
  });
}

/** True where every address of `inner` is one of `outer`. */
function holds(outer: Range, inner: Range): boolean {
  return (
    outer.prefix.family === inner.prefix.family &&
    outer.prefix.mask <= inner.prefix.mask &&
    (inner.prefix.address & outer.prefix.mask) === outer.prefix.address
  );
}

function familyOff({ enableIPv6 }: Options, list: string): readonly Finding[] {
  if (enableIPv6) return [];
  return ranges(list)
    .filter(([, range]) => range.prefix.family === 'v6')
    .map(([text]) =>
      warning(
        text,
        'The pod has no IPv6, so Istio writes no IPv6 rules.',
        'Set enableIPv6 to true where the pod has an IPv6 address.',
      ),
    );
}

function unusedServers(
  { redirectDNS, captureAllDNS }: Options,
  servers: readonly string[],
): readonly Finding[] {
  if (servers.length === 0 || (redirectDNS && !captureAllDNS)) return [];
  return [
    redirectDNS
      ? warning(
          servers.join(','),
          'captureAllDNS is on, so DNS to every server is captured, these and all others.',
          'Set captureAllDNS to false to capture DNS to these servers alone.',
        )
      : warning(
          servers.join(','),
          'Istio heeds it only where redirectDNS is on.',
          'Set redirectDNS to true.',
        ),
  ];
}
