/** The names by which YAML sets options; and that nobody loads what reads YAML who has none. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type FromYaml,
  type OptionName,
  optionsFromHelm,
  optionsFromPod,
  optionTable,
} from '../../../src/istio/index.ts';
import { optionFoundWords } from '../../../src/words/index.ts';
import { deployment } from './workload-yaml.ts';

test('every name by which the table says that an option is set is read', async () => {
  for (const [option, { sources, example, among }] of Object.entries(optionTable)) {
    const value = String((example as Record<string, unknown>)[option] ?? '');
    const isOn = (read: FromYaml) => String((read.options as Record<string, unknown>)[option]);
    const expected = option === 'inboundPortsExclude' ? '15090,15021,9100,15020' : value;
    const asked = option === 'inboundPortsExclude' ? '9100' : value;
    for (const name of sources.annotations ?? []) {
      expect(isOn(await optionsFromPod(deployment([`${name}: "${asked}"`]))), name).toBe(expected);
    }
    for (const name of sources.metadata ?? []) {
      const config = `proxy.istio.io/config: '{"proxyMetadata":{"${name}":"${asked}"}}'`;
      expect(isOn(await optionsFromPod(deployment([config]))), name).toBe(expected);
    }
    for (const path of sources.helm ?? []) {
      // The injector goes by the types of the chart's values.
      const typed = asked === 'true' || asked === 'false' ? asked : `"${asked}"`;
      const yaml = path.split('.').reduceRight((inner, key) => `{"${key}": ${inner}}`, typed);
      expect(isOn(await optionsFromHelm(yaml)), path).toBe(expected);
    }
    for (const flag of (sources.flag ?? []) as readonly string[]) {
      const words = flag.length === 1 ? [`-${flag}`, asked] : [`--${flag}=${asked}`];
      const yaml = `{kind: Pod, spec: {initContainers: [{name: istio-init, args: ${JSON.stringify(words)}}], containers: []}}`;
      expect(isOn(await optionsFromPod(yaml)), flag).toBe(asked);
    }
    expect(Object.keys({ ...among, ...example })).toContain(option);
    const isFound = optionFoundWords[option as OptionName] !== undefined;
    expect(isFound || Object.keys(sources).length > 0, `${option} is set somewhere`).toBe(true);
  }
});

test('nothing that the door imports at once reads YAML', () => {
  const seen = new Set<string>();
  const visit = (file: URL) => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    const source = readFileSync(file, 'utf8');
    for (const [, type, from = ''] of source.matchAll(/^(?:import|export)( type)?[^;'"]*?from '([^']+)'/gm)) {
      if (type !== undefined) continue;
      expect(from, file.href).not.toBe('yaml');
      if (from.startsWith('.')) visit(new URL(from, file));
    }
  };
  visit(new URL('../../../src/istio/index.ts', import.meta.url));
  // The door of that room alone, which opens it when it is asked, and two tables of names, which read nothing: what an
  // object has to do with interception, and what sets an option.
  const read = [...seen].filter((file) => file.includes('/istio/yaml/'));
  expect(read).toEqual([
    expect.stringMatching(/\/yaml\/index\.ts$/),
    expect.stringMatching(/\/yaml\/part\.ts$/),
    expect.stringMatching(/\/yaml\/settings\.ts$/),
  ]);
  expect(seen.size).toBeGreaterThan(20);
});
