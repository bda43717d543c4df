/** Under which rule each message of the reader of YAML is told. Rules are for good: suppressions hang on them. */
import type { YamlMessage, YamlMessageCode } from '../../istio/index.ts';

const written = [
  'annotation is no text',
  'blank in a range',
  'empty part',
  'host bits',
  'id too high',
  'interface name refused',
  'interface name too long',
  'interface named *',
  'metadata is no text',
  'no IPv6',
  'no address',
  'no interface name',
  'no loopback range',
  'no number',
  'no owner',
  'no port',
  'no range',
  'no record',
  'no switch',
  'owner by name',
  'owner left out',
  'port too high',
  'range of ports',
  'unknown mode',
  'wrong type',
  'address of the other family',
] as const satisfies readonly YamlMessageCode[];

const together = [
  'all beside groups',
  'all beside ports',
  'all beside ranges',
  'all excluded',
  'all included anyway',
  'all servers anyway',
  'excluded too',
  'loopback included',
  'mark of every packet',
  'mark of self calls',
  'mode unknown to CNI',
  'no all in the list',
  'no group included',
  'no rule by itself',
  'no servers',
  'no table for IPv6',
  'not the mark of Envoy',
  'one port for both directions',
  'only with DNS capture',
  'only with all included',
  'refused by nft',
  'root as proxy',
  'table of the kernel',
  'too many groups',
  'too many groups for a line',
] as const satisfies readonly YamlMessageCode[];

const ofRelease = ['always on', 'newer release', 'unknown option', 'unknown release'] as const;

type Grouped = (typeof written)[number] | (typeof together)[number] | (typeof ofRelease)[number];

/** Null: it is for those who choose options in a page, and no finding. */
const alone = {
  'IPv6 not seen': 'mesh.ipv6-past-proxy',
  'ambient mode': null,
  'app as proxy': 'app.as-proxy',
  'broken YAML': 'yaml.broken',
  'changed after the injection': 'annotation.changed-later',
  'changes no rule': 'option.no-effect',
  'field of the proxy': 'values.wrong-place',
  'injection off': null,
  'key twice': 'yaml.key-twice',
  'name of a later release': 'annotation.of-later-release',
  'name of an earlier release': 'annotation.of-earlier-release',
  'native nftables': null,
  'network of the node': null,
  'not heeded': 'option.not-heeded',
  'nothing to read': null,
  'other objects': null,
  'overruled by an argument': 'variable.overruled',
  'outside of proxyMetadata': 'variable.wrong-place',
  'pod of a gateway': null,
  'release by revision': null,
  'release unknown': null,
  'servers unknown': null,
  'too many nodes': 'yaml.too-long',
  'unknown annotation': 'annotation.unknown',
  'unknown value': 'values.unknown',
  'unknown variable': 'variable.unknown',
  unreadable: 'yaml.too-long',
  'variable of the app': 'variable.of-app',
  'wrong place': 'annotation.wrong-place',
} as const satisfies Readonly<Record<Exclude<YamlMessageCode, Grouped>, string | null>>;

export type MessageRule =
  | NonNullable<(typeof alone)[keyof typeof alone]>
  | 'option.mistyped'
  | 'option.conflict'
  | 'option.of-other-release';

const rules: ReadonlyMap<YamlMessageCode, MessageRule | null> = new Map<YamlMessageCode, MessageRule | null>([
  ...(Object.entries(alone) as [YamlMessageCode, MessageRule | null][]),
  ...written.map((code) => [code, 'option.mistyped'] as const),
  ...together.map((code) => [code, 'option.conflict'] as const),
  ...ofRelease.map((code) => [code, 'option.of-other-release'] as const),
]);

/** The rule of a message; null where it is no finding. */
export function messageRule({ code }: YamlMessage): MessageRule | null {
  return rules.get(code) ?? null;
}
