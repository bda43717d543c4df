/** What is wrong with how the files of a tree import each other: one line for each fault. */
import { posix } from 'node:path';
import { floors, levelOf, settings } from './floors.ts';
import type { SourceFile } from './tree.ts';

/** Each import of a file of the project, as a pair of paths. */
function pairs(files: readonly SourceFile[]): readonly (readonly [from: string, to: string])[] {
  return files.flatMap(({ path, imports }) =>
    imports.flatMap(({ path: to }) => (to === null ? [] : [[path, to] as const])),
  );
}

/** Imports that point upwards, or out of the house. */
export function upwardImports(files: readonly SourceFile[]): readonly string[] {
  return pairs(files).flatMap(([from, to]) => {
    const level = levelOf(from);
    if (level === null) return [];
    if (to === settings.path && level >= settings.from) return [];
    const target = levelOf(to);
    if (target === null) return [`${from} imports ${to}, which is no part of the house`];
    return target > level ? [`${from} imports ${to}, which is above it`] : [];
  });
}

/** Files that import each other in a circle: each circle once, as `a → b → a`. */
export function circles(files: readonly SourceFile[]): readonly string[] {
  const graph = new Map(files.map(({ path }) => [path, new Set<string>()]));
  for (const [from, to] of pairs(files)) if (graph.has(to)) graph.get(from)?.add(to);
  const found = new Map<string, string>();
  const state = new Map<string, 'open' | 'done'>();
  const way: string[] = [];
  const visit = (path: string): void => {
    state.set(path, 'open');
    way.push(path);
    for (const next of graph.get(path) ?? []) {
      if (state.get(next) === 'open') {
        const circle = way.slice(way.indexOf(next));
        found.set([...circle].sort().join(' '), [...circle, next].join(' → '));
      } else if (!state.has(next)) visit(next);
    }
    way.pop();
    state.set(path, 'done');
  };
  for (const path of graph.keys()) if (!state.has(path)) visit(path);
  return [...found.values()];
}

/**
 * Rooms without a door of their own on a floor that has one: each of their files is something of its own, and a door
 * would load them all for whoever wants one.
 */
const openRooms: readonly { readonly room: string; readonly why: string }[] = [
  {
    room: 'src/handbook/tables',
    why: 'a table is made for one component; a page that shows one table should not load the others',
  },
];

/**
 * Imports that come into a floor from outside by another way than a door: an `index.ts` of the floor, or of a room in
 * it.
 */
export function brokenDoors(files: readonly SourceFile[]): readonly string[] {
  const floorOf = (path: string): string | undefined => floors.find((floor) => path.startsWith(`${floor}/`));
  return pairs(files).flatMap(([from, to]) => {
    const floor = floorOf(to);
    if (floor === undefined || floorOf(from) === floor) return [];
    if (posix.basename(to) === 'index.ts') return [];
    if (openRooms.some(({ room }) => to.startsWith(`${room}/`))) return [];
    return [`${from} imports ${to}, and not by ${floor}/index.ts`];
  });
}

/** Packages that the floors may import, and why. Node is none of them. */
const packages: Readonly<Record<string, string>> = { yaml: 'reads YAML, in a browser too' };

export function foreignImports(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => (levelOf(path) ?? floors.length) < floors.length)
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ path: own, written }) => own === null && !(written in packages))
        .map(({ written }) => `${path} imports ${written}`),
    );
}
