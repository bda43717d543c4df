/** The options of Istio that a sidecar's native rules speak of. A guess: `identifyNative` programs each and compares. */
import { defaultCniOptions, defaultOptions, type Options } from '../../istio/index.ts';
import type { NftRuleset } from '../../netfilter/index.ts';
import { factsOf, type NativeAsk, type NativeFacts, type NativeKind, tableOfKind } from './facts.ts';

export interface NativeGuesses {
  /** The most likely sets of options, the likeliest first. */
  readonly likely: readonly Partial<Options>[];
  /** Sets that no injector asks for: believed only where they make exactly these rules. */
  readonly unusual: readonly Partial<Options>[];
}

export function inferNativeOptions(ruleset: NftRuleset): NativeGuesses {
  const facts = (kind: NativeKind, chain: string): readonly NativeFacts[] =>
    (tableOfKind(ruleset, kind)?.chains.find(({ name }) => name === chain)?.rules ?? []).map(factsOf);
  const output = facts('nat', 'istio-output');
  const isTproxy = facts('mangle', 'istio-inbound').length + facts('mangle', 'istio-tproxy').length > 0;
  const inbound = facts(isTproxy ? 'mangle' : 'nat', 'istio-inbound');
  const prerouting = [...facts('nat', 'prerouting'), ...facts('mangle', 'prerouting')];
  const found: Record<string, string | boolean | readonly string[]> = {};
  const set = <Name extends keyof Options>(name: Name, value: Options[Name] | undefined) => {
    if (value !== undefined && String(value) !== String(defaultOptions[name])) found[name] = value;
  };

  set('proxyPort', facts('nat', 'istio-redirect').flatMap(portRedirectedTo)[0]);
  set('inboundCapturePort', facts('nat', 'istio-in-redirect').flatMap(portRedirectedTo)[0]);
  const [first] = facts('nat', 'istio-inbound');
  const tunnel = first !== undefined && doing('return', ['tcp dport'])(first) ? firstValue(first) : undefined;
  set('inboundTunnelPort', tunnel);
  set('proxyUID', list(output.filter(doing('return', ['skuid'])).map(firstValue)));
  const { proxys, others } = gidsOf(output);
  set('proxyGID', list(proxys));
  set('ownerGroupsExclude', list(others));
  // A group that is given twice is asked for twice.
  set(
    'ownerGroupsInclude',
    output
      .map(groupsAlone)
      .find((groups) => groups.length > 0)
      ?.join(','),
  );
  if (isTproxy) {
    set('inboundInterceptionMode', 'TPROXY');
    set('inboundTProxyMark', facts('mangle', 'istio-divert').flatMap(markSet)[0]);
  }
  const excluded = inbound.filter(doing('return', ['tcp dport'])).map(firstValue);
  const captures = inbound.filter(
    ({ does }) => does === 'jump istio-in-redirect' || does === 'jump istio-tproxy',
  );
  const captured = captures.filter(asking(['tcp dport'])).map(firstValue);
  if (captures.some(asking(['l4proto'])))
    set('inboundPortsExclude', list(isTproxy ? excluded : excluded.filter((port) => port !== tunnel)));
  else if (captured.length > 0) set('inboundPortsInclude', list(captured));
  else if (!prerouting.some(({ does }) => does === 'jump istio-inbound')) set('inboundPortsInclude', '');

  set(
    'outboundPortsExclude',
    list(output.filter(doing('return', ['tcp dport'], ['udp dport'])).map(firstValue)),
  );
  const sent = output.filter(({ does }) => does === 'jump istio-redirect');
  set('outboundPortsInclude', list(sent.filter(asking(['tcp dport'])).map(firstValue)));
  const loopback = output
    .flatMap(({ asks }) => asks.filter(({ of, isNot }) => of === 'ip daddr' && isNot))
    .map(rangeOf)[0];
  set('hostIPv4LoopbackCidr', loopback);
  set(
    'outboundIPRangesExclude',
    list(
      output
        .filter(doing('return', ['ip daddr'], ['ip6 daddr']))
        .flatMap(({ asks }) => asks.map(rangeOf))
        .filter(
          (range) => range !== (loopback ?? defaultOptions.hostIPv4LoopbackCidr) && range !== '::1/128',
        ),
    ),
  );
  const ranges = sent.filter(asking(['ip daddr'], ['ip6 daddr'])).flatMap(({ asks }) => asks.map(rangeOf));
  if (ranges.length > 0) set('outboundIPRangesInclude', list(ranges));
  else if (output.length > 0 && !sent.some(asking([]))) set('outboundIPRangesInclude', '');
  const leftAlone = [...facts('nat', 'output'), ...facts('mangle', 'output')]
    .filter(doing('return', ['oifname']))
    .map(firstValue);
  set('excludeInterfaces', list(leftAlone));
  const returned = facts('nat', 'prerouting')
    .filter(doing('return', ['iifname']))
    .map(firstValue);
  // Each is inserted before all others, so that the last of the list stands first.
  set('rerouteVirtualInterfaces', list(returned.filter((name) => !leftAlone.includes(name)).reverse()));
  if (prerouting.some(({ does }) => does === 'jump istio-drop')) set('dropInvalid', true);
  const usual: Partial<Options> = speaksOfV6(ruleset) ? { enableIPv6: true } : {};
  const base: Partial<Options> = { ...found, ...usual, ...dnsOf(facts('nat', 'istio-output-dns')) };
  const { outboundIPRangesInclude, inboundPortsInclude, outboundIPRangesExclude, ...plain } = base;
  const isDoubtful =
    outboundIPRangesInclude === '' || inboundPortsInclude === '' || outboundIPRangesExclude !== undefined;
  const candidates = [base, ...(isDoubtful ? [plain] : []), usual];
  return {
    likely: candidates.flatMap((options) => [options, ofCni(options)]),
    unusual: [{ ...base, inboundPortsExclude: '' }],
  };
}

/** The same with the CNI plugin, without what is its own default. */
function ofCni(options: Partial<Options>): Partial<Options> {
  const unusual = Object.entries(options).filter(
    ([name, value]) => String(value) !== String(defaultCniOptions[name as keyof Options]),
  );
  return { ...Object.fromEntries(unusual), cni: true };
}

/** Asks for exactly one of these lists of fields, none of them with `!=`. */
function asking(...lists: readonly (readonly string[])[]): (facts: NativeFacts) => boolean {
  return ({ asks }) =>
    asks.every(({ isNot }) => !isNot) &&
    lists.some((fields) => fields.length === asks.length && fields.every((of, at) => asks[at]?.of === of));
}

function doing(what: string, ...lists: readonly (readonly string[])[]): (facts: NativeFacts) => boolean {
  const isAsked = asking(...lists);
  return (facts) => facts.does === what && isAsked(facts);
}

function firstValue({ asks: [ask] }: NativeFacts): string {
  return ask?.value ?? '';
}

function portRedirectedTo({ does }: NativeFacts): readonly string[] {
  const port = /^redirect to :(\d+)$/.exec(does)?.[1];
  return port === undefined ? [] : [port];
}

/** The mark that a rule puts on packets, in decimal. */
function markSet({ does }: NativeFacts): readonly string[] {
  const mark = /^meta mark set (0x[\da-f]+)$/.exec(does)?.[1];
  return mark === undefined ? [] : [String(Number(mark))];
}

/** The gids of the proxy have more than one rule each, an excluded group has one. */
function gidsOf(output: readonly NativeFacts[]): {
  readonly proxys: readonly string[];
  readonly others: readonly string[];
} {
  const returned = output.filter(doing('return', ['skgid'])).map(firstValue);
  const onLo = new Set(
    output
      .filter(({ asks }) => asks[0]?.of === 'oifname')
      .flatMap(({ asks }) => asks.filter(({ of }) => of === 'skgid').map(({ value }) => value)),
  );
  const proxys = returned.filter((gid) => onLo.has(gid));
  return proxys.length === 0
    ? { proxys: returned, others: [] }
    : { proxys, others: returned.filter((gid) => !onLo.has(gid)) };
}

/** `skgid != 202 skgid != 203 return`: nobody else is captured. */
function groupsAlone({ asks, does }: NativeFacts): readonly string[] {
  const isThat =
    does === 'return' && asks.length > 0 && asks.every(({ of, isNot }) => of === 'skgid' && isNot);
  return isThat ? asks.map(({ value }) => value) : [];
}

function rangeOf({ of, value }: NativeAsk): string {
  return value.includes('/') ? value : `${value}/${of === 'ip6 daddr' ? 128 : 32}`;
}

function dnsOf(rules: readonly NativeFacts[]): Partial<Options> {
  const captured = rules.filter(({ does }) => does.startsWith('redirect to'));
  if (captured.length === 0) return {};
  const servers = (family: string) => [
    ...new Set(
      captured.flatMap(({ asks }) =>
        asks.filter(({ of }) => of === `${family} daddr`).map(({ value }) => value),
      ),
    ),
  ];
  const [v4, v6] = [servers('ip'), servers('ip6')];
  if (v4.length + v6.length === 0) return { redirectDNS: true, captureAllDNS: true };
  return {
    redirectDNS: true,
    ...(v4.length === 0 ? {} : { dnsServersV4: v4 }),
    ...(v6.length === 0 ? {} : { dnsServersV6: v6 }),
  };
}

/** Only a pod with IPv6 has rules that speak of it. */
function speaksOfV6({ tables }: NftRuleset): boolean {
  return tables.some(({ chains }) =>
    chains.some(({ name, rules }) =>
      // Others may put a rule of their own anywhere.
      name.startsWith('istio-')
        ? rules.some((rule) => factsOf(rule).asks.some(({ of }) => of.startsWith('ip6 ')))
        : false,
    ),
  );
}

/** Undefined for none: then the default stands. What stands there twice was programmed twice. */
function list(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : [...new Set(values)].join(',');
}
