/**
 * A pod that was injected already: what istio-init was told, and what the CNI plugin reads from the proxy.
 */

import { optionTable } from '../options/table.ts';
import { annotationNames } from './annotations.ts';
import { entriesOf, field, itemsOf, textOf, type Value, type YamlEntry, type YamlPlace } from './document.ts';
import type { YamlMessage } from './message.ts';
import { optionOf, optionOfFlag, optionOfVariable, type YamlSetting } from './settings.ts';

export interface Injected {
  /** The container that programs the rules; undefined where the CNI plugin does. */
  readonly init: Value | undefined;
  /** True where istio-validation stands in its place: the CNI plugin programs the rules. */
  readonly cni: boolean;
  readonly proxy: Value | undefined;
  /** `router` or `waypoint`, where the proxy is no sidecar: nobody programs rules into such a pod. */
  readonly gateway: Word | null;
}

/** What the injector put into a pod; null where it has not been there. */
export function injectedOf(spec: Value | undefined): Injected | null {
  const inits = itemsOf(field(spec, 'initContainers'));
  const named = (name: string) => inits.find((one) => textOf(field(one, 'name')) === name);
  const validation = named('istio-validation');
  const init =
    named('istio-init') ??
    inits.find((one) => one !== validation && argumentsOf(one)[0]?.text === 'istio-iptables');
  // A native sidecar is an init container.
  const proxy = [...itemsOf(field(spec, 'containers')), ...inits].find(
    (one) => textOf(field(one, 'name')) === 'istio-proxy',
  );
  const isAuto = textOf(field(proxy, 'image')) === 'auto';
  if (init === undefined && validation === undefined && (proxy === undefined || isAuto)) return null;
  if (init === undefined && validation === undefined && entriesOf(proxy).every(({ key }) => key !== 'args'))
    return null;
  const gateway = init === undefined && validation === undefined ? gatewayOf(proxy) : null;
  return { init, cni: init === undefined && gateway === null, proxy, gateway };
}

/** The arguments of the proxy are `proxy sidecar`, `proxy router` or `proxy waypoint`. */
function gatewayOf(proxy: Value | undefined): Word | null {
  const words = argumentsOf(proxy);
  const kind = words[words.findIndex(({ text }) => text === 'proxy') + 1];
  return kind !== undefined && ['router', 'waypoint'].includes(kind.text) ? kind : null;
}

interface Word {
  readonly text: string;
  readonly place: YamlPlace;
}

/** The command and the arguments of a container. */
function argumentsOf(container: Value | undefined): readonly Word[] {
  return ['command', 'args'].flatMap((name) =>
    itemsOf(field(container, name)).flatMap((item) =>
      item.kind === 'scalar' ? [{ text: item.text, place: item.place }] : [],
    ),
  );
}

/** Flags that take no value. */
const switches: readonly string[] = [
  'n',
  'dry-run',
  'f',
  'restore-format',
  'redirect-dns',
  'drop-invalid',
  'dual-stack',
  'capture-all-dns',
  'native-nftables',
];

/** The flags of istio-iptables among the arguments of istio-init. */
export function settingsOfArguments(container: Value | undefined): readonly YamlSetting[] {
  const words = argumentsOf(container);
  const settings: YamlSetting[] = [];
  for (let at = 0; at < words.length; at++) {
    const { text, place } = words[at] as Word;
    const long = /^--([a-z0-9_-]+)(?:=(.*))?$/s.exec(text);
    const short = /^-([a-z])(?:=?(.+))?$/s.exec(text);
    const [, name, joined] = long ?? short ?? [];
    if (name === undefined) continue;
    const isSwitch = switches.includes(name);
    const next = words[at + 1];
    const value = joined ?? (isSwitch ? 'true' : (next?.text ?? ''));
    if (
      joined === undefined &&
      !isSwitch &&
      next !== undefined &&
      (short !== null || optionOfFlag(name) !== undefined)
    )
      at++;
    const option = optionOfFlag(name);
    if (option !== undefined) {
      settings.push({
        option,
        by: { kind: 'argument', name: text.split('=')[0] ?? text },
        value,
        place,
        isWritten: true,
      });
    }
  }
  return settings;
}

/** Variables in the environment of a container that set options. */
export function settingsOfEnvironment(container: Value | undefined, name: string): readonly YamlSetting[] {
  return itemsOf(field(container, 'env')).flatMap((variable): readonly YamlSetting[] => {
    const key = textOf(field(variable, 'name')) ?? '';
    const option = optionOfVariable(key);
    const value = textOf(field(variable, 'value'));
    if (option === undefined || value === undefined) return [];
    return [{ option, by: { kind: 'variable', name: key, of: name }, value, place: variable.place }];
  });
}

/** Whom the proxy runs as, as the CNI plugin reads it: 0 is taken for "not given". */
export function settingsOfProxyUser(proxy: Value | undefined): readonly YamlSetting[] {
  const context = field(proxy, 'securityContext');
  return (
    [
      ['proxyUID', 'runAsUser'],
      ['proxyGID', 'runAsGroup'],
    ] as const
  ).flatMap(([option, key]): readonly YamlSetting[] => {
    const value = field(context, key);
    const text = textOf(value);
    return value === undefined || text === undefined || text === '0'
      ? []
      : [{ option, by: { kind: 'field', name: key, of: 'istio-proxy' }, value: text, place: value.place }];
  });
}

/** The release in an image's tag; null where there is none. */
export function releaseOfImage(image: string | undefined): string | null {
  const tag = /:v?(\d+\.\d+(?:\.\d+)?)(?:[-.][\w.-]+)?(?:@[\w:]*)?$/.exec(image ?? '');
  return tag?.[1] ?? null;
}

/** Annotations that say something else than what istio-init was told: they were changed after the injection. */
export function changedLater(
  annotations: readonly YamlEntry[],
  settings: readonly YamlSetting[],
): readonly YamlMessage[] {
  return annotations.flatMap(({ key, value, place }): readonly YamlMessage[] => {
    const option = optionOf('annotations', key);
    const said = textOf(value);
    const told = settings.findLast((setting) => setting.option === option);
    if (option === undefined || said === undefined || optionTable[option].kind === 'switch') return [];
    const asked = said.split(',').filter((part) => part !== '');
    const has = new Set((told?.value ?? '').split(','));
    const isSame = key.endsWith('/excludeInboundPorts')
      ? asked.every((part) => has.has(part))
      : said === (told?.value ?? '');
    if (isSame) return [];
    return [
      {
        severity: 'warning',
        code: 'changed after the injection',
        ...place,
        key,
        value: said,
        told: told?.value ?? null,
      },
    ];
  });
}

/** True where the proxy was given the right to listen below 1024, or asks for it. */
export function mayBindLowPorts(proxy: Value | undefined, annotations: readonly YamlEntry[]): boolean {
  const added = itemsOf(field(proxy, 'securityContext', 'capabilities', 'add'));
  return (
    added.some((item) => textOf(item) === 'NET_BIND_SERVICE') ||
    annotations.some(({ key, value }) => key === annotationNames.lowPorts && textOf(value) === 'true')
  );
}
