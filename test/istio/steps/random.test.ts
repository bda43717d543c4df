/** Any options, any release. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isRole,
  type Options,
  optionNames,
  optionTable,
  releases,
  rulesFor,
  type SidecarRules,
} from '../../../src/istio/index.ts';
import { parseRuleset } from '../../../src/netfilter/index.ts';

const number = fc.nat({ max: 70000 }).map(String);
const junk = fc.oneof(fc.string(), fc.constantFrom('*', '', ',', ' ', '-1', '0', '1338', '\n-F', "'"));

function list(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.array(good, { maxLength: 4 }).map((parts) => parts.join(',')) },
    { weight: 2, arbitrary: fc.constant('*') },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof(good, junk), { maxLength: 4 }).map((parts) => parts.join(',')),
    },
  );
}

const range = fc.oneof(
  fc.tuple(fc.ipV4(), fc.nat({ max: 33 })).map(([address, length]) => `${address}/${length}`),
  fc.tuple(fc.ipV6(), fc.nat({ max: 129 })).map(([address, length]) => `${address}/${length}`),
  fc.constantFrom('127.0.0.1/32', '::1/128', '10.0.0.0/8', '2001:db8::/32'),
);
const port = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 65535 }).map(String) },
  { weight: 1, arbitrary: number },
);
const name = fc.constantFrom('eth0', 'net1', 'virt0', 'net+', 'a-name-too-long-for-linux');
const owner = fc.constantFrom('0', '1337', '1000670000', '4294967295', 'java', '-');

const kinds: Readonly<Record<(typeof optionTable)[keyof Options]['kind'], fc.Arbitrary<unknown>>> = {
  port,
  ports: list(port),
  'ports or all': list(port),
  users: list(owner),
  groups: list(owner),
  'groups or all': list(owner),
  mode: fc.constantFrom('REDIRECT', 'TPROXY', 'NONE', '', 'tproxy'),
  number,
  ranges: list(range),
  'ranges or all': list(range),
  interfaces: list(name),
  servers: fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('kube-dns')), { maxLength: 3 }),
  loopback: fc.constantFrom('127.0.0.1/32', '127.0.0.1/8', '10.0.0.0/8', ''),
  switch: fc.boolean(),
};

/** A few options of the many, so that most sets have no error. */
const options: fc.Arbitrary<Partial<Options>> = fc
  .subarray([...optionNames], { maxLength: 7 })
  .chain((given) => {
    const some = Object.fromEntries(given.map((option) => [option, kinds[optionTable[option].kind]]));
    return fc.record(some) as fc.Arbitrary<Partial<Options>>;
  });

const release = fc
  .tuple(fc.constantFrom(...releases.map((one) => one.name)), fc.option(fc.nat({ max: 12 })))
  .map(([minor, patch]) => (patch === null ? minor : `${minor}.${patch}`));

test('give rules or an error, and never throw', () => {
  let programmed = 0;
  fc.assert(
    fc.property(release, options, (of, given) => {
      const rules = rulesFor(of, given);
      const refused = rules.problems.some(({ severity }) => severity === 'error');
      if (refused || given.inboundInterceptionMode === 'NONE') {
        expect(rules.v4.tables).toEqual([]);
        expect(rules.roles).toEqual([]);
        return;
      }
      programmed++;
      expect(rules.v6 === null).toBe(given.enableIPv6 !== true || rules.nft !== null);
      for (const line of (rules.text.nft ?? '').split('\n')) {
        expect(line).toMatch(
          /^((add|flush) table inet istio-proxy-(nat|mangle|raw)|add chain inet \S+ [a-z-]+( { type [a-z ]+ -?\d+ ; })?|(add|insert) rule inet \S+ [a-z-]+ [^;{}]*({ [\d, ]+ } [^;{}]*)?)?$/,
        );
      }
      for (const ruleset of [rules.v4, ...(rules.v6 === null ? [] : [rules.v6])]) {
        const lines = (rules.text[ruleset.family] ?? '').split('\n');
        for (const table of ruleset.tables) {
          for (const chain of table.chains) {
            const placed = rules.roles.filter(
              (one) => one.family === ruleset.family && one.table === table.name && one.chain === chain.name,
            );
            expect(placed.map(({ position }) => position)).toEqual(chain.rules.map((_, at) => at + 1));
            expect(placed.map(({ line }) => line)).toEqual(chain.rules.map(({ line }) => line));
          }
        }
        for (const line of lines) {
          // No value of an option can bring another command, or a word of its own, into the text.
          expect(line).toMatch(
            /^(\* (nat|mangle|raw)|COMMIT|-N ISTIO_[A-Z_]+|-[AI] [A-Z_]+ .*-j [A-Z_]+( --\S+( \S+)?)*)?$/,
          );
        }
      }
      for (const { role } of rules.roles) expect(isRole(role)).toBe(true);
    }),
    { numRuns: 1500 },
  );
  expect(programmed).toBeGreaterThan(400);
});

test('of any type at all never throw either', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (of, given) => {
      const rules = rulesFor(of as string, given as Partial<Options>);
      expect(rules.v4.family).toBe('v4');
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(release, fc.dictionary(fc.constantFrom(...optionNames), fc.anything()), (of, given) => {
      expect(Array.isArray(rulesFor(of, given as Partial<Options>).problems)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

/** The two readers of the same form: the one of a page's worker, and the one for whatever a person pastes. */
function expectReadAlike({ v4, v6, text }: SidecarRules): number {
  const read = [v4, ...(v6 === null ? [] : [v6])];
  for (const ruleset of read) {
    const { ruleset: parsed, problems } = parseRuleset(text[ruleset.family] ?? '', ruleset.family);
    expect(ruleset).toEqual(parsed);
    for (const { code } of problems) expect(keepsItsRule).toContain(code);
  }
  return read.length;
}

/** What is told of a rule that is read all the same, or kept as text; a line is never left out. */
const keepsItsRule = ['match unknown', 'target unknown', 'value unreadable'];

describe('the text of the rules is read by the worker as parseRuleset reads it', () => {
  test('of every release, with each option set', () => {
    const settings: readonly Partial<Options>[] = [
      {},
      { inboundInterceptionMode: 'TPROXY' },
      { redirectDNS: true, captureAllDNS: true },
      { redirectDNS: true, dnsServersV4: ['10.96.0.10'], dnsServersV6: ['fd00::a'], dropInvalid: true },
      { inboundPortsInclude: '80,443', outboundIPRangesInclude: '10.0.0.0/8,2001:db8::/32' },
      { outboundIPRangesExclude: '10.1.0.0/16,127.0.0.0/8,fd00::/8', outboundPortsExclude: '3306' },
      { ownerGroupsInclude: '1000,java', proxyUID: '1337,istio-proxy' },
      { rerouteVirtualInterfaces: 'net+,eth1', excludeInterfaces: 'eth2' },
      { rerouteVirtualInterfaces: 'net1,eth1', excludeInterfaces: 'eth2' },
      { cni: true },
    ];
    const rulesets = releases.flatMap((one) =>
      settings.map((given) => expectReadAlike(rulesFor(one.name, { enableIPv6: true, ...given }))),
    );
    expect(rulesets).toHaveLength(releases.length * settings.length);
    expect(new Set(rulesets)).toEqual(new Set([2]));
  });

  test('of any release and any options', () => {
    let lines = 0;
    fc.assert(
      fc.property(release, options, (of, given) => {
        const rules = rulesFor(of, given);
        expectReadAlike(rules);
        lines += rules.roles.length;
      }),
      { numRuns: 1000 },
    );
    expect(lines).toBeGreaterThan(5000);
  });
});
