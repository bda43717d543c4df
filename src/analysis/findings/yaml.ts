/**
 * What a pod's YAML asks for against what its rules are, in a sentence for each difference.
 */
import {
  defaultCniOptions,
  defaultOptions,
  type FromYaml,
  type OptionName,
  type Options,
  optionTable,
} from '../../istio/index.ts';
import { familyOf, findChain, printRule, type Ruleset } from '../../netfilter/index.ts';
import type { Identification } from '../identify.ts';
import type { Finding } from './index.ts';

/** The YAML of a pod, and where it stands in the text that it came in. */
export interface PodYaml {
  readonly read: FromYaml;
  readonly lines: readonly string[];
  /** The number in the whole text of each of the lines. */
  readonly numbers: readonly number[];
}

/** The options that the rules show, so that asking for another is seen. */
const shown: readonly OptionName[] = [
  'proxyPort',
  'inboundCapturePort',
  'proxyUID',
  'proxyGID',
  'inboundInterceptionMode',
  'inboundPortsInclude',
  'inboundPortsExclude',
  'outboundPortsInclude',
  'outboundPortsExclude',
  'outboundIPRangesInclude',
  'outboundIPRangesExclude',
  'rerouteVirtualInterfaces',
  'excludeInterfaces',
  'redirectDNS',
  'dropInvalid',
];

/** The ports that Istio excludes by itself, the CNI plugin one more. */
const always: Partial<Record<OptionName, readonly string[]>> = {
  inboundPortsExclude: defaultOptions.inboundPortsExclude.split(','),
  outboundPortsExclude: defaultCniOptions.outboundPortsExclude.split(','),
};

/** What is otherwise than the YAML asks for. Null for rules of which none is Istio's. */
export function askedFindings(
  yaml: PodYaml,
  ruleset: Ruleset | undefined,
  identification: Identification | null,
): readonly Finding[] {
  const owner = ownerFindings(yaml, ruleset);
  return [
    ...owner,
    ...(identification === null ? [] : optionFindings(yaml, identification)),
    ...(identification === null ? [] : releaseFindings(yaml, identification)),
    ...messageFindings(yaml, owner.length > 0),
  ];
}

/** The app runs as the proxy: its own traffic is taken for Envoy's. */
function ownerFindings({ read: { workload } }: PodYaml, ruleset: Ruleset | undefined): readonly Finding[] {
  const chain = ruleset && findChain(ruleset, 'nat', 'ISTIO_OUTPUT');
  if (ruleset === undefined || chain === undefined || workload === null) return [];
  for (const [which, id, key] of [
    ['uid', workload.uid, 'runAsUser'],
    ['gid', workload.gid, 'runAsGroup'],
  ] as const) {
    const at = chain.rules.findIndex(
      (rule) => printRule(ruleset.family, rule) === `-m owner --${which}-owner ${id} -j RETURN`,
    );
    if (id === undefined || at < 0) continue;
    return [
      {
        weight: 'wrong',
        kind: 'owner',
        says: `The app runs as ${which} ${id}, and ISTIO_OUTPUT ${at + 1}, -m owner --${which}-owner ${id} -j RETURN, takes what it sends for the proxy’s own, so it passes by Envoy`,
        mend: `give the app another ${key} than ${id}`,
        place: { table: 'nat', chain: 'ISTIO_OUTPUT', position: at + 1 },
      },
    ];
  }
  return [];
}

function optionFindings(yaml: PodYaml, { options, missing, foreign }: Identification): readonly Finding[] {
  const { read } = yaml;
  const usual = options.cni === true ? defaultCniOptions : defaultOptions;
  return shown.flatMap((name): readonly Finding[] => {
    const has = partsOf(name, options[name] ?? usual[name]);
    const asked = read.options[name];
    const setter = setterIn(yaml, name);
    if (asked === undefined) {
      // Rules that somebody put in by hand look like an option, too.
      if (options[name] === undefined || missing.length + foreign.length > 0) return [];
      return [
        {
          weight: 'note',
          kind: 'asked',
          says: `The rules are made with ${nameOf(name)} ${words(has)}, for which the pod’s YAML does not ask`,
          mend: 'look for it in the settings of the mesh or of the injector; if it is not there, it was taken out of the YAML after the pod was set up',
        },
      ];
    }
    const wants = partsOf(name, asked);
    const lacking = wants.filter((part) => !has.includes(part));
    const more = has.filter((part) => !wants.includes(part));
    if (lacking.length + more.length === 0) return [];
    const of = `${setter.words} asks for ${words(wants)}${setter.line === null ? '' : ` in line ${setter.line}`}`;
    return [
      {
        weight: 'wrong',
        kind: 'asked',
        says: `${of}, but the rules are made with ${words(has)}${
          lacking.length > 0 && wants.length > 1 ? `, so that ${words(lacking)} is missing` : ''
        }`,
        mend: 'delete the pod, because what its YAML asks for has an effect only when the pod is set up',
      },
    ];
  });
}

/** DNS is captured on its way to certain servers, which were in resolv.conf when the rules were made. */
export function resolverFindings(
  { family, tables }: Ruleset,
  { options }: Identification,
  servers: readonly string[],
): readonly Finding[] {
  const captured = family === 'v4' ? options.dnsServersV4 : options.dnsServersV6;
  const own = servers.filter((server) => familyOf(server) === family && !server.startsWith('127.'));
  if (options.captureAllDNS === true || captured === undefined || own.length === 0) return [];
  const past = own.filter((server) => !captured.includes(server));
  if (past.length === 0) return [];
  for (const { name, chains } of tables) {
    for (const chain of chains) {
      const texts = chain.rules.map((rule) => printRule(family, rule));
      const at = texts.findIndex((text) => /--dport 53 .*-j REDIRECT/.test(text) && text.startsWith(`-d `));
      if (at < 0) continue;
      return [
        {
          weight: 'wrong',
          kind: 'asked',
          says: `${chain.name} ${at + 1}, ${texts[at]}, captures DNS on its way to ${captured.join(', ')} alone, but resolv.conf names ${past.join(', ')}, so its queries go past pilot-agent`,
          mend: 'delete the pod, so that its rules are made with its resolv.conf of now',
          place: { table: name, chain: chain.name, position: at + 1 },
        },
      ];
    }
  }
  return [];
}

/** The values of an option that can differ, in order; a switch is `on` or `off`. */
function partsOf(name: OptionName, value: Options[OptionName]): readonly string[] {
  if (typeof value === 'boolean') return [value ? 'on' : 'off'];
  const parts = (typeof value === 'string' ? value.split(',') : value).map((part) => part.trim());
  return parts
    .filter((part) => part !== '' && !always[name]?.includes(part))
    .map((part) => part.replace(/\/(32|128)$/, ''))
    .sort();
}

function words(parts: readonly string[]): string {
  return parts.length === 0 ? 'none' : parts.map((part) => (part === '*' ? 'all' : part)).join(', ');
}

/** The name by which a reader knows an option. */
function nameOf(name: OptionName): string {
  return optionTable[name].setBy ?? name;
}

/** What in the YAML sets an option, and in which line of the text. */
function setterIn({ lines, numbers }: PodYaml, name: OptionName): { words: string; line: number | null } {
  const { annotations = [], metadata = [], proxyConfig, flag } = optionTable[name].sources;
  const names: readonly (readonly [pattern: RegExp, words: string])[] = [
    ...annotations.map((one) => [literal(one), `The annotation ${one}`] as const),
    ...metadata.map((one) => [literal(one), `The variable ${one}`] as const),
    ...(proxyConfig === undefined ? [] : [[literal(proxyConfig), `The field ${proxyConfig}`] as const]),
    ...(flag === undefined
      ? []
      : [
          [
            new RegExp(`^\\s*- ["']?-(-${flag[0]}|${flag[1] ?? flag[0]})["']?(=|$)`),
            `The argument ${flag[1] === undefined ? `--${flag[0]}` : `-${flag[1]}`} of istio-init`,
          ] as const,
        ]),
  ];
  for (const [pattern, said] of names) {
    const at = lines.findIndex((line) => pattern.test(line) && !/last-applied-configuration/.test(line));
    if (at >= 0) return { words: said, line: numbers[at] ?? null };
  }
  return { words: `The YAML, by ${nameOf(name)},`, line: null };
}

function literal(name: string): RegExp {
  return new RegExp(`(^|[\\s"'])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}["']?\\s*(:|$)`);
}

function releaseFindings(
  { read: { release } }: PodYaml,
  { releases, missing, foreign }: Identification,
): readonly Finding[] {
  if (release === null || releaseAmong(release, releases) !== null || missing.length + foreign.length > 0)
    return [];
  const made = releases.length === 1 ? `${releases[0]}` : `${releases[0]} to ${releases.at(-1)}`;
  return [
    {
      weight: 'doubtful',
      kind: 'asked',
      says: `The proxy’s image is of Istio ${release}, and these are the rules of Istio ${made}`,
      mend: 'if istio-init programs the pod, delete it; the CNI plugin may be of another release than the proxy',
    },
  ];
}

/** The one of these releases that `1.20.3` is, or null. */
export function releaseAmong(release: string, releases: readonly string[]): string | null {
  const minor = release.split('.').slice(0, 2).join('.');
  return releases.find((one) => one === release) ?? releases.find((one) => one === minor) ?? null;
}

/** What the reader of the YAML found by itself. Notes for those who choose options are none here. */
function messageFindings({ read, numbers }: PodYaml, hasOwner: boolean): readonly Finding[] {
  return read.messages.flatMap(({ severity, line, found, because, mend }): readonly Finding[] => {
    if (severity === 'note' || (hasOwner && /^runAs(User|Group) /.test(found))) return [];
    const reason = sentenceBegun(because);
    return [
      {
        weight: severity === 'error' ? 'wrong' : 'doubtful',
        kind: 'asked',
        says: `Line ${numbers[line - 1] ?? line}, ${found}: ${reason}`,
        mend: mend === '' ? 'look at that line' : sentenceBegun(mend),
      },
    ];
  });
}

/** A sentence within another: without its full stop and, but for names, with a small letter. */
function sentenceBegun(sentence: string): string {
  const bare = sentence.replace(/\.$/, '');
  return /^[A-Z][a-z]* /.test(bare) && !/^(Istio|Envoy|Kubernetes|Linux|Helm)/.test(bare)
    ? `${bare.slice(0, 1).toLowerCase()}${bare.slice(1)}`
    : bare;
}
