/** Asks the worker for drawings, and the cache before that. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type DrawingCache, drawingFolder, openCache } from './cache.ts';
import { checkId, type DiagramNames, type Drawing, type DrawingRequest, type Theme } from './drawing.ts';

/**
 * Draws Mermaid sequence source as SVG without colours of its own, to stand in a page that has `diagram.css`.
 * Throws with Mermaid's own words and the source when it cannot be read.
 */
export function drawDiagram(source: string, names: DiagramNames): Promise<Drawing> {
  return request({ source, ...names });
}

/** The same drawing with colours and letters of its own, for an `<img>` or a file. */
export function drawStandalone(source: string, names: DiagramNames, theme: Theme = 'auto'): Promise<Drawing> {
  return request({ source, ...names, standalone: theme });
}

interface Answer {
  readonly ticket: number;
  readonly drawing?: Drawing;
  readonly problem?: string;
}

interface Waiting {
  readonly resolve: (drawing: Drawing) => void;
  readonly reject: (error: Error) => void;
}

/** One worker for as long as the process lives. It holds the process only while somebody waits for a drawing. */
class Draughtsman {
  readonly cache: DrawingCache = openCache();
  readonly waiting = new Map<number, Waiting>();
  tickets = 0;
  worker: Worker | undefined;

  draw(asked: DrawingRequest): Promise<Drawing> {
    return new Promise((resolve, reject) => {
      this.worker ??= this.start();
      this.tickets += 1;
      this.waiting.set(this.tickets, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ ticket: this.tickets, request: asked });
    });
  }

  start(): Worker {
    const worker = new Worker(pathToFileURL(join(drawingFolder(), 'worker.ts')), { execArgv: [] });
    worker.on('message', (answer: Answer) => this.hear(answer));
    worker.on('error', (error) => this.give(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.give(new Error('The drawing worker ended before it had drawn everything.')));
    return worker;
  }

  hear({ ticket, drawing, problem }: Answer): void {
    const waiting = this.waiting.get(ticket);
    this.waiting.delete(ticket);
    if (this.waiting.size === 0) this.worker?.unref();
    if (drawing !== undefined) waiting?.resolve(drawing);
    else waiting?.reject(new Error(problem));
  }

  /** A worker that has failed fails everyone who waits; the next request starts another. */
  give(error: Error): void {
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

let draughtsman: Draughtsman | undefined;

async function request(asked: DrawingRequest): Promise<Drawing> {
  checkId(asked.id);
  draughtsman ??= new Draughtsman();
  const known = draughtsman.cache.get(asked);
  if (known !== undefined) return known;
  try {
    const drawing = await draughtsman.draw(asked);
    draughtsman.cache.put(asked, drawing);
    return drawing;
  } catch (error) {
    const numbered = asked.source
      .split('\n')
      .map((line, index) => `${String(index + 1).padStart(4)}  ${line}`);
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The diagram "${asked.title}" (${asked.id}) could not be drawn: ${said}\n${numbered.join('\n')}`,
    );
  }
}
