/** The pages of options and releases: each option on one page, and differences that say what differs. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { keptWords } from '../../../components/rules/ChainDifferences.tsx';
import { handbookSetting } from '../../../src/handbook/scenarios/index.ts';
import {
  changedPaths,
  exampleOf,
  optionAddress,
  optionPages,
  pathRows,
  releaseSteps,
  routingDifference,
  rulesDifference,
  sinceOf,
} from '../../../src/handbook/tables/index.ts';
import { type OptionName, type Options, optionNames, releases, rulesFor } from '../../../src/istio/index.ts';

const folder = new URL('../../../content/options/', import.meta.url);

/** The difference in a few words a row: `nat ISTIO_OUTPUT + 4 -d 10.0.0.0/8 -j RETURN`. */
function difference(
  before: Partial<Options>,
  after: Partial<Options>,
  releases: readonly [string, string],
): readonly string[] {
  return rulesDifference(rulesFor(releases[0], before), rulesFor(releases[1], after)).flatMap(
    ({ family, table, chain, rows }) =>
      rows.map((row) => {
        const place = `${family === 'v6' ? 'IPv6 ' : ''}${table} ${chain}`;
        if (row.kind === 'kept') return `${place}: ${keptWords(row)}`;
        return `${place}: ${row.kind === 'gone' ? '-' : '+'} ${row.position} ${row.rule}`;
      }),
  );
}

describe('options', () => {
  test('are each on one page, the one that the table of options leads to', () => {
    const pages = readdirSync(folder).filter((name) => name !== 'index.mdx');
    const told = pages.flatMap((name) =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/<OptionEntry name="(\w+)"/g)].map(
        ([, option]) => `/options/${name.replace('.mdx', '')}/#${option}`,
      ),
    );
    expect([...told].sort()).toEqual(optionNames.map(optionAddress).sort());
    expect(Object.keys(optionPages).sort()).toEqual(pages.map((name) => name.replace('.mdx', '')).sort());
  });

  test('have an example that changes rules or routes, all but the two that change none by themselves', () => {
    const idle = optionNames.filter((option) => {
      const { before, after } = exampleOf(option);
      const one = rulesFor(before.release, before.options);
      const other = rulesFor(after.release, after.options);
      expect(
        other.problems.filter(({ severity }) => severity === 'error'),
        option,
      ).toEqual([]);
      return rulesDifference(one, other).length + routingDifference(one, other).come.length === 0;
    });
    expect(idle).toEqual(['dualStack'] satisfies OptionName[]);
  });

  test('are shown under the release of the handbook where it heeds them', () => {
    const older = optionNames.filter(
      (option) => exampleOf(option).before.release !== handbookSetting.release,
    );
    expect(older.map((option) => [option, exampleOf(option).before.release])).toEqual([
      ['dnsConntrackZone', '1.10'],
    ]);
  });

  test('tell since when they are heeded', () => {
    expect(sinceOf('outboundPortsExclude')).toEqual([]);
    expect(sinceOf('dropInvalid').map(({ text }) => text)).toEqual(['1.12.2']);
    expect(sinceOf('redirectDNS').map(({ text }) => text)).toEqual(['1.6 for IPv4', '1.12 for IPv6']);
  });
});

describe('differences of rules', () => {
  const same = ['1.30', '1.30'] as const;

  test('fold what stays and tell what moves', () => {
    expect(difference({}, { outboundIPRangesExclude: '10.0.0.0/8' }, same)).toEqual([
      'nat ISTIO_OUTPUT: Rules 1 to 8 stay',
      'nat ISTIO_OUTPUT: + 9 -d 10.0.0.0/8 -j RETURN',
      'nat ISTIO_OUTPUT: Rule 9 is now 10',
    ]);
    expect(difference({}, { outboundPortsExclude: '80' }, same)).toEqual([
      'nat ISTIO_OUTPUT: + 1 -p tcp -m tcp --dport 80 -j RETURN',
      'nat ISTIO_OUTPUT: + 2 -p udp -m udp --dport 80 -j RETURN',
      'nat ISTIO_OUTPUT: Rules 1 to 9 are now 3 to 11',
    ]);
    expect(difference({}, {}, same)).toEqual([]);
  });

  test('between releases', () => {
    expect(difference({}, {}, ['1.17', '1.18'])).toEqual([
      'nat ISTIO_OUTPUT: Rule 1 stays',
      'nat ISTIO_OUTPUT: - 2 ! -d 127.0.0.1/32 -o lo -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT',
      'nat ISTIO_OUTPUT: + 2 ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT',
      'nat ISTIO_OUTPUT: Rules 3 and 4 stay',
      'nat ISTIO_OUTPUT: - 5 ! -d 127.0.0.1/32 -o lo -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT',
      'nat ISTIO_OUTPUT: + 5 ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT',
      'nat ISTIO_OUTPUT: Rules 6 to 9 stay',
    ]);
    expect(difference({}, {}, ['1.24', '1.25'])).toEqual([
      'nat OUTPUT: - 1 -p tcp -j ISTIO_OUTPUT',
      'nat OUTPUT: + 1 -j ISTIO_OUTPUT',
    ]);
  });

  test('of TPROXY have its routes', () => {
    expect(
      routingDifference(rulesFor('1.30'), rulesFor('1.30', { inboundInterceptionMode: 'TPROXY' })),
    ).toEqual({
      gone: [],
      come: ['ip rule add fwmark 1337 lookup 133', 'ip route add local 0.0.0.0/0 dev lo table 133'],
    });
  });
});

describe('releases', () => {
  const rows = pathRows();
  const steps = releaseSteps();

  test('decide the six paths by these rules', () => {
    expect(
      rows.map(({ releases: names, cells }) => [
        `${names[0]} to ${names.at(-1)}`,
        ...cells.map(({ rules, isOther }) => `${isOther ? '! ' : ''}${rules.join(', ')}`),
      ]),
    ).toEqual([
      [
        '1.5 to 1.6',
        'ISTIO_INBOUND 5, ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 9, ISTIO_OUTPUT 4',
        'ISTIO_INBOUND 2, ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 9, ISTIO_OUTPUT 2, ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 4',
      ],
      [
        '1.7 to 1.9',
        '! ISTIO_INBOUND 6, ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 9, ISTIO_OUTPUT 4',
        '! ISTIO_INBOUND 3, ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 9, ISTIO_OUTPUT 2, ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 4',
      ],
      [
        '1.10 to 1.12',
        '! ISTIO_INBOUND 6, ISTIO_OUTPUT 1',
        'ISTIO_OUTPUT 9, ISTIO_OUTPUT 4',
        'ISTIO_INBOUND 3, ISTIO_OUTPUT 4',
        '! ISTIO_OUTPUT 9, ISTIO_OUTPUT 2, ISTIO_OUTPUT 1',
        'ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 4',
      ],
      [
        '1.13 to 1.32',
        '! ISTIO_INBOUND 5, ISTIO_OUTPUT 1',
        'ISTIO_OUTPUT 9, ISTIO_OUTPUT 4',
        '! ISTIO_INBOUND 2, ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 9, ISTIO_OUTPUT 2, ISTIO_OUTPUT 1',
        'ISTIO_OUTPUT 4',
        'ISTIO_OUTPUT 4',
      ],
    ]);
    expect(rows.flatMap(({ releases: names }) => names)).toEqual(releases.map(({ name }) => name));
  });

  test('that changed something show rules that differ', () => {
    const silent = steps
      .filter(({ changes, differences }) => changes.length > 0 && differences.length === 0)
      .map(({ after }) => after.name);
    // What these changed is in native nftables alone, of which no setting is compared.
    expect(silent).toEqual(['1.28', '1.27']);
    const unexplained = steps
      .filter(({ changes, differences }) => changes.length === 0 && differences.length > 0)
      .map(({ after }) => after.name);
    expect(unexplained).toEqual([]);
    const byDefault = steps
      .filter(({ differences }) => differences.some(({ name }) => name === 'as the handbook is set'))
      .map(({ after }) => after.name);
    expect(byDefault).toEqual(['1.25', '1.18', '1.13', '1.7']);
  });
});

describe('paths that an option changes', () => {
  const changed = (options: Partial<Options>) =>
    changedPaths({ release: '1.30', options: {} }, { release: '1.30', options }).map(
      ({ scenario, isMovedOnly }) => `${scenario.name}${isMovedOnly ? ', moved' : ''}`,
    );

  test('are told from those that meet the same rules at other positions', () => {
    expect(changed({ outboundIPRangesExclude: '192.0.2.0/24' })).toEqual([
      'local-to-remote, moved',
      'local-to-local, moved',
    ]);
    expect(changed({ outboundIPRangesExclude: '10.96.0.0/12' })).toEqual([
      'local-to-remote',
      'local-to-local',
    ]);
    expect(changed({ inboundPortsExclude: '15090,15021,15020,8080' })).toEqual(['remote-to-local']);
    expect(changed({ proxyUID: '4000', proxyGID: '4000' })).toEqual([]);
  });
});
