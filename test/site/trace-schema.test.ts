import { describe, expect, test } from 'vitest';
import { bind, scenarios } from '../../src/handbook/scenarios/index.ts';
import { json } from '../../src/render/index.ts';
import { traceSchema } from '../../src/render/trace-schema.ts';
import { violations } from './json-schema.ts';

const native = { setting: { options: { nativeNftables: true } } };

const traceOf = (at: number) => {
  const scenario = scenarios[at];
  if (scenario === undefined) throw new Error(`there is no scenario ${at}`);
  return JSON.parse(json(bind(scenario).journey));
};

describe('a trace fits its schema', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
    for (const change of [{}, native, ...scenario.experiments.map((experiment) => experiment.change)]) {
      expect(violations(JSON.parse(json(bind(scenario, change).journey)), traceSchema)).toEqual([]);
    }
  });
});

test('every field of a trace is in the schema', () => {
  // Objects are open for readers; what is written today is described in full.
  const known = new Set([...JSON.stringify(traceSchema).matchAll(/"([A-Za-z]+)":/g)].map(([, name]) => name));
  const used = new Set<string>();
  JSON.parse(json(bind(scenarios[0] as (typeof scenarios)[number]).journey), (name, value) => {
    if (name !== '' && !/^\d+$/.test(name)) used.add(name);
    return value;
  });
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
});

describe('what does not fit is named', () => {
  test.each([
    ['a field that is missing', (trace) => void delete trace.ending, '/: ending is missing'],
    [
      'a field of another type',
      (trace) => void Object.assign(trace.legs[0], { because: null }),
      '/legs/0/because: expected string, found null',
    ],
    [
      'another version',
      (trace) => void Object.assign(trace, { version: 2 }),
      '/version: expected 1, found 2',
    ],
    [
      'a hook that there is not',
      (trace) => void Object.assign(trace.legs[0].passages[0].events[0], { hook: 'INGRESS' }),
      '/legs/0/passages/0/events/0/hook: expected one of ["PREROUTING","INPUT","FORWARD","OUTPUT","POSTROUTING"], found "INGRESS"',
    ],
  ] as readonly [string, (trace: ReturnType<typeof traceOf>) => void, string][])('%s', (_, break_, said) => {
    const trace = traceOf(1);
    break_(trace);
    expect(violations(trace, traceSchema)).toContain(said);
  });

  test('a keyword that is not known', () => {
    expect(() => violations('x', { maxLength: 3 })).toThrow('The schema uses "maxLength"');
  });
});
