/** Texts that grow: one construct of what people paste, again and again. */

type Grown = (count: number) => string;

const chains = ['INBOUND', 'IN_REDIRECT', 'OUTPUT', 'REDIRECT'].map((name) => `:ISTIO_${name} - [0:0]`);
const istio = [
  '-A PREROUTING -p tcp -j ISTIO_INBOUND',
  '-A OUTPUT -p tcp -j ISTIO_OUTPUT',
  '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT',
  '-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006',
  '-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN',
  '-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
];

function address(at: number): string {
  return `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
}

function each(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at)).join('\n');
}

function nat(rules: string, more: readonly string[] = []): string {
  const builtIn = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`);
  return ['*nat', ...builtIn, ...more, rules, 'COMMIT', ''].join('\n');
}

/** A sidecar's rules, with these among them. */
function sidecar(line: (at: number) => string): Grown {
  return (count) => nat([...istio, each(count, line)].join('\n'), chains);
}

/** A sidecar's rules behind lines that tell of the pod. */
function behind(line: (at: number) => string): Grown {
  return (count) => `${each(count, line)}\n${nat(istio.join('\n'), chains)}`;
}

function command(verb: string, line: (at: number) => string): (at: number) => string {
  return (at) => `iptables -t nat ${verb} ${line(at)}`;
}

const toAddress = (at: number) => `OUTPUT -d ${address(at)} -j ACCEPT`;

function pod(line: (at: number) => string, start = 'metadata:\n  annotations:\n'): Grown {
  return (count) => `apiVersion: v1\nkind: Pod\n${start}${each(count, line)}\n`;
}

function nftChain(line: (at: number) => string): Grown {
  const head = '\t\ttype nat hook output priority -100; policy accept;';
  return (count) => `table ip nat {\n\tchain output {\n${head}\n${each(count, line)}\n\t}\n}\n`;
}

function nftJson(one: (at: number) => string): Grown {
  const of = '"family": "ip", "table": "nat"';
  return (count) =>
    `{"nftables": [{"metainfo": {"json_schema_version": 1}}, {"table": {"family": "ip", "name": "nat"}}, {"chain": {${of}, "name": "output", "type": "nat", "hook": "output", "prio": -100, "policy": "accept"}}, ${list(count, one)}]}`;
}

function nftRule(statements: string): string {
  return `{"rule": {"family": "ip", "table": "nat", "chain": "output", "expr": [${statements}, {"accept": null}]}}`;
}

function isAddress(right: string): string {
  return `{"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": ${right}}`;
}

function list(count: number, one: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => one(at)).join(', ');
}

export const growingTexts: Readonly<Record<string, Grown>> = {
  'rules with owners': sidecar((at) => `-A ISTIO_OUTPUT -m owner --uid-owner ${at} -j RETURN`),
  'rules with ranges': sidecar((at) => `-A ISTIO_OUTPUT -d ${address(at)}/32 -j RETURN`),
  'rules with ports': sidecar((at) => `-A ISTIO_INBOUND -p tcp --dport ${at + 1} -j RETURN`),
  'rules that nothing reaches': sidecar((at) => `-A ISTIO_REDIRECT -p tcp --dport ${at + 1} -j ACCEPT`),
  'chains that call the next': (count) =>
    nat(
      each(count, (at) => `-A C${at} -j C${at + 1}`),
      [each(count + 1, (at) => `:C${at} - [0:0]`)],
    ),
  'chains in a circle': (count) =>
    nat(
      each(count, (at) => `-A C${at} -j C${(at + 1) % count}`),
      [each(count, (at) => `:C${at} - [0:0]`)],
    ),
  'chains and targets that are not there': (count) => nat(each(count, (at) => `-A C${at} -j D${at}`)),
  tables: (count) => each(count, () => nat('-A OUTPUT -j ACCEPT')),
  'rules put in and taken out': (count) =>
    `${each(count, command('-A', toAddress))}\n${each(
      count,
      command('-D', (at) => toAddress(count - 1 - at)),
    )}`,
  'rules taken out that are not there': (count) =>
    `${each(count, command('-A', toAddress))}\n${each(
      count,
      command('-D', (at) => toAddress(count + at)),
    )}`,
  'rules taken out by number': (count) =>
    `${each(count, command('-A', toAddress))}\n${each(count, () => 'iptables -t nat -D OUTPUT 1')}`,
  'rules inserted': (count) => each(count, command('-I', toAddress)),
  'addresses of one list': (count) =>
    nat(`-A OUTPUT -s ${list(count, address).replaceAll(' ', '')} -j ACCEPT`),
  'two lists of addresses': (count) => {
    const all = list(count, address).replaceAll(' ', '');
    return nat(`-A OUTPUT -s ${all} -d ${all} -j ACCEPT`);
  },
  'matches of one rule': (count) => nat(`-A OUTPUT ${'-m tcp '.repeat(count)}-j ACCEPT`),
  'unknown matches of one rule': (count) => nat(`-A OUTPUT ${'-m foo --bar baz '.repeat(count)}-j ACCEPT`),
  'flags of kubectl exec': (count) => `kubectl exec ${'-a '.repeat(count)}!`,
  'sudo and its flags': (count) => `${'sudo -a '.repeat(count)}iptables!`,
  'blanks at an end': (count) => `x${' '.repeat(count * 20)}`,
  'quotes that are not closed': (count) => each(count, () => '-A OUTPUT -m comment --comment "a'),
  'quotes in one line': (count) => '\\"'.repeat(count * 10),
  'tags in one line': (count) => '<p>'.repeat(count * 10),
  'lines that end in CR alone': (count) =>
    sidecar((at) => `-A OUTPUT -d ${address(at)}`)(count).replaceAll('\n', '\r'),
  'lines of a log': (count) =>
    each(count, (at) => `2025-01-01T00:00:00Z info -A OUTPUT -d ${address(at)} -j ACCEPT`),
  prose: (count) => each(count, (at) => `Hello ${at}, my iptables and -A things do not work.`),
  errors: (count) =>
    each(count, (at) => `iptables-restore: line ${at} failed: No chain/target/match by that name.`),
  'iptables -L': (count) =>
    `Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target prot opt in out source destination\n${each(count, (at) => `    0     0 ACCEPT     tcp  --  *      *       ${address(at)}       0.0.0.0/0            tcp dpt:80`)}`,
  'ip address': behind(
    (at) => `${at + 1}: eth${at}: <UP> mtu 1500\n    inet ${address(at)}/24 scope global eth${at}`,
  ),
  'ip route': behind((at) => `${address(at)} dev eth0 scope link src 10.0.0.5`),
  'ip rule': behind((at) => `${at}:\tfrom ${address(at)} lookup ${(at % 200) + 1}`),
  sysctl: behind((at) => `net.ipv4.conf.eth${at}.rp_filter = 1`),
  conntrack: behind(
    (at) =>
      `tcp 6 431999 ESTABLISHED src=10.0.0.5 dst=${address(at)} sport=4000 dport=80 src=${address(at)} dst=10.0.0.5 sport=80 dport=4000 [ASSURED] mark=0 use=1`,
  ),
  pods: (count) =>
    each(count, (at) => `# kubectl exec pod-${at} -- iptables-save\n${nat(istio.join('\n'), chains)}`),
  'YAML: keys': pod((at) => `    k${at}: a`),
  'YAML: keys twice': pod(() => '    same: a'),
  'YAML: anchors and aliases': (count) =>
    pod((at) => `    a${at}: &a${at} b`)(count) + each(count, (at) => `    b${at}: *a${at}`),
  'YAML: merges': pod((at) => `m${at}:\n  <<: *b\n  z: 1`, 'base: &b\n  x: y\n'),
  'YAML: merges of what is no map': pod(
    (at) => `m${at}:\n  <<: ${['*b', 'x', '[1, *b]', '{a: 1}', '*none'][at % 5]}\n  z: 1`,
    'base: &b x\n',
  ),
  'YAML: blank lines behind metadata': (count) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n${'  \n'.repeat(count)}x`,
  'YAML: documents': (count) =>
    each(count, (at) => `---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p${at}`),
  'YAML: broken lines': pod((at) => `  a: b: c: ${at}`),
  'YAML: tabs': pod((at) => `\ta${at}: b`),
  'YAML: brackets': (count) => `apiVersion: v1\nkind: Pod\nx: ${'['.repeat(count)}${']'.repeat(count)}`,
  'nft: rules': nftChain((at) => `\t\tip daddr ${address(at)} accept`),
  'nft: elements': (count) => nftChain(() => `\t\tip daddr { ${list(count, address)} } accept`)(1),
  'nft: chains': (count) =>
    `table ip nat {\n${each(count, (at) => `\tchain c${at} {\n\t\tjump c${at + 1}\n\t}`)}\n}\n`,
  'nft JSON: rules': nftJson((at) => nftRule(`{"match": ${isAddress(`"${address(at)}"`)}}`)),
  'nft JSON: elements': (count) =>
    nftJson(() =>
      nftRule(`{"match": ${isAddress(`{"set": [${list(count, (at) => `"${address(at)}"`)}]}`)}}`),
    )(1),
  'nft JSON: chains': nftJson(
    (at) =>
      `{"chain": {"family": "ip", "table": "nat", "name": "c${at}"}}, {"rule": {"family": "ip", "table": "nat", "chain": "c${at}", "expr": [{"jump": {"target": "c${at + 1}"}}]}}`,
  ),
  'nft JSON: parts of an expression': (count) =>
    nftJson(() =>
      nftRule(
        `{"mangle": {"key": {"meta": {"key": "mark"}}, "value": ${'{"|": ['.repeat(count)}{"meta": {"key": "mark"}}${', 1]}'.repeat(count)}}}`,
      ),
    )(1),
  'nft JSON: statements that are not known': (count) =>
    nftJson(() => nftRule(list(count, (at) => `{"teleport${at}": null}`)))(1),
  'nft JSON: brackets': (count) => `{"nftables": ${'['.repeat(count)}`,
  'nft JSON that breaks off': (count) =>
    nftJson((at) => nftRule(`{"match": ${isAddress(`"${address(at)}"`)}}`))(count).slice(0, -20),
  'Envoy: ends of lines behind what is broken': (count) =>
    `{"static_resources": {"listeners": [{"name": x${'\n'.repeat(count * 20)}`,
  'sockets whose addresses have many colons': (count) => `tcp\t0\t0\t:${':C'.repeat(count * 20)}`,
  'nft: parts of an expression': (count) =>
    nftChain(() => `\t\tmeta mark set meta mark${' | 0x1'.repeat(count)}`)(1),
};

const natChain = '"family": "ip", "table": "nat"';

/** What stands in itself, so many times: whoever reads it by calling itself has a stack that ends. */
export const nestedTexts: Readonly<Record<string, Grown>> = {
  'nft: parentheses': (count) =>
    nftChain(() => `\t\tmeta mark set ${'('.repeat(count)}meta mark${')'.repeat(count)}`)(1),
  'nft: parentheses that are not closed': (count) => nftChain(() => `\t\tmeta mark ${'('.repeat(count)}`)(1),
  'nft: sets': (count) => nftChain(() => `\t\tip daddr ${'{ '.repeat(count)}1.1.1.1${' }'.repeat(count)}`)(1),
  'nft: chains in rules': (count) =>
    nftChain(() => `${'jump { '.repeat(count)}accept${' }'.repeat(count)}`)(1),
  'nft JSON': (count) =>
    `{"nftables": [{"rule": {${natChain}, "chain": "output", "expr": ${'['.repeat(count)}`,
  'YAML in brackets': (count) => `apiVersion: v1\nkind: Pod\nx: ${'{a: '.repeat(count)}${'}'.repeat(count)}`,
  'YAML in lists': (count) => `apiVersion: v1\nkind: Pod\nx: ${'- '.repeat(count)}a`,
  'JSON of a pod': (count) => `{"apiVersion": "v1", "kind": "Pod", "x": ${'['.repeat(count)}`,
  'JSON of Envoy': (count) => `{"static_resources": ${'{"a": ['.repeat(count)}`,
  'quotes in escapes': (count) => `{"msg": "${'\\\\\\"'.repeat(count)}*nat\\n-A OUTPUT -j ACCEPT"}`,
  'prompts and commands': (count) => `${'$ kubectl exec p -- '.repeat(count)}iptables -A OUTPUT -j ACCEPT`,
};

const state = '#v=1&scenario=local-to-remote';

function ranges(count: number): string {
  return list(count, (at) => `${address(at)}/32`).replaceAll(' ', '');
}

/** Links to a walk that grow. */
export const growingLinks: Readonly<Record<string, Grown>> = {
  answers: (count) => `${state}&${each(count, (at) => `answer=nat/C${at}/1:yes`).replaceAll('\n', '&')}`,
  'one answer, again': (count) => `${state}${'&answer=nat/OUTPUT/1:yes'.repeat(count)}`,
  'parts that no link has': (count) => `${state}${list(count, (at) => `&x${at}=1`).replaceAll(', ', '')}`,
  'one part, again': (count) => `${state}${'&release=1.17'.repeat(count)}`,
  'options that are not there': (count) =>
    `${state}${list(count, (at) => `&option.x${at}=1`).replaceAll(', ', '')}`,
  'ranges that are excluded': (count) => `${state}&option.outboundIPRangesExclude=${ranges(count)}`,
  'ranges that are included': (count) => `${state}&option.outboundIPRangesInclude=${ranges(count)}`,
  'ports that are excluded': (count) =>
    `${state}&option.inboundPortsExclude=${list(count, (at) => `${at + 1}`).replaceAll(' ', '')}`,
  'users of the proxy': (count) =>
    `${state}&option.proxyUID=${list(count, (at) => `${at + 1}`).replaceAll(' ', '')}`,
  'DNS servers': (count) =>
    `${state}&option.redirectDNS=true&option.dnsServersV4=${list(count, address).replaceAll(' ', '')}`,
  interfaces: (count) =>
    `${state}&option.rerouteVirtualInterfaces=${list(count, (at) => `eth${at}`).replaceAll(' ', '')}`,
  'letters that are coded': (count) => `${state}&path=${'%61'.repeat(count)}`,
  'damaged codes': (count) => `${state}${'&path=%'.repeat(count)}`,
  'signs of a part': (count) => `${state}${'&'.repeat(count)}${'='.repeat(count)}`,
};
