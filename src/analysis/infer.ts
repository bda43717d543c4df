/**
 * The options of Istio that a pod's rules speak of, read from the rules themselves. A guess: `identify` programs
 * each of them and compares.
 */
import { defaultOptions, type Options } from '../istio/index.ts';
import { findChain, printRule, type Ruleset, type TableName } from '../netfilter/index.ts';

/** The most likely sets of options, the likeliest first. */
export function inferOptions(ruleset: Ruleset): readonly Partial<Options>[] {
  const texts = (table: TableName, chain: string) =>
    (findChain(ruleset, table, chain)?.rules ?? []).map((rule) => printRule(ruleset.family, rule));
  const output = texts('nat', 'ISTIO_OUTPUT');
  const isTproxy = texts('mangle', 'ISTIO_INBOUND').length > 0;
  const inbound = texts(isTproxy ? 'mangle' : 'nat', 'ISTIO_INBOUND');
  const prerouting = [...texts('nat', 'PREROUTING'), ...texts('mangle', 'PREROUTING')];
  const found: Record<string, string | boolean | readonly string[]> = {};
  const set = <Name extends keyof Options>(name: Name, value: Options[Name] | undefined) => {
    if (value !== undefined && String(value) !== String(defaultOptions[name])) found[name] = value;
  };

  set('proxyPort', first(texts('nat', 'ISTIO_REDIRECT'), /^-p tcp -j REDIRECT --to-ports (\d+)$/));
  set('inboundCapturePort', first(texts('nat', 'ISTIO_IN_REDIRECT'), /REDIRECT --to-ports (\d+)/));
  set('proxyUID', list(all(output, /^-m owner --uid-owner (\S+) -j RETURN$/)));
  set('proxyGID', gidsOf(output));
  if (isTproxy) {
    set('inboundInterceptionMode', 'TPROXY');
    const mark = first(texts('mangle', 'ISTIO_DIVERT'), /--set-x?mark (0x[0-9a-f]+|\d+)/);
    if (mark !== undefined) set('inboundTProxyMark', String(Number(mark)));
  }

  const tunnel = /--dport (\d+) -j RETURN$/.exec(texts('nat', 'ISTIO_INBOUND')[0] ?? '')?.[1];
  const excluded = all(inbound, /^-p tcp -m tcp --dport (\d+) -j RETURN$/).filter(
    (port) => port !== tunnel || isTproxy,
  );
  const capturesAll = inbound.some((text) => /^-p tcp -j ISTIO_(IN_REDIRECT|TPROXY)$/.test(text));
  const captured = all(inbound, /--dport (\d+) -j ISTIO_(?:IN_REDIRECT|TPROXY)$/);
  if (capturesAll) set('inboundPortsExclude', list(excluded.filter((port) => port !== '22')));
  else if (captured.length > 0) set('inboundPortsInclude', list(captured));
  else if (!prerouting.some((text) => text.includes('ISTIO_INBOUND'))) set('inboundPortsInclude', '');

  set('outboundPortsExclude', list(all(output, /^-p (?:tcp|udp) -m (?:tcp|udp) --dport (\d+) -j RETURN$/)));
  set('outboundPortsInclude', list(all(output, /^-p tcp -m tcp --dport (\d+) -j ISTIO_REDIRECT$/)));
  set(
    'outboundIPRangesExclude',
    list(all(output, /^-d (\S+) -j RETURN$/).filter((range) => !/^127\.0\.0\.1\/|^::1\//.test(range))),
  );
  const ranges = all(output, /^-d (\S+) -j ISTIO_REDIRECT$/);
  if (ranges.length > 0) set('outboundIPRangesInclude', list(ranges));
  else if (output.length > 0 && !output.includes('-j ISTIO_REDIRECT')) set('outboundIPRangesInclude', '');
  set('excludeInterfaces', list(all(prerouting, /^-i (\S+) -j RETURN$/)));
  set(
    'rerouteVirtualInterfaces',
    list(all(prerouting, /^(?:-d \S+ )?-i (\S+) -j ISTIO_(?:REDIRECT|OUTPUT)$/)),
  );
  if (texts('mangle', 'PREROUTING').some((text) => /--ctstate INVALID -j (?:ISTIO_)?DROP/.test(text)))
    set('dropInvalid', true);
  if (ruleset.family === 'v6') set('enableIPv6', true);

  const base = found as Partial<Options>;
  const withDns = dnsOptions(ruleset).map((dns) => ({ ...base, ...dns }));
  const { outboundIPRangesInclude, inboundPortsInclude, outboundIPRangesExclude, ...plain } = base;
  const usual: Partial<Options> = ruleset.family === 'v6' ? { enableIPv6: true } : {};
  const candidates = [
    ...withDns,
    // What looks like an option may be a rule that somebody took out or put in.
    ...(outboundIPRangesInclude === '' || inboundPortsInclude === '' || outboundIPRangesExclude !== undefined
      ? [plain]
      : []),
    usual,
  ];
  return candidates.flatMap((options) => [options, { ...options, cni: true }]);
}

/** DNS capture: of any server, or of those that the rules name. */
function dnsOptions(ruleset: Ruleset): readonly Partial<Options>[] {
  const texts = ruleset.tables.flatMap(({ chains }) =>
    chains.flatMap(({ name, rules }) =>
      name.startsWith('ISTIO_') || name === 'OUTPUT'
        ? rules.map((rule) => printRule(ruleset.family, rule))
        : [],
    ),
  );
  const redirects = texts.filter((text) =>
    /--dport 53\b.*REDIRECT --to-ports 1505?3|--dport 53 -j REDIRECT/.test(text),
  );
  if (redirects.length === 0) {
    // Some releases make an exception for DNS and then find no server to capture.
    return texts.some((text) => text.includes('--dport 53 ')) ? [{ redirectDNS: true }, {}] : [{}];
  }
  const servers = distinct(all(redirects, /-d (\S+?)(?:\/(?:32|128))? /));
  if (servers.length === 0) return [{ redirectDNS: true, captureAllDNS: true }];
  return [
    {
      redirectDNS: true,
      ...(ruleset.family === 'v4' ? { dnsServersV4: servers } : { dnsServersV6: servers }),
    },
  ];
}

/** The gids of the proxy have three rules each, an excluded group has one. */
function gidsOf(output: readonly string[]): string | undefined {
  const returned = all(output, /^-m owner --gid-owner (\S+) -j RETURN$/);
  const known = returned.filter((gid) =>
    output.some((text) => text.includes(`! --gid-owner ${gid}`) && text.includes('-o lo')),
  );
  return list(known.length > 0 ? known : returned);
}

function first(texts: readonly string[], pattern: RegExp): string | undefined {
  return all(texts, pattern)[0];
}

function all(texts: readonly string[], pattern: RegExp): readonly string[] {
  return texts.flatMap((text) => pattern.exec(text)?.[1] ?? []);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** Undefined for none: then the default stands. What stands there twice was programmed twice. */
function list(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : distinct(values).join(',');
}
