/**
 * What `iptables -L` prints of each target behind the matches, from the `_print` functions in iptables' `extensions/`.
 */
import { atPlace, bitNames, type Words } from './phrase.ts';

/** One way in which a target is printed. It is printed last, so that it has to reach to the end of the row. */
interface TargetPhrase {
  readonly pattern: RegExp;
  readonly words: Words;
}

const said = (source: string, words: Words): TargetPhrase => ({
  pattern: new RegExp(`${atPlace(source).source}\\s*$`, 'y'),
  words,
});

/** What may follow a target's name: a word with a value (`zone N`) or one alone, each with its option. */
type Items = ReadonlyMap<string, { readonly name: string; readonly hasValue: boolean }>;

function itemsOf(items: Readonly<Record<string, string>>): Items {
  return new Map(
    Object.entries(items).map(([written, name]) => {
      const [word = '', value] = written.split(' ');
      return [word, { name, hasValue: value !== undefined }] as const;
    }),
  );
}

function itemWords(text: string, items: Items): readonly string[] | null {
  const given = text.split(' ').filter((word) => word !== '');
  const words: string[] = [];
  for (let at = 0; at < given.length; at++) {
    const item = items.get(given[at] as string);
    if (item === undefined) return null;
    words.push(item.name);
    if (!item.hasValue) continue;
    at++;
    const value = given[at];
    // of IPv6 the length of a prefix is left out
    if (value === undefined || items.has(value)) return null;
    // HMARK's offset alone is printed in another base than it is saved in
    words.push(item.name === '--hmark-offset' ? String(Number(value)) : value);
  }
  return words;
}

/** The target's name, and items in any order. */
function list(name: string, items: Readonly<Record<string, string>>): TargetPhrase {
  const known = itemsOf(items);
  return said(`${name}(?: ([^"]*))?`, ([, rest = '']) => itemWords(rest, known));
}

const natFlags = '((?: (?:random|random-fully|persistent))*)';

function flagWords(flags: string): readonly string[] {
  return flags
    .split(' ')
    .filter((flag) => flag !== '')
    .map((flag) => `--${flag}`);
}

function natTarget(name: string): readonly TargetPhrase[] {
  return [
    said(String.raw`to:(\S+)${natFlags}`, ([, to = '', flags = '']) => [name, to, ...flagWords(flags)]),
  ];
}

/** `redir ports 80 random`, which is empty where the packet keeps its port. */
function portsTarget(beginning: string): readonly TargetPhrase[] {
  return [
    said(String.raw`${beginning} (\S+)${natFlags}`, ([, ports = '', flags = '']) => [
      '--to-ports',
      ports,
      ...flagWords(flags),
    ]),
    said('((?:random|random-fully)(?: (?:random|random-fully))*)', ([, flags = '']) => flagWords(flags)),
    said('', () => []),
  ];
}

function markTarget(name: string): readonly TargetPhrase[] {
  return [
    said(`${name} set (0x[0-9a-f]+)`, ([, mark = '']) => ['--set-xmark', `${mark}/0xffffffff`]),
    said(String.raw`${name} xset (\S+/\S+)`, ([, mark = '']) => ['--set-xmark', mark]),
    said(String.raw`${name} (and|or|xor) (\S+)`, ([, how, mark = '']) => [`--${how}-mark`, mark]),
  ];
}

function markCopy(copy: string): readonly TargetPhrase[] {
  return [
    said(`CONNMARK ${copy} ?`, () => [`--${copy}-mark`]),
    said(String.raw`CONNMARK ${copy} mask (\S+)`, ([, mask = '']) => [`--${copy}-mark`, '--mask', mask]),
    // the second of the two has a ~ before it that means nothing
    said(
      String.raw`CONNMARK ${copy} (nf|ct)mask (\S+) (nf|ct)mask ~(\S+)`,
      ([, one, first = '', other, second = '']) => [
        `--${copy}-mark`,
        `--${one}mask`,
        first,
        `--${other}mask`,
        second,
      ],
    ),
  ];
}

const logFlags = [
  '--log-tcp-sequence',
  '--log-tcp-options',
  '--log-ip-options',
  '--log-uid',
  '',
  '--log-macdecode',
];

const log: readonly TargetPhrase[] = [
  said(String.raw`LOG flags (\d+) level (\d)(?: prefix "(.*)")?`, ([, flags, level = '', prefix]) => {
    const names = bitNames(Number(flags), logFlags);
    if (names === null || names.includes('')) return null;
    return [...(prefix === undefined ? [] : ['--log-prefix', prefix]), '--log-level', level, ...names];
  }),
  said(
    'LOG level ([a-z]+)((?: (?:tcp-sequence|tcp-options|ip-options|uid|macdecode))*)(?: prefix "(.*)")?',
    ([, level = '', flags = '', prefix]) => [
      ...(prefix === undefined ? [] : ['--log-prefix', prefix]),
      '--log-level',
      level,
      ...flagWords(flags).map((flag) => `--log${flag.slice(1)}`),
    ],
  ),
];

function hopsTarget(name: string): readonly TargetPhrase[] {
  const option = `--${name.toLowerCase()}`;
  return [
    said(String.raw`${name} set to (\d+)`, ([, value = '']) => [`${option}-set`, value]),
    said(String.raw`${name} increment by (\d+)`, ([, value = '']) => [`${option}-inc`, value]),
    said(String.raw`${name} decrement by (\d+)`, ([, value = '']) => [`${option}-dec`, value]),
  ];
}

const setItems = itemsOf({
  exist: '--exist',
  'timeout N': '--timeout',
  'map-mark': '--map-mark',
  'map-prio': '--map-prio',
  'map-queue': '--map-queue',
});

const one = (source: string, name: string) => [said(source, ([, value = '']) => [name, value])];

/** The targets that have something to say; those that are not here print their name alone. */
export const targetPhrases: ReadonlyMap<string, readonly TargetPhrase[]> = new Map([
  ['REDIRECT', portsTarget('redir ports')],
  ['MASQUERADE', portsTarget('masq ports:')],
  ['DNAT', natTarget('--to-destination')],
  ['SNAT', natTarget('--to-source')],
  ['NETMAP', one(String.raw`(?:to:)?(\S+)`, '--to')],
  ['MARK', markTarget('MARK')],
  ['CONNMARK', [...markTarget('CONNMARK'), ...markCopy('save'), ...markCopy('restore')]],
  [
    'CT',
    [
      said('CT notrack', () => ['--notrack']),
      list('CT', {
        'helper N': '--helper',
        'timeout N': '--timeout',
        'ctevents N': '--ctevents',
        'expevents N': '--expevents',
        'zone N': '--zone',
        'zone-orig N': '--zone-orig',
        'zone-reply N': '--zone-reply',
      }),
    ],
  ],
  [
    'TPROXY',
    [
      said(String.raw`TPROXY redirect (\S+):(\d+) mark (\S+)`, ([, address = '', port = '', mark = '']) => [
        '--on-port',
        port,
        '--on-ip',
        address,
        '--tproxy-mark',
        mark,
      ]),
    ],
  ],
  ['REJECT', one('reject-with ([a-z0-9-]+)', '--reject-with')],
  ['LOG', log],
  [
    'NFLOG',
    [
      said(
        String.raw`(?:nflog-prefix +(?:"([^"\\]*)"|([^\s"\\]+)) ?)?((?: ?nflog-(?:group|range|size|threshold) \d+)*)`,
        ([, quoted, plain, rest = '']) => [
          ...(quoted === undefined && plain === undefined ? [] : ['--nflog-prefix', quoted ?? plain ?? '']),
          ...rest
            .split(' ')
            .filter((word) => word !== '')
            .map((word) => (word.startsWith('nflog') ? `--${word}` : word)),
        ],
      ),
    ],
  ],
  [
    'TOS',
    [
      said(String.raw`TOS set (0x\S+/0x\S+)`, ([, value = '']) => ['--set-tos', value]),
      said(String.raw`TOS (and|or|xor) (0x\S+)`, ([, how, value = '']) => [`--${how}-tos`, value]),
    ],
  ],
  ['DSCP', one(String.raw`DSCP set (0x\S+)`, '--set-dscp')],
  ['TTL', hopsTarget('TTL')],
  ['HL', hopsTarget('HL')],
  [
    'TCPMSS',
    [
      ...one(String.raw`TCPMSS set (\d+)`, '--set-mss'),
      said('TCPMSS clamp to PMTU', () => ['--clamp-mss-to-pmtu']),
    ],
  ],
  ['CLASSIFY', one(String.raw`CLASSIFY set (\S+)`, '--set-class')],
  ['CHECKSUM', [said('CHECKSUM fill', () => ['--checksum-fill'])]],
  ['AUDIT', one(String.raw`AUDIT (\w+)`, '--type')],
  [
    'TEE',
    [
      said(String.raw`TEE gw:(\S+)(?: oif=(\S+))?`, ([, gateway = '', oif]) => [
        '--gateway',
        gateway,
        ...(oif === undefined ? [] : ['--oif', oif]),
      ]),
    ],
  ],
  [
    'IDLETIMER',
    [
      said(String.raw`timeout:(\d+) label:(\S+)( alarm)?`, ([, timeout = '', label = '', alarm]) => [
        '--timeout',
        timeout,
        '--label',
        label,
        ...(alarm === undefined ? [] : ['--alarm']),
      ]),
    ],
  ],
  [
    'RATEEST',
    [
      said(String.raw`name (\S+) interval (\S+) ewmalog (\S+)`, ([, name = '', interval = '', log = '']) => [
        '--rateest-name',
        name,
        '--rateest-interval',
        interval,
        '--rateest-ewmalog',
        log,
      ]),
    ],
  ],
  ['TCPOPTSTRIP', one(String.raw`TCPOPTSTRIP options (\S+)`, '--strip-options')],
  ['ECN', [said('ECN TCP remove', () => ['--ecn-tcp-remove'])]],
  [
    'SET',
    [
      said(
        String.raw`(add-set|del-set|map-set) (\S+) ((?:src|dst)(?:,(?:src|dst))*)((?: \S+)*)`,
        ([, what, name = '', flags = '', rest = '']) => {
          const more = itemWords(rest, setItems);
          return more === null ? null : [`--${what}`, name, flags, ...more];
        },
      ),
    ],
  ],
  [
    'NFQUEUE',
    [
      list('NFQUEUE', {
        'num N': '--queue-num',
        'balance N': '--queue-balance',
        bypass: '--queue-bypass',
        'cpu-fanout': '--queue-cpu-fanout',
      }),
    ],
  ],
  [
    'SYNPROXY',
    [
      list('SYNPROXY', {
        'sack-perm': '--sack-perm',
        timestamp: '--timestamp',
        'wscale N': '--wscale',
        'mss N': '--mss',
      }),
    ],
  ],
  [
    'HMARK',
    [
      list('HMARK', {
        'mod N': '--hmark-mod',
        '+ N': '--hmark-offset',
        'src-prefix N': '--hmark-src-prefix',
        'dst-prefix N': '--hmark-dst-prefix',
        'sport-mask N': '--hmark-sport-mask',
        'dport-mask N': '--hmark-dport-mask',
        'spi-mask N': '--hmark-spi-mask',
        'proto-mask N': '--hmark-proto-mask',
        'rnd N': '--hmark-rnd',
      }),
    ],
  ],
  ['CONNSECMARK', [said('CONNSECMARK (save|restore)', ([, how]) => [`--${how}`])]],
  ['SECMARK', one(String.raw`SECMARK selctx (\S+)`, '--selctx')],
]);
