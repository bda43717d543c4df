/**
 * Each option by itself: values that Istio or iptables refuses, or understands otherwise than one would think.
 */
import { nearest, readAddress } from '../../netfilter/index.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import { interceptionModes, type OptionKind } from './kinds.ts';
import { defaultOptions, type OptionName, splitList } from './options.ts';
import { error, type Fault, warning } from './problem.ts';
import { isLoopback, readRange } from './ranges.ts';
import { strictRanges } from './understood.ts';

export const checks: Readonly<
  Record<
    OptionKind,
    (text: string, value: unknown, name: OptionName, release: ReleaseNumber) => readonly Fault[]
  >
> = {
  port: (text) => checkPort(text),
  ports: (text) => [
    ...emptyParts(text),
    ...splitList(text).flatMap((part) =>
      part === '*' ? [error({ code: 'no all in the list', value: text })] : checkPort(part),
    ),
  ],
  'ports or all': (text) =>
    text === '*' ? [] : [...emptyParts(text), ...splitList(text).flatMap(portBesideAll)],
  users: (text, _, name) =>
    text === ''
      ? [warning({ code: 'owner left out', value: text })]
      : [...emptyParts(text), ...splitList(text).flatMap((part) => checkOwner(part, name))],
  groups: (text, _, name) => [...emptyParts(text), ...checkGroups(text, name)],
  'groups or all': (text, _, name) => (text === '*' ? [] : [...emptyParts(text), ...checkGroups(text, name)]),
  mode: (text) =>
    text === '' || (interceptionModes as readonly string[]).includes(text)
      ? []
      : [
          error({
            code: 'unknown mode',
            value: text,
            write:
              nearest(text, interceptionModes) ??
              (interceptionModes.find((mode) => mode === text.toUpperCase()) || 'REDIRECT'),
          }),
        ],
  number: (text, _, name) => checkNumber(text, name),
  ranges: (text, _, __, release) => (text === '*' ? [allExcluded] : checkRanges(text, release)),
  'ranges or all': (text, _, __, release) => (text === '*' ? [] : checkRanges(text, release)),
  interfaces: (text, _, __, release) => [
    ...emptyParts(text),
    ...splitList(text).flatMap((part) => checkInterface(part, release)),
  ],
  servers: (_, value, name) => (value as readonly string[]).flatMap((server) => checkServer(server, name)),
  loopback: (text) => checkLoopback(text),
  switch: () => [],
};

function emptyParts(text: string): readonly Fault[] {
  if (text === '' || text.split(',').every((part) => part.trim() !== '')) return [];
  return [warning({ code: 'empty part', value: text, write: splitList(text).join(',') })];
}

const decimal = /^(0|[1-9]\d{0,14})$/;

function checkPort(text: string): readonly Fault[] {
  if (decimal.test(text)) {
    if (Number(text) <= 65535) return [];
    return [error({ code: 'port too high', value: text })];
  }
  if (/^\d+[:-]\d+$/.test(text)) {
    return [error({ code: 'range of ports', value: text })];
  }
  return [error({ code: 'no port', value: text })];
}

function portBesideAll(text: string): readonly Fault[] {
  if (text !== '*') return checkPort(text);
  return [error({ code: 'all beside ports', value: text })];
}

const highestId = 4294967294;
const ownerName = /^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/;

function checkOwner(text: string, name: OptionName): readonly Fault[] {
  if (decimal.test(text)) {
    if (Number(text) > highestId) {
      return [error({ code: 'id too high', value: text, most: highestId })];
    }
    return text === '0' && name === 'proxyUID' ? [warning({ code: 'root as proxy', value: text })] : [];
  }
  if (ownerName.test(text)) {
    return [warning({ code: 'owner by name', value: text })];
  }
  return [error({ code: 'no owner', value: text })];
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
      ? [error({ code: 'too many groups', value: text, count: groups.length, most: mostGroups })]
      : [];
  return [
    ...tooMany,
    ...groups.flatMap((group) =>
      group === '*' ? [error({ code: 'all beside groups', value: group })] : checkOwner(group, name),
    ),
  ];
}

function checkNumber(text: string, name: OptionName): readonly Fault[] {
  const isMark = name === 'inboundTProxyMark';
  if (!decimal.test(text) || Number(text) > 4294967295) {
    return [error({ code: 'no number', value: text, write: defaultOptions[name] as string })];
  }
  if (isMark && text === '1338') {
    return [warning({ code: 'mark of self calls', value: text })];
  }
  if (isMark && text === '0') {
    return [warning({ code: 'mark of every packet', value: text })];
  }
  if (!isMark && ['0', '253', '254', '255'].includes(text)) {
    return [warning({ code: 'table of the kernel', value: text })];
  }
  return [];
}

const allExcluded = error({ code: 'all excluded', value: '*' });

function checkRanges(text: string, release: ReleaseNumber): readonly Fault[] {
  return [
    ...emptyParts(text),
    ...text
      .split(',')
      .filter((part) => part.trim() !== '')
      .flatMap((part) => checkRange(part, release)),
  ];
}

function checkRange(text: string, release: ReleaseNumber): readonly Fault[] {
  const range = readRange(text.trim());
  if (text === '*') {
    return [error({ code: 'all beside ranges', value: text })];
  }
  if (range === null) {
    return [
      error({
        code: 'no range',
        value: text,
        write: readAddress(text.trim()) === null ? null : `${text.trim()}/${text.includes(':') ? 128 : 32}`,
      }),
    ];
  }
  if (/\/0\d/.test(text) && isSince(release, strictRanges)) {
    return [error({ code: 'no range', value: text, write: text.replace(/\/0+(?=\d)/, '/') })];
  }
  if (text !== text.trim()) {
    return [error({ code: 'blank in a range', value: text, write: text.trim() })];
  }
  if (range.address !== range.prefix.address) {
    return [
      warning({
        code: 'host bits',
        value: text,
        taken: range.text,
        alone: `${text.slice(0, text.indexOf('/'))}/${range.prefix.family === 'v4' ? 32 : 128}`,
      }),
    ];
  }
  return [];
}

/** What the injector and the CNI plugin take for a name since 1.30. Source: ValidateInterfaceNames in pkg/util/net/ip.go. */
const interfaceName = /^[a-zA-Z][a-zA-Z0-9_.-]*$/;
const interfaceNamesChecked = '1.30.0';

function checkInterface(text: string, release: ReleaseNumber): readonly Fault[] {
  if (text.length > 15) {
    return [error({ code: 'interface name too long', value: text })];
  }
  if (/[\s/"'\\]/.test(text) || /^[-!]/.test(text)) {
    return [error({ code: 'no interface name', value: text })];
  }
  if (isSince(release, interfaceNamesChecked) && !interfaceName.test(text)) {
    return [error({ code: 'interface name refused', value: text })];
  }
  if (text === '*') {
    return [warning({ code: 'interface named *', value: text })];
  }
  return [];
}

function checkServer(text: string, name: OptionName): readonly Fault[] {
  const family = name === 'dnsServersV4' ? 'v4' : 'v6';
  const read = readAddress(text);
  if (read === null) {
    return [error({ code: 'no address', value: text })];
  }
  if (read.family === family) return [];
  return [error({ code: 'address of the other family', value: text, family: read.family })];
}

function checkLoopback(text: string): readonly Fault[] {
  const range = readRange(text);
  if (range !== null && isLoopback(range) && range.prefix.family === 'v4' && Number(text.split('/')[1]) >= 8)
    return [];
  return [error({ code: 'no loopback range', value: text })];
}
