/** Each expression and statement of nftables, by name: those that random rules ask the kernel about, and the others. */

/** Each of them decides at least one pair of two hundred. */
export const asked: readonly string[] = [
  ...['saddr', 'daddr', 'protocol', 'ttl', 'dscp', 'ecn', 'length', 'version'].map((field) => `ip ${field}`),
  ...['saddr', 'daddr', 'nexthdr', 'hoplimit', 'dscp', 'ecn', 'length', 'version'].map(
    (field) => `ip6 ${field}`,
  ),
  ...['tcp', 'udp', 'sctp', 'th'].flatMap((protocol) => [`${protocol} sport`, `${protocol} dport`]),
  'tcp flags',
  '@nh',
  '@th',
  ...['icmp', 'icmpv6'].flatMap((protocol) => ['type', 'code', 'id'].map((field) => `${protocol} ${field}`)),
  'ether saddr',
  'ether type',
  ...['iif', 'oif', 'iifname', 'oifname', 'iiftype', 'oiftype', 'l4proto', 'nfproto', 'protocol'].map(
    (key) => `meta ${key}`,
  ),
  ...['mark', 'skuid', 'skgid', 'pkttype', 'length'].map((key) => `meta ${key}`),
  ...['state', 'status', 'direction', 'mark', 'zone', 'l3proto', 'protocol'].map((key) => `ct ${key}`),
  ...['original', 'reply'].flatMap((side) =>
    ['saddr', 'daddr', 'proto-src', 'proto-dst'].map((key) => `ct ${side} ${key}`),
  ),
  'fib type',
  'fib oif',
  ...['transparent', 'mark', 'wildcard'].map((key) => `socket ${key}`),
  ...['not', 'order', 'set', 'interval', 'named set', 'range', 'prefix', 'concatenation', 'map'],
  ...['bits &', 'bits |', 'bits ^'],
  ...['accept', 'drop', 'jump', 'goto', 'return', 'continue', 'verdict map'],
  ...['counter', 'named counter', 'log', 'notrack', 'meta mark set', 'ct mark set', 'ct zone set'],
  ...['meta priority set', 'meta nftrace set', 'add @set', 'update @set', 'delete @set', 'tproxy'],
  ...['tcp option set', 'reset option', 'object map'],
  ...['ip ttl set', 'ip6 hoplimit set', 'ip dscp set', 'ip6 dscp set'],
  ...['dnat', 'snat', 'redirect', 'masquerade', 'dnat to a map', 'snat to a map', 'redirect to a map'],
  ...['nat to a range', 'nat with a prefix', 'nat flags'],
  ...['reject with icmp', 'reject with icmpv6', 'reject with icmpx', 'reject with tcp'],
];

/** What the reader has to say: the engine walks both ways, and the kernel went one of them. */
export const askedOfReader: readonly string[] = [
  ...['limit', 'quota', 'ct count', 'numgen inc', 'numgen random', 'jhash', 'symhash', 'rt'],
  ...['meta time', 'meta hour', 'meta day', 'meta random', 'meta cgroup'],
  ...['ct expiration', 'ct helper', 'ct bytes', 'ct packets', 'ct avgpkt', 'ip id', 'ip checksum'],
];

/** What random rules do not ask, and why. */
export const notAsked: Readonly<Record<string, string>> = {
  dup: 'a copy has the bytes of its packet, and in the trace the two are one',
  queue: 'this kernel has no nft_queue',
  synproxy: 'this kernel has no nft_synproxy',
  osf: 'this kernel has no nft_osf',
  ipsec: 'this kernel has no nft_xfrm',
  'meta ipsec': 'this kernel has no IPsec',
  'meta sdif': 'this nft puts in what this kernel refuses',
  'meta secmark set': 'it needs a security module with contexts',
  'meta pkttype set': 'only in prerouting of netdev tables',
  fwd: 'only in netdev tables, which are not walked',
  flow: 'a flow is moved past the hooks only behind its first packets; a named case reads it',
  'ct id': 'drawn by the kernel',
  'ct label': 'no table of labels is there in this namespace',
  'socket cgroupv2': 'the namespace has no such cgroup',
};
