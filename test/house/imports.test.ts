/** How the floors of the house stand on each other. */
import { describe, expect, test } from 'vitest';
import { foreignNames } from './browserless.ts';
import { floors } from './floors.ts';
import { brokenDoors, circles, foreignImports, upwardImports } from './imports.ts';
import { codeEnds, filesIn, type SourceFile, sourceFile } from './tree.ts';

const house = filesIn(['src', 'components'], codeEnds);
const isOnAFloor = ({ path }: SourceFile): boolean => floors.some((floor) => path.startsWith(`${floor}/`));

test('the house is read: its floors, what is under the roof, and all kinds of imports', () => {
  expect(house.filter(isOnAFloor).length).toBeGreaterThan(150);
  const { imports } = sourceFile(
    'components/lab/Lab.tsx',
    `import type { A } from '../../src/netfilter/index.ts';
     export { b } from './b.ts';
     const c = await import('@components/c.ts?raw');
     new Worker(new URL('../engine/worker.ts', import.meta.url));
     import fs from 'node:fs';`,
  );
  expect(imports.map(({ path, written }) => path ?? written)).toEqual([
    'src/netfilter/index.ts',
    'components/lab/b.ts',
    'components/c.ts?raw',
    'node:fs',
    'components/engine/worker.ts',
  ]);
  const page = "---\nimport A from './A.astro';\n---\n<p>import</p>\n<script>import './b.ts';</script>";
  expect(sourceFile('components/x.astro', page).imports.map(({ path }) => path)).toEqual([
    'components/A.astro',
    'components/b.ts',
  ]);
});

describe('imports point downwards', () => {
  test('in the house', () => {
    expect(upwardImports(house)).toEqual([]);
  });

  test('and one that does not is found, be it a type or out of the house', () => {
    expect(
      upwardImports([
        sourceFile('src/netfilter/a.ts', "import type { Options } from '../istio/index.ts';"),
        sourceFile('src/render/b.ts', "export { x } from '../../components/path/x.ts';"),
        sourceFile('components/c.ts', "import '../test/kernel/pod.ts';"),
        sourceFile('src/istio/d.ts', "import config from '../../handbook.config.ts';"),
        sourceFile(
          'src/handbook/e.ts',
          "import config from '../../handbook.config.ts'; import '../words/index.ts';",
        ),
      ]),
    ).toEqual([
      'src/netfilter/a.ts imports src/istio/index.ts, which is above it',
      'src/render/b.ts imports components/path/x.ts, which is above it',
      'components/c.ts imports test/kernel/pod.ts, which is no part of the house',
      'src/istio/d.ts imports handbook.config.ts, which is no part of the house',
    ]);
  });
});

describe('a floor is entered by its doors', () => {
  test('in the house', () => {
    expect(brokenDoors(house)).toEqual([]);
  });

  test('and who comes through a window is found', () => {
    expect(
      brokenDoors([
        sourceFile('src/istio/a.ts', "import { b } from '../netfilter/model/address.ts';"),
        sourceFile(
          'src/istio/c.ts',
          "import { d } from './pod/ports.ts'; import { e } from '../netfilter/index.ts';",
        ),
        sourceFile('components/f.ts', "import { g } from '../src/handbook/claims/index.ts';"),
      ]),
    ).toEqual(['src/istio/a.ts imports src/netfilter/model/address.ts, and not by src/netfilter/index.ts']);
  });
});

describe('the floors need neither Node nor a browser', () => {
  test('in the house', () => {
    const inside = house.filter(isOnAFloor);
    expect(foreignImports(inside)).toEqual([]);
    expect(foreignNames(inside)).toEqual([]);
  });

  test('and one that does is found', () => {
    const planted = [
      sourceFile(
        'src/netfilter/planted-a.ts',
        "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;",
      ),
      sourceFile('src/words/planted-b.ts', 'export const b = document.title;'),
      sourceFile('src/words/planted-c.ts', 'export const c = (at: HTMLElement) => process.cwd() + at;'),
      sourceFile('src/words/planted-d.ts', 'export const d = [Math.max(1, 2), btoa("a"), new Map()];'),
    ];
    expect(foreignImports(planted)).toEqual(['src/netfilter/planted-a.ts imports node:fs']);
    expect(foreignNames(planted.slice(1))).toEqual([
      'src/words/planted-b.ts uses document',
      'src/words/planted-c.ts uses HTMLElement',
      'src/words/planted-c.ts uses process',
    ]);
  });
});

describe('no file imports itself, however far around', () => {
  test('in the house', () => {
    expect(circles(house)).toEqual([]);
  });

  test('and a circle is found, of types and of three as well', () => {
    expect(
      circles([
        sourceFile('src/istio/a.ts', "import type { B } from './b.ts';"),
        sourceFile('src/istio/b.ts', "import { a } from './a.ts';"),
        sourceFile('components/c.tsx', "import './d.tsx';"),
        sourceFile('components/d.tsx', "import './e.tsx'; import '../src/istio/a.ts';"),
        sourceFile('components/e.tsx', "import '@components/c.tsx';"),
      ]),
    ).toEqual([
      'src/istio/a.ts → src/istio/b.ts → src/istio/a.ts',
      'components/c.tsx → components/d.tsx → components/e.tsx → components/c.tsx',
    ]);
  });
});
