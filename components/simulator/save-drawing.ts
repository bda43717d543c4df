/** Saves a sequence diagram as the reader sees it: as SVG with its colours, or painted as PNG. Loaded on request. */
import type { Sequence } from '../../src/handbook/walk/index.ts';
import { drawInPage } from '../../src/site/drawing/in-page.ts';
import { paint } from './paint-drawing.ts';

/** What a style sheet says about a shape, as SVG's own attributes. */
const looks = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'paint-order',
] as const;

/** Dots of a PNG to a CSS pixel, for screens and slides. */
const sharpness = 2;

export async function saveDrawing(
  kind: 'SVG' | 'PNG',
  { source, noteKinds }: Sequence,
  title: string,
): Promise<void> {
  const { svg, width, height } = await drawInPage(source, {
    id: 'saved',
    title,
    description: 'The journey as a sequence.',
    noteKinds,
  });
  const stage = document.createElement('div');
  stage.className = 'diagram-frame saved-stage';
  stage.setAttribute('aria-hidden', 'true');
  stage.innerHTML = svg;
  document.body.append(stage);
  try {
    const drawing = stage.querySelector('svg') as SVGSVGElement;
    settleLooks(drawing, getComputedStyle(stage).backgroundColor);
    const blob =
      kind === 'SVG'
        ? new Blob([new XMLSerializer().serializeToString(drawing)], { type: 'image/svg+xml' })
        : await paint(drawing, width, height, sharpness);
    download(blob, `${title.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.${kind.toLowerCase()}`);
  } finally {
    stage.remove();
  }
}

/** Writes the look of each shape into it, so that it needs no style sheet, and lays the ground behind. */
function settleLooks(drawing: SVGSVGElement, ground: string): void {
  for (const shape of drawing.querySelectorAll<SVGElement>(
    'line, rect, circle, path, polygon, text, tspan',
  )) {
    const style = getComputedStyle(shape);
    for (const name of looks) {
      const value = style.getPropertyValue(name);
      if (value !== '' && value !== 'none' && value !== 'normal') shape.setAttribute(name, value);
      else if (name === 'fill' || name === 'stroke') shape.setAttribute(name, 'none');
    }
  }
  const [x = '0', y = '0', width = '0', height = '0'] = (drawing.getAttribute('viewBox') ?? '').split(' ');
  const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ x, y, width, height, fill: ground, stroke: 'none' })) {
    rect.setAttribute(name, value);
  }
  drawing.querySelector('desc')?.after(rect);
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
