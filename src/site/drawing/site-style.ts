/**
 * The site's own colours and rules for diagrams, read from its style sheets, so that a drawing that stands alone
 * looks like the one in the page.
 */
import { readFileSync } from 'node:fs';

export const styleSheets = ['../../styles/tokens.css', '../../styles/diagram.css'] as const;

export interface SiteColour {
  /** With its dashes: `--ink`. */
  readonly name: string;
  readonly light: string;
  readonly dark: string;
}

export interface DiagramStyle {
  /** Those that the rules use. */
  readonly colours: readonly SiteColour[];
  /** For an `svg.diagram`, without white space. */
  readonly rules: string;
}

export function readDiagramStyle(): DiagramStyle {
  const [tokens = '', sheet = ''] = styleSheets.map((file) => {
    return readFileSync(new URL(file, import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '');
  });
  const known = new Map<string, SiteColour>();
  for (const [, name = '', light = '', dark = ''] of tokens.matchAll(
    /(--[\w-]+): *light-dark\(([^,()]+), *([^,()]+)\)/g,
  )) {
    known.set(name, { name, light, dark });
  }
  const used = new Set(['--ink', '--raised']);
  const rules: string[] = [];
  for (const [, selector = '', body = ''] of sheet.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    // `.diagram-frame .actor` is of the drawing, `.diagram-frame svg` of the frame that it scrolls in.
    const parts = selector.split(/,(?![^(]*\))/).map((part) => part.trim());
    if (!parts.every((part) => part.startsWith('.diagram-frame ') && part !== '.diagram-frame svg')) continue;
    const declarations = body
      .split(';')
      .map((declaration) => declaration.trim().replace(/\s*:\s*/, ':'))
      .filter(
        (declaration) => declaration !== '' && variablesOf(declaration).every((name) => known.has(name)),
      );
    for (const declaration of declarations) for (const name of variablesOf(declaration)) used.add(name);
    const selectors = parts.map((part) => part.replace('.diagram-frame', '.diagram').replace(/\s+/g, ' '));
    if (declarations.length > 0) rules.push(`${selectors.join(',')}{${declarations.join(';')}}`);
  }
  const colours = [...known.values()].filter(({ name }) => used.has(name));
  const missing = [...used].filter((name) => !known.has(name));
  if (missing.length > 0 || rules.length === 0) {
    throw new Error(
      `src/styles/tokens.css must give ${missing.join(', ') || 'its colours'} as light-dark(…, …), and src/styles/diagram.css its rules as ".diagram-frame .actor { … }": drawings that stand alone take both from there.`,
    );
  }
  return { colours, rules: rules.join('') };
}

function variablesOf(declaration: string): string[] {
  return [...declaration.matchAll(/var\((--[\w-]+)/g)].map(([, name = '']) => name);
}
