/**
 * Draws in a thread of its own, so that jsdom's globals stay out of whatever else the build renders. Mermaid keeps
 * its configuration and its counters in module state: one drawing at a time, in the order of asking.
 */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { JSDOM } from 'jsdom';
import type { DrawingRequest } from './drawing.ts';
import { readLettering } from './lettering.ts';
import { diagramFont, markHyphens, mermaidSettings } from './mermaid-settings.ts';
import { standAlone } from './standalone.ts';
import { tidyDiagram } from './tidy.ts';

const lettering = readLettering();
const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });

/** What Mermaid and what it is made of look for in the global scope. */
for (const name of [
  'document',
  'navigator',
  'Element',
  'HTMLElement',
  'SVGElement',
  'Node',
  'NodeFilter',
  'DocumentFragment',
  'DOMParser',
  'XMLSerializer',
  'CSSStyleSheet',
  'MutationObserver',
  'Option',
  'getComputedStyle',
] as const) {
  define(globalThis, name, window[name]);
}
define(globalThis, 'window', window);

define(window.SVGElement.prototype, 'getBBox', function boundingBox(this: SVGElement) {
  const number = (name: string): number => Number(this.getAttribute(name) ?? 0);
  if (this.localName !== 'text' && this.localName !== 'tspan') {
    return { x: number('x'), y: number('y'), width: number('width'), height: number('height') };
  }
  const size = Number.parseFloat(this.style.fontSize) || diagramFont.size;
  const height = (diagramFont.lineHeight * size) / diagramFont.size;
  return { x: number('x'), y: number('y'), width: lettering.width(this.textContent ?? '', size), height };
});
define(window.SVGElement.prototype, 'getComputedTextLength', function textLength(this: SVGGraphicsElement) {
  return this.getBBox().width;
});

const { default: mermaid } = await import('mermaid');

async function draw(request: DrawingRequest): Promise<unknown> {
  mermaid.initialize(mermaidSettings(request.source));
  const drawn = await mermaid.render(request.id, markHyphens(request.source));
  const drawing = tidyDiagram(drawn.svg, request, window);
  return request.standalone === undefined
    ? drawing
    : standAlone(drawing, request.standalone, lettering.font, window);
}

let previous: Promise<void> = Promise.resolve();

function answer(port: MessagePort, { ticket, request }: { ticket: number; request: DrawingRequest }): void {
  previous = previous.then(async () => {
    try {
      port.postMessage({ ticket, drawing: await draw(request) });
    } catch (error) {
      port.postMessage({ ticket, problem: error instanceof Error ? error.message : String(error) });
    }
  });
}

if (parentPort === null)
  throw new Error('src/site/drawing/worker.ts draws for drawDiagram and does nothing by itself.');
const port = parentPort;
port.on('message', (message) => answer(port, message));

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
