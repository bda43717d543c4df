/** Rulesets of native nftables at random, from a seed: forms that a rule can have, in orders that nft takes. */
import { Draw } from './draw.ts';

type Write = (draw: Draw) => string;

const v4: Write = (draw) => `10.${draw.below(4)}.0.${draw.between(1, 9)}`;
const v6: Write = (draw) => `fd00::${draw.between(1, 9)}`;
const port: Write = (draw) => String(draw.pick([22, 53, 80, 443, 8080, 15_001, 15_006]));
const id: Write = (draw) => String(draw.pick([0, 1000, 1337, 1338]));
const mark: Write = (draw) => `0x${draw.pick([1, 0x111, 0x539, 0xff, 0x10000]).toString(16)}`;
const range =
  (one: Write, from: number, to: number): Write =>
  (draw) =>
    draw.chance(0.5) ? one(draw) : `${draw.between(from, from + 9)}-${draw.between(from + 20, to)}`;

/** A value, a set of several, or the opposite of either. */
const asked =
  (left: string, value: Write): Write =>
  (draw) => {
    const not = draw.chance(0.3) ? '!= ' : '';
    if (draw.chance(0.6)) return `${left} ${not}${value(draw)}`;
    const values = new Set(Array.from({ length: draw.between(2, 4) }, () => value(draw)));
    return `${left} ${not}{ ${[...values].join(', ')} }`;
  };

/** What needs no protocol before it. */
const general: readonly Write[] = [
  asked('iifname', (draw) => draw.pick(['"eth0"', '"lo"', '"veth*"'])),
  asked('oifname', (draw) => draw.pick(['"eth0"', '"lo"'])),
  asked('meta skuid', id),
  asked('meta skgid', id),
  asked('meta mark', mark),
  asked('ct mark', mark),
  asked('ct state', (draw) => draw.pick(['new', 'established', 'related', 'invalid', 'untracked'])),
  asked('ct direction', (draw) => draw.pick(['original', 'reply'])),
  asked('ct status', (draw) => draw.pick(['dnat', 'snat', 'confirmed'])),
  asked('meta nfproto', (draw) => draw.pick(['ipv4', 'ipv6'])),
  asked('meta pkttype', (draw) => draw.pick(['host', 'broadcast', 'multicast'])),
  asked('fib daddr type', (draw) => draw.pick(['local', 'unicast', 'broadcast', 'multicast'])),
  (draw) => `meta mark & 0xfff ${draw.pick(['==', '!='])} ${mark(draw)}`,
  (draw) => `ct mark & 0xff ${draw.pick(['==', '!=', '<', '>='])} ${draw.between(1, 200)}`,
  (draw) =>
    `meta mark set ${draw.pick([mark(draw), `meta mark | ${mark(draw)}`, 'ct mark', `ct mark & ${mark(draw)}`])}`,
  (draw) => `ct mark set ${draw.pick([mark(draw), `ct mark & 0xffff0000 | ${mark(draw)}`, 'meta mark'])}`,
  (draw) =>
    draw.pick([
      'counter',
      'counter packets 1 bytes 60',
      'log',
      'log prefix "a: " level debug',
      'meta nftrace set 1',
    ]),
  (draw) =>
    `limit rate ${draw.pick(['', 'over '])}${draw.between(1, 90)}/${draw.pick(['second', 'minute', 'hour'])}`,
];

const ofFamily: readonly Write[] = [
  asked('ip saddr', (draw) => draw.pick([v4(draw), '10.0.0.0/8', '172.16.0.1-172.16.0.9'])),
  asked('ip daddr', (draw) => draw.pick([v4(draw), '127.0.0.1', '127.0.0.0/8'])),
  asked('ip6 daddr', (draw) => draw.pick([v6(draw), '::1', 'fe80::/10'])),
  asked(
    'ip ttl',
    range((draw) => String(draw.between(1, 9)), 10, 64),
  ),
  asked(
    'ip6 hoplimit',
    range((draw) => String(draw.between(1, 9)), 10, 64),
  ),
  (draw) => `ip saddr . ip daddr { ${v4(draw)} . 192.0.2.1, 192.0.2.2 . ${v4(draw)} }`,
  () => '',
];

const ofProtocol: readonly Write[] = [
  asked('tcp dport', range(port, 100, 200)),
  asked('tcp sport', range(port, 100, 200)),
  asked('udp dport', range(port, 100, 200)),
  (draw) =>
    `tcp flags ${draw.pick(['syn', 'ack', 'syn,ack'])} / ${draw.pick(['fin,syn,rst,ack', 'syn,rst,ack'])}`,
  asked('icmp type', (draw) => draw.pick(['echo-request', 'echo-reply', 'destination-unreachable'])),
  asked('icmpv6 type', (draw) => draw.pick(['echo-request', 'nd-neighbor-solicit'])),
  (draw) => `meta l4proto ${draw.pick(['tcp', 'udp', '{ tcp, udp }', '!= icmp'])}`,
  (draw) => `meta l4proto { tcp, udp } th dport ${port(draw)}`,
  asked('sctp dport', port),
  () => '',
];

const endings: readonly Write[] = [
  () => 'accept',
  () => 'drop',
  () => 'return',
  () => 'continue',
  (draw) => `${draw.pick(['jump', 'goto'])} ${draw.pick(['one', 'two'])}`,
  (draw) => `reject${draw.pick(['', ' with icmpx admin-prohibited', ' with icmpx no-route'])}`,
  (draw) => `tcp dport vmap { ${port(draw)} : accept, 1 : jump one, 2-9 : drop }`,
  (draw) => `ct state vmap { new : ${draw.pick(['accept', 'jump two'])}, invalid : drop }`,
  () => '',
];

function rule(draw: Draw): string {
  const parts = [
    draw.pick(ofFamily)(draw),
    ...Array.from({ length: draw.below(3) }, () => draw.pick(general)(draw)),
    draw.pick(ofProtocol)(draw),
    draw.pick(endings)(draw),
  ].filter((part) => part !== '');
  const comment = draw.chance(0.2) ? ' comment "why"' : '';
  return `${parts.length === 0 ? 'counter' : parts.join(' ')}${comment}`;
}

const mixesFamilies = (text: string) => /\bip(?: |v4)/.test(text) && /ip6|ipv6|icmpv6/.test(text);
/** One rule can speak of one protocol of each layer. */
const mixesProtocols = (text: string) =>
  new Set(text.match(/\b(?:tcp|udp|sctp|icmp|icmpv6|th)(?= (?:[sd]port|type|flags|vmap))/g)).size > 1 ||
  (/l4proto/.test(text) && /\b(?:tcp|udp|sctp|icmp|icmpv6) (?:[sd]port|type|flags)/.test(text));

/** A script for an empty kernel. */
export function randomNftScript(seed: number): string {
  const draw = new Draw(seed);
  const rules = () =>
    Array.from({ length: draw.between(3, 25) }, () => rule(draw))
      .filter((text) => !mixesFamilies(text) && !mixesProtocols(text))
      .map((text) => `    ${text}`)
      .join('\n');
  // The last ones are asked by nobody but the first, so that no chains go in a circle.
  const plain = (text: string) => text.replace(/\b(?:jump|goto) (?:one|two)/g, 'accept');
  const base = draw.pick([
    'type filter hook input priority filter; policy drop;',
    'type filter hook output priority mangle + 3; policy accept;',
    'type filter hook forward priority 7; policy accept;',
  ]);
  return `table inet t {
  chain two {
${plain(rules())}
  }
  chain one {
${plain(rules())}
  }
  chain base { ${base}
${rules()}
  }
}
`;
}
