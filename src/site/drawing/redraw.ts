/**
 * A diagram drawn in the reader's browser as the build drew it: same settings, same tidying, same class names.
 */
import mermaid from 'mermaid';
import { checkId, type DiagramNames, type Drawing } from './drawing.ts';
import { markEntities, markHyphens, mermaidSettings } from './mermaid-settings.ts';
import { tidyDiagram } from './tidy.ts';

let previous: Promise<unknown> = Promise.resolve();

export function redraw(source: string, names: DiagramNames): Promise<Drawing> {
  checkId(names.id);
  // Mermaid keeps its state in its module: one drawing at a time.
  const drawing = previous.then(() => draw(source, names));
  previous = drawing.catch(() => undefined);
  return drawing;
}

async function draw(source: string, names: DiagramNames): Promise<Drawing> {
  mermaid.initialize(mermaidSettings(source));
  // A name of its own, because Mermaid removes what stands in the page under the name that it draws with.
  const name = `${names.id}-redrawn`;
  const { marked, unmarked } = markEntities(markHyphens(source));
  const { svg } = await withoutStyleSheets(() => mermaid.render(name, marked));
  return tidyDiagram(unmarked(svg).replaceAll(name, names.id), names, window);
}

/**
 * Mermaid puts a style sheet into its drawing, to be taken out again by {@link tidyDiagram}. Under a strict content
 * security policy the attempt alone is an error in the console: it is given an element that styles nothing.
 */
async function withoutStyleSheets<T>(work: () => Promise<T>): Promise<T> {
  const create = document.createElement;
  const createOther = (name: string, options?: ElementCreationOptions): HTMLElement => {
    return create.call(document, name === 'style' ? 'template' : name, options);
  };
  document.createElement = createOther as typeof document.createElement;
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}
