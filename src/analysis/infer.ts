/**
 * The options of Istio that a pod's rules speak of, read from the rules themselves. A guess: `identify` programs
 * each of them and compares.
 */
import { defaultCniOptions, defaultOptions, type Options } from '../istio/index.ts';
import { findChain, type Rule, type Ruleset, type TableName } from '../netfilter/index.ts';
import {
  asksFor,
  asksOnly,
  chainCalled,
  conditionNamed,
  conditionsOf,
  jumpsTo,
  numbersOf,
  optionsOfTarget,
  prefixText,
  targetName,
  verdictOf,
} from './rule-parts.ts';

/** The most likely sets of options, the likeliest first. */
export function inferOptions(ruleset: Ruleset): readonly Partial<Options>[] {
  const rules = (table: TableName, chain: string) => readRules(findChain(ruleset, table, chain)?.rules ?? []);
  const output = rules('nat', 'ISTIO_OUTPUT');
  const isTproxy =
    (findChain(ruleset, 'mangle', 'ISTIO_INBOUND')?.rules ?? []).length > 0 ||
    rules('mangle', 'PREROUTING').some((rule) => chainCalled(rule) === 'ISTIO_INBOUND');
  const inbound = rules(isTproxy ? 'mangle' : 'nat', 'ISTIO_INBOUND');
  const prerouting = [...rules('nat', 'PREROUTING'), ...rules('mangle', 'PREROUTING')];
  const found: Record<string, string | boolean | readonly string[]> = {};
  const set = <Name extends keyof Options>(name: Name, value: Options[Name] | undefined) => {
    if (value !== undefined && String(value) !== String(defaultOptions[name])) found[name] = value;
  };

  const redirects = rules('nat', 'ISTIO_REDIRECT').filter((rule) => asksOnly(rule, ['-p tcp']));
  set('proxyPort', redirects.flatMap(portRedirectedTo)[0]);
  set('inboundCapturePort', rules('nat', 'ISTIO_IN_REDIRECT').flatMap(portRedirectedTo)[0]);
  set('proxyUID', list(returning(output, ['--uid-owner']).flatMap(numbersNamed('--uid-owner'))));
  const gids = gidsOf(output);
  set('proxyGID', list(gids.proxys));
  set('ownerGroupsExclude', list(gids.others));
  set(
    'ownerGroupsInclude',
    output
      .map(groupsAlone)
      .find((groups) => groups.length > 0)
      ?.join(','),
  );
  // What Envoy sends to the pod's own address, by lo.
  const own = output.filter((rule) => jumpsTo(rule, 'ISTIO_IN_REDIRECT') && leavesByLo(rule));
  const loopback = own.flatMap((rule) => prefixText(conditionNamed(rule, '! -d')) ?? [])[0];
  if (ruleset.family === 'v4') set('hostIPv4LoopbackCidr', loopback);
  // 53 is excepted there by DNS capture.
  const asked = own.flatMap((rule) => numbersOf(conditionNamed(rule, '! --dport'))?.[0] ?? []);
  set('inboundTunnelPort', asked.filter((port) => port !== 53).map(String)[0]);
  if (isTproxy) {
    set('inboundInterceptionMode', 'TPROXY');
    set('inboundTProxyMark', rules('mangle', 'ISTIO_DIVERT').flatMap(markSet)[0]);
  }

  const tunnel = String(found.inboundTunnelPort ?? defaultOptions.inboundTunnelPort);
  const excluded = returning(inbound, ['-p tcp', '--dport'])
    .flatMap(portOf)
    .filter((port) => port !== tunnel || isTproxy);
  const captures = inbound.filter((rule) => jumpsTo(rule, 'ISTIO_IN_REDIRECT', 'ISTIO_TPROXY'));
  const captured = captures.flatMap(portOf);
  if (captures.some((rule) => asksOnly(rule, ['-p tcp'])))
    set('inboundPortsExclude', list(excluded.filter((port) => port !== '22')));
  else if (captured.length > 0) set('inboundPortsInclude', list(captured));
  else if (!prerouting.some((rule) => chainCalled(rule) === 'ISTIO_INBOUND')) set('inboundPortsInclude', '');

  set(
    'outboundPortsExclude',
    list(returning(output, ['-p tcp', '--dport'], ['-p udp', '--dport']).flatMap(portOf)),
  );
  const sent = output.filter((rule) => jumpsTo(rule, 'ISTIO_REDIRECT'));
  set(
    'outboundPortsInclude',
    list(sent.filter((rule) => asksOnly(rule, ['-p tcp', '--dport'])).flatMap(portOf)),
  );
  set(
    'outboundIPRangesExclude',
    list(
      returning(output, ['-d'])
        .flatMap(rangeOf)
        .filter(
          (range) => range !== (loopback ?? defaultOptions.hostIPv4LoopbackCidr) && range !== '::1/128',
        ),
    ),
  );
  const ranges = sent.filter((rule) => asksOnly(rule, ['-d'])).flatMap(rangeOf);
  if (ranges.length > 0) set('outboundIPRangesInclude', list(ranges));
  else if (output.length > 0 && !sent.some((rule) => asksOnly(rule, []))) set('outboundIPRangesInclude', '');
  set('excludeInterfaces', list(returning(prerouting, ['-i']).flatMap(interfaceOf)));
  set(
    'rerouteVirtualInterfaces',
    list(
      prerouting
        .filter((rule) => jumpsTo(rule, 'ISTIO_REDIRECT', 'ISTIO_OUTPUT'))
        .filter((rule) => asksOnly(rule, ['-i'], ['-d', '-i']))
        .flatMap(interfaceOf),
    ),
  );
  if (rules('mangle', 'PREROUTING').some(dropsInvalid)) set('dropInvalid', true);
  if (ruleset.family === 'v6') set('enableIPv6', true);

  const base = found as Partial<Options>;
  const withDns = dnsOptions(ruleset).flatMap((dns) => {
    const options = { ...base, ...dns };
    const { inboundCapturePort, ...usual } = options;
    // Until 1.6 a list of inbound ports is sent to the outbound port, without anybody asking for it.
    const isSentOut = inboundCapturePort === (options.proxyPort ?? defaultOptions.proxyPort);
    return isSentOut && (options.inboundPortsInclude ?? '*') !== '*' ? [usual, options] : [options];
  });
  const { outboundIPRangesInclude, inboundPortsInclude, outboundIPRangesExclude, ...plain } = base;
  const usual: Partial<Options> = ruleset.family === 'v6' ? { enableIPv6: true } : {};
  // Until 1.12 Istio lets ssh in by itself; since then, as on virtual machines, somebody asks for it.
  const ssh = excluded.includes('22') ? [{ ...base, inboundPortsExclude: excluded.join(',') }] : [];
  const candidates = [
    ...withDns,
    ...ssh,
    // What looks like an option may be a rule that somebody took out or put in.
    ...(outboundIPRangesInclude === '' || inboundPortsInclude === '' || outboundIPRangesExclude !== undefined
      ? [plain]
      : []),
    usual,
  ];
  return candidates
    .flatMap((options) => [options, ...withUsualPorts(options)])
    .flatMap((options) => [options, ofCni(options)]);
}

/** The same with the ports that Istio excludes by itself, where one of them is not excluded. */
function withUsualPorts(options: Partial<Options>): readonly Partial<Options>[] {
  const { inboundPortsExclude, ...rest } = options;
  if (inboundPortsExclude === undefined) return [];
  const usual = defaultOptions.inboundPortsExclude.split(',');
  const given = inboundPortsExclude.split(',');
  const lost = usual.filter((port) => !given.includes(port));
  if (lost.length !== 1) return [];
  // The order is that of the rules, and where the lost one stood nobody knows.
  const own = given.filter((port) => !usual.includes(port));
  return own.length === 0 ? [rest] : [{ ...rest, inboundPortsExclude: [...usual, ...own].join(',') }];
}

/** The same made by the CNI plugin, without what are its own defaults. */
function ofCni(options: Partial<Options>): Partial<Options> {
  const own = Object.entries(options).filter(
    ([name, value]) => String(value) !== String(defaultCniOptions[name as keyof Options]),
  );
  return { ...Object.fromEntries(own), cni: true };
}

/** A rule that could not be read in full speaks of no option. */
function readRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ unread }) => unread === undefined);
}

/** The rules that return what asks for exactly one of these lists of conditions. */
function returning(rules: readonly Rule[], ...asked: readonly (readonly string[])[]): readonly Rule[] {
  return rules.filter((rule) => verdictOf(rule) === 'RETURN' && asksOnly(rule, ...asked));
}

/** The one port that a rule asks for. */
function portOf(rule: Rule): readonly string[] {
  const [first, last] = numbersOf(conditionNamed(rule, '--dport')) ?? [];
  return first === undefined || first !== last ? [] : [String(first)];
}

/** The numbers that a rule asks for by an option, as Istio takes them: `1337`, `1000-2000`. */
function numbersNamed(name: string): (rule: Rule) => readonly string[] {
  return (rule) => {
    const range = numbersOf(conditionNamed(rule, name));
    return range === null ? [] : [range[0] === range[1] ? String(range[0]) : range.join('-')];
  };
}

function rangeOf(rule: Rule): readonly string[] {
  const range = prefixText(conditionNamed(rule, '-d'));
  return range === null ? [] : [range];
}

function interfaceOf(rule: Rule): readonly string[] {
  const value = conditionNamed(rule, '-i')?.value;
  return typeof value === 'string' ? [value] : [];
}

function portRedirectedTo(rule: Rule): readonly string[] {
  if (verdictOf(rule) !== 'REDIRECT') return [];
  const range = numbersOf(optionsOfTarget(rule).find(({ name }) => name === '--to-ports'));
  return range === null ? [] : [String(range[0])];
}

/** The mark that a rule puts on packets. */
function markSet(rule: Rule): readonly string[] {
  const value = optionsOfTarget(rule).find(({ name }) => name === '--set-xmark')?.value;
  return typeof value === 'object' && value !== null && 'value' in value ? [String(value.value)] : [];
}

function dropsInvalid(rule: Rule): boolean {
  const states = conditionNamed(rule, '--ctstate')?.value;
  const target = targetName(rule);
  return (
    Array.isArray(states) && states.join() === 'INVALID' && (target === 'DROP' || target === 'ISTIO_DROP')
  );
}

/** DNS capture: of any server, or of those that the rules name. */
function dnsOptions(ruleset: Ruleset): readonly Partial<Options>[] {
  const ofDns = ruleset.tables
    .flatMap(({ chains }) => chains)
    .filter(({ name }) => name.startsWith('ISTIO_') || name === 'OUTPUT')
    .flatMap(({ rules }) => readRules(rules))
    .filter(({ matches }) =>
      matches.some(({ options }) => options.some((one) => asksFor(one, '--dport', 53))),
    );
  const redirects = ofDns.filter((rule) => verdictOf(rule) === 'REDIRECT');
  if (redirects.length === 0) {
    // Some releases make an exception for DNS and then find no server to capture.
    return ofDns.length > 0 ? [{ redirectDNS: true }, {}] : [{}];
  }
  const servers = distinct(redirects.flatMap(rangeOf).map((range) => range.replace(/\/(32|128)$/, '')));
  if (servers.length === 0) return [{ redirectDNS: true, captureAllDNS: true }];
  return [
    {
      redirectDNS: true,
      ...(ruleset.family === 'v4' ? { dnsServersV4: servers } : { dnsServersV6: servers }),
    },
  ];
}

/** The gids of the proxy have three rules each, an excluded group has one. */
function gidsOf(output: readonly Rule[]): Readonly<Record<'proxys' | 'others', readonly string[]>> {
  const gids = numbersNamed('--gid-owner');
  const returned = returning(output, ['--gid-owner']).flatMap(gids);
  const known = output.filter(leavesByLo).flatMap(numbersNamed('! --gid-owner'));
  const isProxys = (gid: string) => known.includes(gid);
  if (!returned.some(isProxys)) return { proxys: returned, others: [] };
  return { proxys: returned.filter(isProxys), others: returned.filter((gid) => !isProxys(gid)) };
}

/** The groups of a rule that lets all others go. One that is given twice is asked for twice. */
function groupsAlone(rule: Rule): readonly string[] {
  const asked = conditionsOf(rule);
  const isThat = asked.every(({ name, negated }) => name === '--gid-owner' && negated);
  if (verdictOf(rule) !== 'RETURN' || !isThat) return [];
  return asked.flatMap((one) => numbersOf(one)?.[0] ?? []).map(String);
}

function leavesByLo(rule: Rule): boolean {
  return conditionNamed(rule, '-o')?.value === 'lo';
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** Undefined for none: then the default stands. What stands there twice was programmed twice. */
function list(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : distinct(values).join(',');
}
