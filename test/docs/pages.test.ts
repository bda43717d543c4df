/** Every page of the handbook says what the engine does, and every scenario is on a page. */
import { describe, expect, test } from 'vitest';
import { checkPage, readFences, readPathQuestion, reportPage, scenarios } from '../../src/handbook/index.ts';
import { readPages, report } from './check.ts';

const pages = readPages();
const main = scenarios.filter(({ isMain }) => isMain);
const pageOf = (name: string) => pages.find(({ file }) => file === `content/traffic/${name}.mdx`);

test.each(pages.map(({ file, source }) => [file, source]))('%s says what the engine does', (file, source) => {
  expect(checkPage(file, source).map(({ message }) => message)).toEqual([]);
});

describe.each(main.map((scenario) => [scenario.name, scenario] as const))(
  'the page of %s',
  (name, scenario) => {
    const source = pageOf(name)?.source ?? '';

    test('is there, and asks the question of its scenario', () => {
      expect(source).toContain(`\ntitle: ${scenario.question}\n`);
    });

    test('states the path of its scenario', () => {
      const paths = readFences(source).filter(({ language }) => language === 'path');
      expect(paths.map(({ meta }) => meta)).toContain(name);
    });

    test.each(['Diagram', 'Simulator', 'Experiments', 'Rules', 'Published'])(
      'shows it as Scenario%s',
      (part) => {
        expect(source).toContain(`<Scenario${part} scenario="${name}" />`);
      },
    );

    test('has every part that a traffic page has, in order', () => {
      const headings = [...source.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      const parts = [
        'The path, drawn',
        'Try it',
        'The rules that it meets',
        'Published and verified',
        'See it on a real pod',
        'What breaks it',
      ];
      expect(headings.filter((heading) => parts.includes(heading as string))).toEqual(parts);
      expect(source.indexOf('<Answer>')).toBeLessThan(source.indexOf('```path'));
      expect(source.indexOf('```path')).toBeLessThan(source.indexOf('<Verified />'));
    });
  },
);

test('every scenario is stated on a page', () => {
  const stated = pages.flatMap(({ source }) =>
    readFences(source)
      .filter(({ language }) => language === 'path')
      .map(({ meta }) => readPathQuestion(meta)),
  );
  const names = stated.map((question) => (typeof question === 'string' ? question : question.scenario));
  expect(scenarios.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
});

test('the report counts the claims of every page, and every exception has its reason in it', () => {
  const text = report(pages);
  for (const { file, source } of pages) {
    expect(text).toContain(`${file}: `);
    for (const { because } of reportPage(source).exceptions) expect(text).toContain(because);
  }
});
