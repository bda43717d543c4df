/** Every page of the handbook says what the engine does, and every scenario is on a page. */
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { checkPage, readFences, readPathQuestion, reportPage } from '../../src/handbook/claims/index.ts';
import {
  isAmbientScenario,
  runbookScenarios,
  scenarios,
  shownScenarios,
} from '../../src/handbook/scenarios/index.ts';
import { readPages, report } from './check.ts';

const pages = readPages();
const main = scenarios.filter(({ isMain }) => isMain);
const pageOf = (name: string) => pages.find(({ file }) => file === `content/traffic/${name}.mdx`);

test.each(pages.map(({ file, source }) => [file, source]))('%s says what the engine does', (file, source) => {
  expect(checkPage(file, source).map(({ message }) => message)).toEqual([]);
});

test('what stands in front of a page is YAML', () => {
  const wrong = pages.flatMap(({ file, source }) =>
    parseDocument(/^---\n(.*?)\n---\n/s.exec(source)?.[1] ?? '').errors.map(
      ({ message }) => `${file}: ${message}`,
    ),
  );
  expect(wrong).toEqual([]);
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

const runbooks = runbookScenarios.filter(({ isMain }) => isMain);
const runbookPages = pages.filter(({ file }) => /^content\/runbooks\/(?!index)/.test(file));

describe.each(runbooks.map((scenario) => [scenario.name, scenario] as const))(
  'the runbook %s',
  (name, scenario) => {
    const source = pages.find(({ file }) => file === `content/runbooks/${name}.mdx`)?.source ?? '';

    test('is there, and has the symptom of its scenario as its title', () => {
      expect(source).toContain(`\ntitle: ${scenario.question}\n`);
    });

    test('states the paths of all its scenarios, and one of a pod that is well beside them', () => {
      const paths = readFences(source)
        .filter(({ language }) => language === 'path')
        .map(({ meta }) => meta);
      const own = runbookScenarios.filter(({ runbook }) => runbook === name);
      expect(paths).toEqual(expect.arrayContaining(own.map((one) => one.name)));
      expect(paths.length).toBeGreaterThan(1);
    });

    test.each(['Simulator', 'Diagram'])('shows it as Scenario%s', (part) => {
      expect(source).toContain(`<Scenario${part} scenario="${name}" />`);
    });

    test('has every part that a runbook has, in order: the answer first, and the fix before the reason', () => {
      const headings = [...source.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      const parts = ['How to tell', 'Fix it', 'See that it helped', 'Often confused with', 'Why'];
      expect(headings).toEqual([...parts, 'Try it', 'Step by step']);
      expect(source.indexOf('<Answer>')).toBeLessThan(source.indexOf('```path'));
      expect(source.indexOf('<Verified />')).toBeLessThan(source.indexOf('## How to tell'));
    });

    test('has a line in the table of symptoms', () => {
      const index = pages.find(({ file }) => file === 'content/runbooks/index.mdx')?.source ?? '';
      expect(index).toContain(`](/runbooks/${name}/)`);
    });
  },
);

/** What they tell has no scenario of its own: they show one of another page, or no packet is sent at all. */
const showsAnother: Readonly<Record<string, string>> = {
  'which-back-end': 'local-to-remote',
  'virtual-machine': 'local-to-remote',
};
const withoutPackets: readonly string[] = ['setup-fails', 'job-never-completes', 'gateway-pods'];

describe.each([...Object.keys(showsAnother), ...withoutPackets])('the runbook %s', (name) => {
  const source = pages.find(({ file }) => file === `content/runbooks/${name}.mdx`)?.source ?? '';
  const shown = showsAnother[name];

  test('has every part that a runbook has, in order, and nothing to try that is not its own', () => {
    const headings = [...source.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    const parts = ['How to tell', 'Fix it', 'See that it helped', 'Often confused with', 'Why'];
    expect(headings).toEqual(shown === undefined ? parts : [...parts, 'Step by step']);
    expect(source.indexOf('<Answer>')).toBeGreaterThan(0);
    expect(source.indexOf('<Answer>')).toBeLessThan(source.indexOf('## How to tell'));
  });

  test('states paths, and draws the one that it names, or has none', () => {
    const paths = readFences(source)
      .filter(({ language }) => language === 'path')
      .map(({ meta }) => meta.split(' ')[0]);
    const drawn = /<ScenarioDiagram scenario="([^"]+)" \/>/.exec(source)?.[1];
    expect(drawn).toBe(shown);
    if (shown === undefined) expect(paths).toEqual([]);
    else {
      expect(paths.length).toBeGreaterThan(1);
      expect(paths).toContain(shown);
      expect(source.indexOf('<Verified />')).toBeLessThan(source.indexOf('## How to tell'));
    }
  });

  test('has a line in the table of symptoms', () => {
    const index = pages.find(({ file }) => file === 'content/runbooks/index.mdx')?.source ?? '';
    expect(index).toContain(`](/runbooks/${name}/)`);
  });
});

const ambientScenarios = shownScenarios.filter(isAmbientScenario);
const ambientMain = ambientScenarios.filter(({ isMain }) => isMain);

describe.each(ambientMain.map((scenario) => [scenario.page, scenario] as const))(
  'the page of ambient mode %s',
  (page, { name }) => {
    const source = pages.find(({ file }) => file === `content/ambient/${page}.mdx`)?.source ?? '';

    test('states the paths of its scenarios, and that of a sidecar beside them', () => {
      const paths = readFences(source)
        .filter(({ language }) => language === 'path')
        .map(({ meta }) => meta);
      const own = ambientScenarios.filter((one) => one.page === page);
      expect(paths).toEqual(expect.arrayContaining(own.map((one) => one.name)));
      expect(paths.some((meta) => !meta.startsWith('ambient-'))).toBe(true);
    });

    test.each(['Diagram', 'Rules'])('shows it as Scenario%s', (part) => {
      expect(source).toContain(`<Scenario${part} scenario="${name}" />`);
    });

    test('has every part that such a page has, in order', () => {
      const headings = [...source.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect(headings).toEqual([
        'The path, drawn',
        'Try it',
        'The rules that it meets',
        'With a sidecar',
        'See it on a real pod',
        'What breaks it',
      ]);
      expect(source.indexOf('<Answer>')).toBeLessThan(source.indexOf('```path'));
      expect(source.indexOf('```path')).toBeLessThan(source.indexOf('<Verified />'));
    });
  },
);

const ofAmbient = runbookPages.filter(({ file }) => /^content\/runbooks\/ambient-/.test(file));

test.each(ofAmbient.map(({ file, source }) => [file, source]))(
  '%s has every part that a runbook has, but the simulator, and its line in the table of symptoms',
  (file, source) => {
    const headings = [...source.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    const parts = ['How to tell', 'Fix it', 'See that it helped', 'Often confused with', 'Why'];
    expect(headings).toEqual([...parts, 'Step by step']);
    expect(source.indexOf('<Answer>')).toBeLessThan(source.indexOf('```path'));
    expect(source.indexOf('<Verified />')).toBeLessThan(source.indexOf('## How to tell'));
    const paths = readFences(source)
      .filter(({ language }) => language === 'path')
      .map(({ meta }) => meta);
    const drawn = /<ScenarioDiagram scenario="([^"]+)" \/>/.exec(source)?.[1];
    expect(paths.length).toBeGreaterThan(1);
    expect(paths).toContain(drawn);
    const index = pages.find((page) => page.file === 'content/runbooks/index.mdx')?.source ?? '';
    expect(index).toContain(`](/${file.replace(/^content\//, '').replace('.mdx', '')}/)`);
  },
);

test('every runbook has its scenario, or is one of the few without', () => {
  const ofSidecar = runbookPages.filter((page) => !ofAmbient.includes(page));
  const names = [...runbooks.map(({ name }) => name), ...Object.keys(showsAnother), ...withoutPackets];
  expect(ofSidecar.map(({ file }) => file).sort()).toEqual(
    names.map((name) => `content/runbooks/${name}.mdx`).sort(),
  );
});

test('every scenario is stated on a page', () => {
  const stated = pages.flatMap(({ source }) =>
    readFences(source)
      .filter(({ language }) => language === 'path')
      .map(({ meta }) => readPathQuestion(meta)),
  );
  const names = stated.map((question) => (typeof question === 'string' ? question : question.scenario));
  expect(shownScenarios.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
});

test('the report counts the claims of every page, and every exception has its reason in it', () => {
  const text = report(pages);
  for (const { file, source } of pages) {
    expect(text).toContain(`${file}: `);
    for (const { because } of reportPage(source).exceptions) expect(text).toContain(because);
  }
});
