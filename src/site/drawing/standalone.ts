/**
 * A drawing for an `<img>`, which gets neither the page's style sheet nor its fonts: it brings both themes' colours
 * and the letters that it needs.
 */
import { readFileSync } from 'node:fs';
import type { Font } from 'fontkit';
import type { Drawing, Theme } from './drawing.ts';
import { subsetFont } from './font-subset.ts';
import { diagramFont } from './mermaid-settings.ts';
import type { Documents } from './tidy.ts';

type Palette = Readonly<Record<'ink' | 'ground' | 'raised' | 'rule' | 'line' | 'note' | 'note-line', string>>;

export const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    ink: '#1b1f24',
    ground: '#ffffff',
    raised: '#f3f4f6',
    rule: '#9aa1ab',
    line: '#3d4654',
    note: '#fdf6dd',
    'note-line': '#c9b56a',
  },
  dark: {
    ink: '#e8eaed',
    ground: '#17181c',
    raised: '#24272e',
    rule: '#6c7480',
    line: '#b4bcc8',
    note: '#3a3420',
    'note-line': '#8d7d42',
  },
};

const rules = readFileSync(new URL('./diagram.css', import.meta.url), 'utf8')
  .replace(/\/\*.*?\*\//gs, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{}:;,]) ?/g, '$1')
  .trim();

export function standAlone(drawing: Drawing, theme: Theme, font: Font, window: Documents): Drawing {
  const document = new window.DOMParser().parseFromString(drawing.svg, 'image/svg+xml');
  const root = document.documentElement;
  const letters = [...root.querySelectorAll('text')].map((text) => text.textContent).join('');
  const family = `${diagramFont.family} diagram`;
  const style = document.createElementNS(root.namespaceURI, 'style');
  style.textContent = [
    `@font-face{font-family:"${family}";src:url(data:font/woff;base64,${subsetFont(font, letters).toString('base64')})}`,
    theme === 'dark' ? colours(palettes.dark) : colours(palettes.light),
    theme === 'auto' ? `@media(prefers-color-scheme:dark){${colours(palettes.dark)}}` : '',
    rules,
  ].join('');
  const [x = '0', y = '0', width = '0', height = '0'] = (root.getAttribute('viewBox') ?? '').split(' ');
  const ground = document.createElementNS(root.namespaceURI, 'rect');
  for (const [name, value] of Object.entries({ class: 'ground', x, y, width, height }))
    ground.setAttribute(name, value);
  root.querySelector('desc')?.after(style, ground);
  root.setAttribute('font-family', `'${family}', ${diagramFont.family}, sans-serif`);
  return { ...drawing, svg: new window.XMLSerializer().serializeToString(document) };
}

function colours(palette: Palette): string {
  const variables = Object.entries(palette).map(([name, value]) => `--diagram-${name}:${value}`);
  return `.diagram{${variables.join(';')}}.ground{fill:${palette.ground}}`;
}
