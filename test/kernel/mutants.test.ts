/**
 * A test of the tests: mistakes that could be made in the engine, each made in a copy of it. What the kernel has
 * said must catch every one. A mistake whose place is not found any more fails too, so that the list does not rot.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

interface Mutant {
  readonly mistake: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The tests that catch it; the engine's cases when absent. */
  readonly tests?: readonly string[];
}

const cases = ['test/kernel/cases.test.ts'];
const journeys = ['test/kernel/scenarios.test.ts', 'test/kernel/six-types.test.ts'];

const native = ['test/kernel/nft-walk.test.ts'];

const mutants: readonly Mutant[] = [
  {
    mistake: 'a negation is dropped',
    file: 'src/netfilter/walk/evaluate.ts',
    from: 'tested.holds !== negated',
    to: 'tested.holds',
    tests: journeys,
  },
  {
    mistake: 'positions count from 0',
    file: 'src/netfilter/walk/table-walk.ts',
    from: 'const at = { hook, table, chain, position };',
    to: 'const at = { hook, table, chain, position: position - 1 };',
    tests: journeys,
  },
  {
    mistake: 'nat is asked on a reply',
    file: 'src/netfilter/walk/tracking.ts',
    from: `    if (this.tracked.direction === 'reply') return { code: 'reply' };
    if (this.tracked.state !== 'NEW') return { code: 'established' };
    if (!this.tracked.decided[side]) return null;`,
    to: `    if (this.tracked.direction === 'reply') return null;`,
    tests: journeys,
  },
  {
    mistake: 'nat is asked again when a packet comes back over lo',
    file: 'src/netfilter/walk/tracking.ts',
    from: 'if (!this.tracked.decided[side]) return null;',
    to: 'return null;',
    tests: journeys,
  },
  {
    mistake: 'replies are not translated back',
    file: 'src/netfilter/kernel/nat.ts',
    from: "invert(direction === 'original' ? connection.reply : connection.original)",
    to: 'invert(connection.reply)',
    tests: journeys,
  },
  {
    mistake: 'REDIRECT from a local process goes to the address of the interface',
    file: 'src/netfilter/iptables/targets/REDIRECT.ts',
    from: "if (hook === 'OUTPUT')",
    to: "if (hook === 'INPUT')",
  },
  {
    mistake: 'a rewritten packet is not routed again',
    file: 'src/netfilter/walk/hook-order.ts',
    from: "reroutesOn: ['destination']",
    to: 'reroutesOn: []',
    tests: journeys,
  },
  {
    mistake: 'the fourth rule of ISTIO_OUTPUT asks for another user',
    file: 'src/istio/steps/outbound.ts',
    from: `\`-m owner --\${owner}-owner \${id} -j RETURN\`,\n      ownerRole(owner, 'output.proxy-bypass'),`,
    to: `\`-m owner ! --\${owner}-owner \${id} -j RETURN\`,\n      ownerRole(owner, 'output.proxy-bypass'),`,
    tests: journeys,
  },
  {
    mistake: 'MARK leaves its mask out',
    file: 'src/netfilter/iptables/targets/MARK.ts',
    from: 'unsigned((mark & ~mask) ^ value)',
    to: 'unsigned(value + 0 * (mark + mask))',
  },
  {
    mistake: 'the mark match leaves its mask out',
    file: 'src/netfilter/iptables/matches/mark.ts',
    from: 'unsigned((packet.mark ?? 0) & mask) === value',
    to: 'unsigned((packet.mark ?? 0) + 0 * mask) === value',
  },
  {
    mistake: 'a goto comes back as a jump does',
    file: 'src/netfilter/walk/table-walk.ts',
    from: "if (kind === 'jump') callers.push",
    to: 'callers.push',
  },
  {
    mistake: 'policies are all ACCEPT',
    file: 'src/netfilter/walk/table-walk.ts',
    from: "base.policy === 'DROP' ? 'drop' : 'accept'",
    to: "'accept'",
  },
  {
    mistake: 'a routing rule does not ask for the mark',
    file: 'src/netfilter/kernel/routing.ts',
    from: '(rule.fwmark === undefined || ((mark ^ rule.fwmark.value) & rule.fwmark.mask) === 0) &&',
    to: 'mark >= 0 &&',
  },
  {
    mistake: 'no routing rule with a mark applies',
    file: 'src/netfilter/kernel/routing.ts',
    from: '((mark ^ rule.fwmark.value) & rule.fwmark.mask) === 0',
    to: 'mark < 0',
  },
  {
    mistake: 'a mark set in mangle OUTPUT does not route the packet again',
    file: 'src/netfilter/walk/hook-order.ts',
    from: "reroutesOn: ['source', 'destination', 'mark', 'tos', 'hop limit']",
    to: "reroutesOn: ['source', 'destination', 'tos', 'hop limit']",
  },
  {
    mistake: "TPROXY looks for a socket on the packet's own port",
    file: 'src/netfilter/iptables/targets/TPROXY.ts',
    from: 'one.port === port && isAt',
    to: 'one.port === (port === undefined ? port : packet.destinationPort) && isAt',
  },
  {
    mistake: 'what TPROXY handed over is forwarded all the same',
    file: 'src/netfilter/walk/traverse.ts',
    from: 'if (skb.assigned !== undefined)\n    return {',
    to: 'if (skb.assigned !== undefined && device === undefined)\n    return {',
  },
  {
    mistake: 'conntrack knows no zones',
    file: 'src/netfilter/kernel/conntrack.ts',
    from: 'return zonesOf(connection)[direction] === zones[direction];',
    to: 'return connection !== null && zones !== null && direction !== null;',
  },
  {
    mistake: 'a tuple is taken whatever zone it was filed under',
    file: 'src/netfilter/kernel/conntrack.ts',
    from: 'zones[filed] === zones[side] && isInZone',
    to: 'zones[side] >= 0 && isInZone',
  },
  {
    mistake: 'REDIRECT over IPv6 takes the first address of the interface',
    file: 'src/netfilter/iptables/targets/REDIRECT.ts',
    from: 'own.find((address) => scopeOf(address) === scope)',
    to: 'own.find(() => scope !== null)',
  },
  {
    mistake: 'martians are let in',
    file: 'src/netfilter/kernel/addressing/input.ts',
    from: "if (isOdd && (isMulticast('v4', from) || from === everyone)) return martian('martian source');",
    to: '',
  },
  {
    mistake: 'route_localnet changes nothing',
    file: 'src/netfilter/kernel/addressing/input.ts',
    from: "const takesLoopback = interfaceSetting(host, 'route_localnet', device) > 0;",
    to: 'const takesLoopback = device === undefined;',
  },
  {
    mistake: 'a connection is not kept at the end of POSTROUTING',
    file: 'src/netfilter/walk/hook-order.ts',
    from: "  { hook: 'POSTROUTING', priority: priorities.confirm, asks: { kind: 'confirm' } },\n",
    to: '',
  },
  {
    mistake: 'a packet that comes back over lo skips PREROUTING',
    file: 'src/netfilter/walk/traverse.ts',
    from: "const prerouting = pass(skb, 'PREROUTING', devices);\n  if (prerouting !== 'on') return prerouting;",
    to: '',
  },
  {
    mistake: 'security stands before nat at INPUT with nft, too',
    file: 'src/netfilter/walk/hook-order.ts',
    from: 'const securityOfNft = 150;',
    to: 'const securityOfNft = 50;',
  },
  {
    mistake: 'the first element of a set decides, and not the longest',
    file: 'src/netfilter/kernel/sets.ts',
    from: 'if (holds && length > best)',
    to: 'if (holds && best < 0)',
  },
  {
    mistake: 'SET changes no set',
    file: 'src/netfilter/walk/skb.ts',
    from: 'this.host = { ...this.host, sets: action.sets };',
    to: 'this.host = { ...this.host };',
  },
  {
    mistake: 'an ACK before any answer belongs to its connection',
    file: 'src/netfilter/kernel/tcp.ts',
    from: "ack: '3-3355778-'",
    to: "ack: '313355778-'",
  },
  {
    mistake: 'an ICMP error is not translated as its connection is',
    file: 'src/netfilter/walk/tracking.ts',
    from: "return this.tracked?.state === 'RELATED' && about !== undefined;",
    to: "return this.tracked?.state === 'NEW' && about !== undefined;",
  },
  {
    mistake: 'what NAT rewrote is routed by the destination that it had',
    file: 'src/netfilter/walk/traverse.ts',
    from: 'return before === skb.packet.destination ?',
    to: 'return before !== null ?',
  },
  {
    mistake: 'nft: one flag of several is not enough',
    file: 'src/netfilter/nftables/evaluate/match.ts',
    from: 'looksForFlags ? (value & wanted) !== 0n : value === wanted',
    to: 'looksForFlags ? (value & wanted) === wanted : value === wanted',
    tests: native,
  },
  {
    mistake: 'nft: the last of a range is not in it',
    file: 'src/netfilter/nftables/evaluate/sets.ts',
    from: 'from.value <= value && value <= to.value',
    to: 'from.value <= value && value < to.value',
    tests: native,
  },
  {
    mistake: 'nft: != on a set is taken for in',
    file: 'src/netfilter/nftables/evaluate/match.ts',
    from: "(element !== null) === (operator !== '!=')",
    to: "(element !== null) === (operator !== '!')",
    tests: native,
  },
  {
    mistake: 'nft: != on a packet without an owner holds',
    file: 'src/netfilter/nftables/evaluate/meta.ts',
    from: 'if (!isDemultiplexed || isFirst) return absent;',
    to: "if (!isDemultiplexed || isFirst) return looked('owner', 4294967295);",
    tests: native,
  },
  {
    mistake: 'nft: the kind of link is that of the way in by POSTROUTING too, and of what is not there ether',
    file: 'src/netfilter/nftables/evaluate/meta.ts',
    from: 'if (device === undefined) return absent;',
    to: "if (device === undefined) return looked('iface_type', 1);",
    tests: native,
  },
  {
    mistake: 'nft: a packet without the header does not end the rule',
    file: 'src/netfilter/nftables/evaluate/payload.ts',
    from: "return family === 'v4' ? ofIp(field, situation) : absent;",
    to: 'return ofIp(field, situation);',
    tests: native,
  },
  {
    mistake: 'nft: ports of UDP are those of TCP',
    file: 'src/netfilter/nftables/evaluate/payload.ts',
    from: 'return isOf(packet, protocol) ? port(field, packet) : absent;',
    to: 'return port(field, packet);',
    tests: native,
  },
  {
    mistake: 'nft: a template tells its zone',
    file: 'src/netfilter/nftables/evaluate/ct.ts',
    from: 'if (connection === null || isTemplate(connection)) return absent;',
    to: 'if (connection === null) return absent;',
    tests: native,
  },
  {
    mistake: 'nft: original and reply change places',
    file: 'src/netfilter/nftables/evaluate/ct.ts',
    from: "return direction === 'reply' ? replyZone : original;",
    to: "return direction === 'reply' ? original : replyZone;",
    tests: native,
  },
  {
    mistake: 'nft: fib missing is fib exists',
    file: 'src/netfilter/nftables/evaluate/sets.ts',
    from: "(value !== '') === (constant.text === 'exists')",
    to: "(value !== '') === (constant.text !== 'exists')",
    tests: native,
  },
  {
    mistake: 'nft: a map of verdicts that has no element goes on',
    file: 'src/netfilter/nftables/evaluate/statement.ts',
    from: "if (element === null) return { kind: 'breaks', reason: reason('nft fails', found.data) };",
    to: 'if (element === null) return goesOn;',
    tests: native,
  },
  {
    mistake: 'nft: a field is set in a header that the packet has not',
    file: 'src/netfilter/nftables/evaluate/assign.ts',
    from: "if (target.kind === 'payload' && look(target, view).kind === 'absent') return breaks;",
    to: "if (target.kind === 'payload' && look(target, view).kind === 'absent') return goesOn;",
    tests: native,
  },
  {
    mistake: 'nft: a rejection of IPv6 answers IPv4 too',
    file: 'src/netfilter/nftables/evaluate/statement.ts',
    from: "|| (kind === 'icmpv6' && family === 'v4')) return breaks;",
    to: "|| (kind === 'icmpv6' && family !== 'v4')) return breaks;",
    tests: native,
  },
  {
    mistake: 'nft: what stands before a rejection is done for packets of the other family',
    file: 'src/netfilter/nftables/evaluate/rejection.ts',
    from: "if (of !== 'tcp' && of !== 'icmp' && of !== 'icmpv6') return false;",
    to: "if (of !== 'tcp') return false;",
    tests: native,
  },
  {
    mistake: 'nft: TPROXY without a listener drops',
    file: 'src/netfilter/nftables/evaluate/translation.ts',
    from: "? { kind: 'breaks', effect: reason }",
    to: "? { kind: 'verdict', verdict: { kind: 'drop' } }",
    tests: native,
  },
  {
    mistake: 'nft: a translation lets the next chain of NAT choose again',
    file: 'src/netfilter/walk/nft/index.ts',
    from: 'this.choice = decided.nat ?? null;',
    to: 'this.choice = null;',
    tests: native,
  },
  {
    mistake: 'nft: a goto comes back as a jump does',
    file: 'src/netfilter/walk/nft/index.ts',
    from: "    if (kind === 'jump') {",
    to: "    if (kind === 'jump' || callers.length === 0) {",
    tests: native,
  },
  {
    mistake: 'nft: of one priority the chain that came first is asked first',
    file: 'src/netfilter/walk/nft/order.ts',
    from: 'a.entry.priority - b.entry.priority || b.number - a.number',
    to: 'a.entry.priority - b.entry.priority || a.number - b.number',
    tests: native,
  },
  {
    mistake: 'nft: a table that sleeps is asked',
    file: 'src/netfilter/nftables/hooked/index.ts',
    from: 'if (isOwn && !isDormant)',
    to: 'if (isOwn && (!isDormant || number > 0))',
    tests: native,
  },
  {
    mistake: 'nft: what a rule put into a set is not there for the next',
    file: 'src/netfilter/walk/nft/index.ts',
    from: `      this.table = done.table;
`,
    to: `      // planted
`,
    tests: native,
  },
];

const copied = [
  'src',
  'test/kernel',
  'test/netfilter',
  'handbook.config.ts',
  'package.json',
  'tsconfig.json',
];
/** Not inside node_modules, where vitest neither looks for tests nor reads TypeScript. */
const cache = resolve('.cache');
const copies: string[] = [];

function newCopy(): string {
  mkdirSync(cache, { recursive: true });
  const copy = mkdtempSync(join(cache, 'mutant-'));
  copies.push(copy);
  for (const path of copied) cpSync(path, join(copy, path), { recursive: true });
  writeFileSync(join(copy, 'vitest.config.ts'), 'export default { test: { testTimeout: 60_000 } };\n');
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  return copy;
}
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

interface Replayed {
  readonly status: number | null;
  readonly printed: string;
}

/** Replays what the kernel said against a copy, up to the first test that fails. */
function replay(copy: string, tests: readonly string[]): Promise<Replayed> {
  // one process for all of it: a copy is small, and a worker for each file costs more than its tests
  const one = ['--pool=forks', '--no-isolate', '--maxWorkers=1'];
  const args = [
    resolve('node_modules/vitest/vitest.mjs'),
    'run',
    `--root=${copy}`,
    '--bail=1',
    ...one,
    ...tests,
  ];
  const env = { ...process.env, SIDETRACK_KERNEL: 'recorded', CI: '', NO_COLOR: '1' };
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { env });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        printed += data;
      });
    child.on('close', (status) => done({ status, printed }));
  });
}

test('the copy without a mistake agrees with the kernel', async () => {
  const { status, printed } = await replay(newCopy(), [...journeys, ...cases, ...native]);
  expect(status, printed).toBe(0);
});

/** As many at a time as there are processors, and little more. */
const lanes = 2;

describe('the kernel catches it when', () => {
  const found = new Map<Mutant, Promise<Replayed>>();
  beforeAll(() => {
    const ends = Array.from({ length: lanes }, () => Promise.resolve<unknown>(null));
    for (const [index, mutant] of mutants.entries()) {
      const lane = index % lanes;
      const work = (ends[lane] ?? Promise.resolve()).then(() => tryMutant(mutant));
      found.set(mutant, work);
      ends[lane] = work.catch(() => null);
    }
  });

  async function tryMutant({ file, from, to, tests = cases }: Mutant): Promise<Replayed> {
    const copy = newCopy();
    const path = join(copy, file);
    const sound = readFileSync(path, 'utf8');
    if (sound.split(from).length !== 2) return { status: 0, printed: `its place in ${file} is not found` };
    writeFileSync(
      path,
      sound.replace(from, () => to),
    );
    const replayed = await replay(copy, tests);
    rmSync(copy, { recursive: true, force: true });
    return replayed;
  }

  test.each(mutants.map((mutant) => [mutant.mistake, mutant] as const))('%s', async (_, mutant) => {
    const { status, printed } = (await found.get(mutant)) ?? { status: 0, printed: '' };
    expect(status, printed).not.toBe(0);
    expect(printed).toMatch(/Tests .*\d+ failed/);
  });
});
