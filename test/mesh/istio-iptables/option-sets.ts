/** Option sets at random, from a seed: what is put to Istio's real programs and to `rulesFor` alike. */
import type { Options } from '../../../src/istio/index.ts';
import { Draw } from '../../kernel/draw.ts';

export type OptionSet = Partial<Options>;

/** The set with this number of a seed, whichever others are drawn. */
export function optionSet(seed: number, number: number): OptionSet {
  const draw = new Draw(seed, number);
  // Few at once in some sets, many in others, so that each is met alone and among others.
  const weight = draw.pick([0.4, 1, 1.8]);
  const given: Record<string, unknown> = {};
  const maybe = <Name extends keyof Options>(
    name: Name,
    chance: number,
    value: () => Options[Name],
  ): void => {
    if (draw.chance(chance * weight)) given[name] = value();
  };
  maybe('enableIPv6', 0.5, () => true);
  maybe('dualStack', 0.35, () => true);
  maybe('inboundInterceptionMode', 0.35, () => draw.pick(['TPROXY', 'TPROXY', 'TPROXY', 'REDIRECT', '']));
  maybe('proxyPort', 0.08, () => port(draw));
  maybe('inboundCapturePort', 0.08, () => port(draw));
  maybe('inboundTunnelPort', 0.1, () => port(draw));
  maybe('proxyUID', 0.25, () =>
    draw.pick(['', '0', '1337,0', '1000650001', '1337,1338', '4294967294', list(draw, id)]),
  );
  maybe('proxyGID', 0.25, () =>
    draw.pick(['', '0', '1337,0', '1000650001', '1337,1338,1339', '4294967294', list(draw, id)]),
  );
  maybe('inboundTProxyMark', 0.12, () => draw.pick(['1337', '2337', '1', '1338', '4294967295', '0']));
  maybe('inboundTProxyRouteTable', 0.1, () =>
    draw.pick(['133', '233', '1', '4000', '0', '254', '253', '4294967295']),
  );
  maybe('inboundPortsInclude', 0.3, () => draw.pick(['', '*', list(draw, port), list(draw, port)]));
  maybe('inboundPortsExclude', 0.35, () =>
    draw.pick(['', `15090,15021,15020,${list(draw, port)}`, list(draw, port)]),
  );
  maybe('ownerGroupsInclude', 0.2, () => draw.pick(['*', '', list(draw, id), list(draw, id)]));
  maybe('ownerGroupsExclude', 0.2, () => list(draw, () => draw.pick(['0', '888', '1337', '1000650001'])));
  maybe('outboundPortsInclude', 0.25, () => list(draw, port));
  maybe('outboundPortsExclude', 0.3, () => list(draw, port));
  maybe('outboundIPRangesInclude', 0.45, () =>
    draw.pick(['', '*', list(draw, range), list(draw, range), list(draw, range)]),
  );
  maybe('outboundIPRangesExclude', 0.35, () =>
    draw.chance(0.05) ? '*' : draw.pick(['', list(draw, range), list(draw, range)]),
  );
  maybe('rerouteVirtualInterfaces', 0.25, () => list(draw, networkInterface));
  maybe('excludeInterfaces', 0.25, () => list(draw, networkInterface));
  maybe('redirectDNS', 0.5, () => true);
  maybe('captureAllDNS', 0.25, () => true);
  maybe('dnsServersV4', 0.45, () =>
    several(draw, () => draw.pick(['10.96.0.10', '169.254.20.10', '8.8.8.8'])),
  );
  maybe('dnsServersV6', 0.3, () => several(draw, () => draw.pick(['fd00:10:96::a', '2001:4860:4860::8888'])));
  maybe('dnsConntrackZone', 0.2, () => true);
  maybe('dropInvalid', 0.3, () => true);
  maybe('hostIPv4LoopbackCidr', 0.2, () =>
    draw.chance(0.15)
      ? draw.pick(['127.0.0.1', '', '::1/128', '10.0.0.0/8', '126.0.0.0/7', '0.0.0.0/0'])
      : draw.pick(['127.0.0.1/32', '127.0.0.0/8', '127.0.0.1/8', '127.0.0.2/31', '127.128.0.0/9']),
  );
  return given;
}

function several(draw: Draw, one: (draw: Draw) => string): readonly string[] {
  return Array.from({ length: draw.between(1, draw.pick([1, 3])) }, () => one(draw));
}

function list(draw: Draw, one: (draw: Draw) => string): string {
  return several(draw, one).join(',');
}

/** How often a value is one that no careful person writes. */
const odd = 0.04;

const ports = ['22', '53', '80', '443', '3306', '8080', '9090', '15001', '15008', '15020', '15053', '65535'];

function port(draw: Draw): string {
  if (draw.chance(odd)) return draw.pick(['0', '65536', ' 80', '']);
  return draw.chance(0.7) ? draw.pick(ports) : String(draw.between(1, 65535));
}

function id(draw: Draw): string {
  if (draw.chance(odd)) return draw.pick(['', '4294967295', '-1', ' 7']);
  return draw.pick(['0', '1', '888', '1000', '1337', '1000650001']);
}

function networkInterface(draw: Draw): string {
  if (draw.chance(odd)) return draw.pick(['', ' eth0', 'sixteen-letters-']);
  return draw.pick(['eth0', 'eth1', 'net1', 'k6t-eth0', 'virbr0.100', 'fifteen-letters']);
}

const ranges = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.2.3/8',
  '10.96.0.0/12',
  '169.254.169.254/32',
  '192.168.77.5/31',
  '127.0.0.0/8',
  '127.0.0.1/32',
  '127.1.2.3/16',
  '::/0',
  '::1/128',
  '2001:db8::/32',
  '2001:db8::5:6/64',
  'fd00:10:96::/112',
  'fe80::/10',
] as const;

function range(draw: Draw): string {
  if (draw.chance(odd))
    return draw.pick([
      '',
      '10.0.0.0/33',
      ' 10.0.0.0/8',
      '::ffff:10.0.0.0/104',
      '10.0.0.0/08',
      '2001:DB8:0:0::/32',
    ]);
  if (draw.chance(0.8)) return draw.pick(ranges);
  const [a, b, c, d] = Array.from({ length: 4 }, () => draw.below(256));
  return `${a}.${b}.${c}.${d}/${draw.below(33)}`;
}
