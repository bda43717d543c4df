/** A journey as a path line, as Markdown, as text and as JSON. */
import { describe, expect, test } from 'vitest';
import { allScenarios, bind, type Scenario } from '../../src/handbook/scenarios/index.ts';
import { rulesFor } from '../../src/istio/index.ts';
import { parseRuleset } from '../../src/netfilter/index.ts';
import {
  json,
  jsonVersion,
  markdown,
  mermaid,
  pathLine,
  separator,
  stopLines,
  text,
  textFile,
  textForms,
} from '../../src/render/index.ts';
import { ending, headline, headlineWords, stopText } from '../../src/words/index.ts';

const journeys = allScenarios.map((scenario) => [scenario.name, bind(scenario).journey] as const);

describe.each(journeys)('%s', (_name, journey) => {
  test('its path line is its stops, a line a leg', () => {
    for (const replies of [false, true]) {
      const lines = stopLines(journey, { replies });
      expect(pathLine(journey, { replies })).toBe(
        lines.map((line) => line.map((stop) => stopText(stop)).join(separator)).join('\n'),
      );
      expect(lines).toHaveLength(replies ? journey.legs.length * 2 : journey.legs.length);
    }
  });

  test('each stop stands at an event that is there, and a chain has its rule', () => {
    for (const stop of stopLines(journey, { replies: true }).flat()) {
      const event = journey.legs[stop.leg]?.passages[stop.passage]?.traversal.events[stop.event];
      expect(event, stopText(stop)).toBeDefined();
      if (stop.kind !== 'chain') continue;
      expect(stopText(stop)).toBe(
        `${stop.table === 'nat' ? '' : `${stop.table} `}${stop.chain} ${stop.position}`,
      );
      expect(stop.rule).not.toBe('');
      expect(event?.kind).toBe('rule');
    }
  });

  test('its JSON has the form that it promises', () => {
    const read = JSON.parse(json(journey));
    expect(read.version).toBe(jsonVersion);
    expect(read.path).toEqual(pathLine(journey).split('\n'));
    expect(read.arrived).toBe(journey.arrived);
    expect(read.ending).toBe(ending(journey));
    expect(read.rulesets).toBeUndefined();
    expect(read.legs).toHaveLength(journey.legs.length);
    for (const leg of read.legs) {
      expect(Object.keys(leg)).toEqual(
        expect.arrayContaining(['client', 'server', 'dialled', 'passages', 'because']),
      );
      for (const passage of leg.passages) {
        expect(Object.keys(passage)).toEqual(['direction', 'outcome', 'events']);
        expect(passage.events.at(-1).kind).toBe('outcome');
        for (const event of passage.events)
          if (event.kind === 'rule') expect(typeof event.rule).toBe('string');
      }
    }
    expect(json(journey).endsWith('}\n')).toBe(true);
  });

  test('its text names each leg and ends with how it ended', () => {
    const lines = text(journey).trimEnd().split('\n');
    expect(lines.filter((line) => /^\d+\. /.test(line))).toHaveLength(journey.legs.length);
    expect(lines.at(-1)).toBe(ending(journey));
  });

  test('its Markdown is what became of it, a block with the path, and a list', () => {
    const [head, , ...lines] = markdown(journey).split('\n');
    expect(head).toContain(headlineWords(headline(journey)).says);
    expect(lines[0]).toBe('```text');
    expect(lines.slice(1, 1 + journey.legs.length).join('\n')).toBe(pathLine(journey));
    expect(lines[1 + journey.legs.length]).toBe('```');
    const items = lines.filter((line) => /^\d+\. /.test(line));
    expect(items.map((item) => Number.parseInt(item, 10))).toEqual(items.map((_, at) => at + 1));
  });
});

/** Names that a chain may have, and that mean something in Markdown, HTML or Mermaid. */
const hostile = [
  '`x`',
  '``',
  '<b>x</b>',
  '[x](y)',
  'end',
  '**x**',
  '#x',
  '%%x',
  '$$x',
  '|x|',
  '```',
  'a&lt;b',
  ';x',
];

describe.each(hostile)('a chain named %s', (name) => {
  const rules = rulesFor('1.30').text.v4.replaceAll('ISTIO_OUTPUT', () => name);
  const { ruleset } = parseRuleset(rules, 'v4');
  const scenario = allScenarios.find((one) => one.name === 'local-to-remote') as Scenario;
  const { journey } = bind(scenario, {}, { rulesets: { v4: ruleset } });

  test('is on its path as it is written', () => {
    expect(pathLine(journey)).toContain(`${name} 9`);
  });

  test('stays text in Markdown', () => {
    const lines = markdown(journey).split('\n');
    for (const item of lines.filter((line) => /^\d+\. /.test(line))) {
      // Every backtick run opens or closes a span: outside of spans there are only colons.
      const outside = item.replace(/^\d+\. /, '').replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
      expect(outside).toMatch(/^(?:: )?$/);
    }
    expect(lines.filter((line) => line.startsWith('```'))).toHaveLength(2);
  });

  test('is no statement of its own in Mermaid', () => {
    const lines = mermaid(journey, 'detail').trimEnd().split('\n').slice(2);
    for (const line of lines) {
      expect(line).toMatch(/^ {2}(?:participant p\d+ as |p\d+-{1,2}>>p\d+: |Note over p\d+: )/);
      expect(line.replace(/#\d+;/g, '')).not.toMatch(/[<&;]|%%|\$\$/);
    }
  });
});

test('each text form has a name of its own for its file, and the file holds the journey', () => {
  const [scenario] = allScenarios as [Scenario];
  const { journey } = bind(scenario);
  const forms = Object.entries(textForms);
  expect(new Set(forms.map(([, { file }]) => file)).size).toBe(forms.length);
  const written = { Markdown: markdown, text, Mermaid: mermaid, JSON: json };
  for (const form of ['Markdown', 'text', 'Mermaid', 'JSON'] as const) {
    const file = textFile(form, journey, 'A title', 'What it says.');
    expect(file.endsWith(written[form](journey)), form).toBe(true);
    expect(file.includes('A title') && file.includes('What it says.'), form).toBe(
      form === 'Markdown' || form === 'text',
    );
  }
});
