/** The rules against what Istio's tools printed, without the case files between. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changes, releases, rulesFor } from '../../src/istio/index.ts';
import { hasReference } from './cases/reference.ts';

const folder = new URL('../../../shared/istio/', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8');
}

interface Span {
  readonly from: string;
  readonly to: string;
  readonly rules: readonly string[];
}

function camel(config: object): object {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name !== 'DryRun')
      .map(([name, value]) => [name.replace(/^(DNS|[A-Z])/, (head) => head.toLowerCase()), value]),
  );
}

describe.skipIf(!hasReference)('what Istio itself prints', () => {
  test('for every configuration, release and family', () => {
    const { configs, rules } = JSON.parse(read('releases.json')) as {
      readonly configs: Readonly<Record<string, object>>;
      readonly rules: Readonly<Record<string, readonly Span[]>>;
    };
    const names = releases.map(({ name }) => name);
    const minor = (release: string): string => release.split('.').slice(0, 2).join('.');
    let compared = 0;
    for (const [key, spans] of Object.entries(rules)) {
      const [config = '', family = ''] = key.split('/');
      for (const span of spans) {
        const last = span.to === 'master' ? names.length - 1 : names.indexOf(minor(span.to));
        const patches = [span.from, ...(span.to === 'master' ? [] : [span.to])];
        for (const release of [...names.slice(names.indexOf(minor(span.from)), last + 1), ...patches]) {
          const text = rulesFor(release, camel(configs[config] ?? {})).text[family as 'v4' | 'v6'] ?? '';
          for (const table of new Set([
            ...span.rules.map((rule) => rule.split(' ')[1] ?? ''),
            ...tablesOf(text),
          ])) {
            expect(rulesIn(text, table), `${key} ${release} ${table}`).toEqual(
              span.rules
                .filter((rule) => rule.startsWith(`-t ${table} `))
                .map((rule) => rule.slice(4 + table.length)),
            );
          }
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(26 * 26);
  });

  test('in its golden files, byte for byte', () => {
    const cases = JSON.parse(read('golden/cases.json')) as readonly {
      readonly area: string;
      readonly goldenFile: string;
      readonly config: object;
    }[];
    const own = cases.filter(({ area }) => area === 'iptables' || area === 'cni-plugin');
    expect(own).toHaveLength(28);
    for (const { area, goldenFile, config } of own) {
      const rules = rulesFor('1.30', {
        inboundInterceptionMode: '',
        inboundPortsInclude: '',
        inboundPortsExclude: '',
        outboundIPRangesInclude: '',
        ...camel(config),
        cni: area === 'cni-plugin',
      });
      const golden = read(`golden/${goldenFile}`).replaceAll(/^ip6?tables-save\n/gm, '');
      expect(rules.text.v4 + (rules.text.v6 ?? ''), goldenFile).toBe(golden);
    }
  });

  test('in its history: releases, dates and subjects of the changes', () => {
    const history = JSON.parse(read('history.json')) as readonly {
      readonly version_first: string;
      readonly commit: string;
      readonly date: string;
      readonly subject: string;
    }[];
    for (const [name, change] of Object.entries(changes)) {
      if (!('commit' in change)) continue;
      const entry = history.find(({ commit }) => commit === change.commit);
      expect(change).toMatchObject({ date: entry?.date, subject: entry?.subject });
      // The history names one release for each commit. These two have another: brought back to a patch that it
      // does not name, and optional at first.
      const others: readonly string[] = ['conntrackDivert', 'zonesAlways'];
      if (!others.includes(name)) expect(change.since, name).toBe(entry?.version_first);
    }
  });
});

function tablesOf(text: string): readonly string[] {
  return [...text.matchAll(/^\* (\w+)$/gm)].map(([, name]) => name as string);
}

function rulesIn(text: string, table: string): readonly string[] {
  const start = text.indexOf(`* ${table}\n`);
  if (start < 0) return [];
  return text
    .slice(start, text.indexOf('COMMIT', start))
    .split('\n')
    .filter((line) => /^-[AI] /.test(line));
}
