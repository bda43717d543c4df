/**
 * Redraws a diagram in the reader's browser, as the build drew it: same settings, same tidying, same class names.
 * Mermaid is 197 kB: it is loaded on the first call, never with the page.
 */
import { checkId, type DiagramNames, type Drawing } from './drawing.ts';
import { markHyphens, mermaidSettings } from './mermaid-settings.ts';
import { tidyDiagram } from './tidy.ts';

let previous: Promise<unknown> = Promise.resolve();

export function drawInPage(source: string, names: DiagramNames): Promise<Drawing> {
  checkId(names.id);
  // Mermaid keeps its state in its module: one drawing at a time.
  const drawing = previous.then(() => draw(source, names));
  previous = drawing.catch(() => undefined);
  return drawing;
}

async function draw(source: string, names: DiagramNames): Promise<Drawing> {
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize(mermaidSettings(source));
  // A name of its own, because Mermaid removes what stands in the page under the name that it draws with.
  const drawn = await mermaid.render(`${names.id}-redrawn`, markHyphens(source));
  const svg = drawn.svg.replaceAll(`${names.id}-redrawn`, names.id);
  return tidyDiagram(svg, names, window);
}
