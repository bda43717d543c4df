/**
 * Measures the engine against a yardstick of the same run, so that a slow machine does not look like slow code:
 * `npm run bench`. It reports ratios and passes no judgement: machines are noisy.
 */
import { connect, parseEnvoyConfig } from '../../src/envoy/index.ts';
import { inspect } from '../../src/handbook/lab/index.ts';
import {
  decide,
  type Packet,
  parseNft,
  parseRuleset,
  printRuleset,
  traverse,
} from '../../src/netfilter/index.ts';
import { dumpOfServices, serviceAddress } from './envoy-dump.ts';
import { measureNodeQuestions, measureSidecarQuestions, type QuestionCosts } from './questions.ts';

/** A dump in the manner of kube-proxy: a chain for each Service and each endpoint. */
function dumpOf(rules: number): string {
  const services = Math.floor(rules / 5);
  const chains: string[] = [];
  const lines: string[] = ['-A PREROUTING -j KUBE-SERVICES', '-A OUTPUT -j KUBE-SERVICES'];
  for (let at = 0; at < services; at++) {
    const name = at.toString(36).toUpperCase().padStart(16, '0');
    const address = `10.${96 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
    const pod = `10.${244 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
    chains.push(`:KUBE-SVC-${name} - [0:0]`, `:KUBE-SEP-${name} - [0:0]`);
    lines.push(
      `-A KUBE-SERVICES -d ${address}/32 -p tcp -m comment --comment "ns/s${at}:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-${name}`,
      `-A KUBE-SVC-${name} ! -s 10.244.0.0/14 -d ${address}/32 -p tcp -m comment --comment "ns/s${at}:http" -m tcp --dport 80 -j MARK --set-xmark 0x4000/0x4000`,
      `-A KUBE-SVC-${name} -m comment --comment "ns/s${at}:http -> ${pod}:8080" -j KUBE-SEP-${name}`,
      `-A KUBE-SEP-${name} -s ${pod}/32 -m comment --comment "ns/s${at}:http" -j MARK --set-xmark 0x4000/0x4000`,
      `-A KUBE-SEP-${name} -p tcp -m comment --comment "ns/s${at}:http" -m tcp -j DNAT --to-destination ${pod}:8080`,
    );
  }
  const builtIn = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`);
  // iptables-save prints chain by chain
  const chainOf = (line: string) => line.split(' ', 2)[1];
  const names = [...new Set(lines.map(chainOf))];
  const byChain = new Map(names.map((name) => [name, [] as string[]]));
  for (const one of lines) byChain.get(chainOf(one))?.push(one);
  const ordered = [...byChain.values()].flat();
  return ['*nat', ...builtIn, ':KUBE-SERVICES - [0:0]', ...chains, ...ordered, 'COMMIT', ''].join('\n');
}

/** The shortest of some rounds for each work, in milliseconds; the works take turns, so that one noise is in all. */
function shortest<Name extends string>(rounds: number, works: Readonly<Record<Name, () => unknown>>) {
  const best = {} as Record<Name, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(works) as Name[]) {
      const start = performance.now();
      works[name]();
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  return best;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

const writeBigint = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

function nodeOf(rules: number) {
  const text = dumpOf(rules);
  const { ruleset, problems } = parseRuleset(text, 'v4');
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  if (printRuleset(ruleset) !== text) throw new Error('the dump does not print as it was read');
  const host = {
    rulesets: { v4: ruleset },
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8'] },
      { name: 'eth0', addresses: ['10.244.1.5/24'] },
    ],
  };
  return { text, ruleset, host };
}

function measure(rules: number) {
  const { text, ruleset, host } = nodeOf(rules);
  const asJson = JSON.stringify(ruleset, writeBigint);
  const services = Math.floor(rules / 5);
  const packetTo = (at: number): Packet => ({
    protocol: 'tcp',
    source: '10.244.1.5',
    sourcePort: 40000,
    destination: `10.${96 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`,
    destinationPort: 80,
    from: { uid: 1000, gid: 1000 },
  });
  const trace = (at: number) => traverse(host, packetTo(at));
  trace(0);
  decide(host, packetTo(0));
  const thousand = Array.from({ length: 1000 }, (_, run) => (run * 7919) % services);
  const tested = sum(thousand.map((at) => trace(at).events.filter(({ kind }) => kind === 'rule').length));
  const best = shortest(7, {
    parse: () => parseRuleset(text, 'v4'),
    json: () => JSON.parse(asJson),
    traces: () => {
      for (const at of thousand) trace(at);
    },
    // ten thousand, of which a hundred make a million
    decisions: () => {
      for (let again = 0; again < 10; again++)
        for (const at of thousand) decide(host, packetTo((at + again) % services));
    },
  });
  const inspected = shortestOf(2, () => inspect(text));
  if (inspected.value.inspection.problemCount > 0)
    throw new Error('inspect does not read what the reader reads');
  return { ...best, tested, inspect: inspected.took };
}

/** One that takes long, in a few rounds of its own, and what it answers. */
function shortestOf<Value>(rounds: number, work: () => Value) {
  let took = Number.POSITIVE_INFINITY;
  let value = undefined as Value;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    value = work();
    took = Math.min(took, performance.now() - start);
  }
  return { took, value };
}

/** What an Envoy of so many Services was told, and connections through it. */
function measureEnvoy(services: number) {
  const text = dumpOfServices(services);
  const { config, problems } = parseEnvoyConfig(text);
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  const call = (at: number) =>
    connect(config, {
      source: '10.244.1.5',
      sourcePort: 40_000,
      destination: serviceAddress(at),
      destinationPort: at % 2 === 0 ? 9000 : 80,
      listener: 15_001,
      sends:
        at % 2 === 0 ? { bytes: 'more than a line' } : { http: { method: 'GET', path: '/', host: `s${at}` } },
    });
  const hundred = Array.from({ length: 100 }, (_, run) => (run * 7919) % services);
  for (const at of hundred)
    if (call(at).outcome.kind !== 'dials') throw new Error(`Service ${at} is not dialled`);
  const best = shortest(15, {
    read: () => parseEnvoyConfig(text),
    json: () => JSON.parse(text),
    calls: () => {
      for (const at of hundred) call(at);
    },
  });
  return { ...best, call: best.calls / hundred.length };
}

function serviceOf(at: number): string {
  return `10.${96 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
}

/** A set of so many addresses, as `nft list ruleset` prints it. */
function nftSetOf(elements: number): string {
  const lines = Array.from({ length: Math.ceil(elements / 2) }, (_, at) => {
    return `${serviceOf(2 * at)}, ${serviceOf(2 * at + 1)}`;
  });
  return `table ip filter {\n\tset all {\n\t\ttype ipv4_addr\n\t\telements = { ${lines.join(',\n\t\t\t     ')} }\n\t}\n}\n`;
}

/** In the manner of kube-proxy: one map from the address and port of a Service to its chain. */
function nftServices(services: number): string {
  const all = Array.from({ length: services }, (_, at) => at);
  const elements = all.map((at) => `${serviceOf(at)} . tcp . 80 : goto service-${at}`);
  const chains = all.map(
    (at) =>
      `\tchain service-${at} {\n\t\tmeta l4proto tcp dnat to 10.244.${(at >> 8) & 255}.${at & 255}:8080\n\t}`,
  );
  const map = `\tmap service-ips {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { ${elements.join(',\n\t\t\t     ')} }\n\t}`;
  const base =
    '\tchain nat-output {\n\t\ttype nat hook output priority -100; policy accept;\n\t\tip daddr . meta l4proto . th dport vmap @service-ips\n\t}';
  return `table ip kube-proxy {\n${map}\n\n${[base, ...chains].join('\n\n')}\n}\n`;
}

/** A text of nft and JSON.parse of what is read of it. */
function measureNft(text: string) {
  const { ruleset, problems } = parseNft(text);
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  const asJson = JSON.stringify(ruleset, writeBigint);
  const best = shortest(7, { read: () => parseNft(text), json: () => JSON.parse(asJson) });
  return { ...best, ruleset };
}

/** Packets to services behind a verdict map. */
function measureServices(services: number) {
  const { read, json, ruleset } = measureNft(nftServices(services));
  const host = {
    rulesets: { nft: ruleset },
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8'] },
      { name: 'eth0', addresses: ['10.244.1.5/24'] },
    ],
  };
  const trace = (at: number) =>
    traverse(host, {
      protocol: 'tcp',
      source: '10.244.1.5',
      sourcePort: 40_000,
      destination: serviceOf(at),
      destinationPort: 80,
      from: { uid: 1000, gid: 1000 },
    });
  const thousand = Array.from({ length: 1000 }, (_, run) => (run * 7919) % services);
  for (const at of thousand.slice(0, 10))
    if (!trace(at).events.some((event) => 'chain' in event && event.chain === `service-${at}`))
      throw new Error(`the packet to service ${at} does not come to its chain`);
  const { traces } = shortest(5, {
    traces: () => {
      for (const at of thousand) trace(at);
    },
  });
  return { read, json, traces };
}

const small = measure(5_000);
const large = measure(50_000);
const ratio = (a: number, b: number) => (a / b).toFixed(2);
const line = (what: string, value: string) => console.log(`${what.padEnd(68)}${value}`);

line('reading 50,000 rules, as a multiple of JSON.parse of the same', ratio(large.parse, large.json));
line('reading 5,000 rules, as a multiple of JSON.parse of the same', ratio(small.parse, small.json));
line('reading 50,000 rules against 5,000 (10 is linear)', ratio(large.parse, small.parse));
line('sidetrack inspect of 50,000 rules, in readings of that dump', ratio(large.inspect, large.parse));
line('1,000 traces through 50,000 rules, in readings of that dump', ratio(large.traces, large.parse));
line(
  'a million packets through 50,000 rules, deciding only, in readings of it',
  ratio(large.decisions * 100, large.parse),
);
line('1,000 traces through 50,000 rules against 5,000 (10 is linear)', ratio(large.traces, small.traces));
line(
  'one tested rule of 50,000, in millionths of JSON.parse of that dump',
  ratio((large.traces / large.tested) * 1e6, large.json),
);
const node = nodeOf(5_000);
for (const [of, costs] of [
  ['the sidecar', measureSidecarQuestions()],
  ['a node of 5,000 rules', measureNodeQuestions(node.host, node.text)],
] as const) {
  const { survey, dead, bypass, reach, all }: QuestionCosts = costs;
  line(`all questions about the ruleset of ${of}, in readings of it`, all.toFixed(0));
  line(
    '  every way; dead rules; what goes past the proxy; the packets of at most 50 rules',
    [survey, dead, bypass, reach].map((one) => one.toFixed(0)).join('; '),
  );
}
const elements = measureNft(nftSetOf(50_000));
line(
  'reading a set of 50,000 elements of nft, as a multiple of JSON.parse',
  ratio(elements.read, elements.json),
);
const services = measureServices(10_000);
line(
  'reading a verdict map of 10,000 services, as a multiple of JSON.parse',
  ratio(services.read, services.json),
);
line('1,000 traces through that map, in readings of it', ratio(services.traces, services.read));
const fewer = measureServices(1_000);
line('1,000 traces through 10,000 services against 1,000', ratio(services.traces, fewer.traces));
const envoy = measureEnvoy(2_000);
line(
  'reading what an Envoy of 2,000 Services was told, as a multiple of JSON.parse',
  ratio(envoy.read, envoy.json),
);
line('connections through it in one JSON.parse of it', (envoy.json / envoy.call).toFixed(0));
console.log(
  `\nthis run: ${large.parse.toFixed(0)} ms to read, ${large.json.toFixed(0)} ms for JSON.parse, ${large.traces.toFixed(0)} ms for 1,000 traces that test ${large.tested} rules`,
);
