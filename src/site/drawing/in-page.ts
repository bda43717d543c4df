/**
 * Redraws a diagram in the reader's browser. All that drawing needs is loaded on the first call, never with the
 * page: Mermaid alone is 197 kB.
 */
import type { DiagramNames, Drawing } from './drawing.ts';

export async function drawInPage(source: string, names: DiagramNames): Promise<Drawing> {
  const { redraw } = await import('./redraw.ts');
  return redraw(source, names);
}
