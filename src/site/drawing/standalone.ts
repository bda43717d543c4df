/**
 * A drawing for an `<img>`, which gets neither the page's style sheet nor its fonts: it brings both themes' colours
 * and the letters that it needs.
 */
import type { Font } from 'fontkit';
import type { Drawing, Theme } from './drawing.ts';
import { subsetFont } from './font-subset.ts';
import { diagramFont } from './mermaid-settings.ts';
import { readDiagramStyle } from './site-style.ts';
import type { DocumentWindow } from './tidy.ts';

const style = readDiagramStyle();

export function standAlone(drawing: Drawing, theme: Theme, font: Font, window: DocumentWindow): Drawing {
  const document = new window.DOMParser().parseFromString(drawing.svg, 'image/svg+xml');
  const root = document.documentElement;
  const letters = [...root.querySelectorAll('text')].map((text) => text.textContent).join('');
  const family = `${diagramFont.family} diagram`;
  const css = document.createElementNS(root.namespaceURI, 'style');
  css.textContent = [
    `@font-face{font-family:"${family}";src:url(data:font/woff;base64,${subsetFont(font, letters).toString('base64')})}`,
    colours(theme === 'dark' ? 'dark' : 'light'),
    theme === 'auto' ? `@media(prefers-color-scheme:dark){${colours('dark')}}` : '',
    '.ground{fill:var(--raised)}',
    style.rules,
  ].join('');
  const [x = '0', y = '0', width = '0', height = '0'] = (root.getAttribute('viewBox') ?? '').split(' ');
  const ground = document.createElementNS(root.namespaceURI, 'rect');
  for (const [name, value] of Object.entries({ class: 'ground', x, y, width, height })) {
    ground.setAttribute(name, value);
  }
  root.querySelector('desc')?.after(css, ground);
  root.setAttribute('font-family', `'${family}', ${diagramFont.family}, sans-serif`);
  return { ...drawing, svg: new window.XMLSerializer().serializeToString(document) };
}

function colours(scheme: 'light' | 'dark'): string {
  const variables = style.colours.map((colour) => `${colour.name}:${colour[scheme]}`);
  return `.diagram{color:var(--ink);${variables.join(';')}}`;
}
