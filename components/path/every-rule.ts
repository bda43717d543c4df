/** Takes the drawing of every rule into its page, at the first time that it is chosen: until then nobody lays it out. */

import type { DrawnEvent } from './drawn-event.ts';

/** `link` leads to the drawing and stands in its place. It stays where the drawing cannot be had. */
export async function takeDrawing(link: HTMLAnchorElement): Promise<void> {
  const answer = await fetch(link.href);
  if (!answer.ok) return;
  // The page has the colours and the letters, and lets in no style but its own.
  const text = (await answer.text()).replace(/<style[\s\S]*?<\/style>/g, '');
  const drawing = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (drawing.localName !== 'svg') return;
  drawing.querySelector('.ground')?.remove();
  link.replaceWith(document.importNode(drawing, true));
  dispatchEvent(new Event('diagram-drawn' satisfies DrawnEvent));
}
