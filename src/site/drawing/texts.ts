/** Reads the texts back out of a drawing, as a test of what a reader will find in it. */
import { JSDOM } from 'jsdom';

export interface DrawnText {
  readonly kind: 'actor' | 'message' | 'note' | 'label';
  readonly text: string;
}

/**
 * The texts of a drawing in drawing order: lifelines from left to right, then messages and notes downwards.
 * Lines that were broken are one text again. Throws when the SVG is not well-formed XML.
 */
export function textsOf(svg: string): DrawnText[] {
  const { window } = new JSDOM(svg, { contentType: 'image/svg+xml' });
  const texts = [...window.document.querySelectorAll('text:not(.sequenceNumber)')];
  return texts.map((text) => ({ kind: kindOf(text), text: wordsOf(text) }));
}

function kindOf(text: Element): DrawnText['kind'] {
  if (text.matches('.messageText')) return 'message';
  if (text.matches('.noteText')) return 'note';
  return text.matches('.actor') ? 'actor' : 'label';
}

function wordsOf(text: Element): string {
  const lines = [...text.querySelectorAll('tspan')];
  if (lines.length === 0) return text.textContent ?? '';
  return lines
    .map(
      (line, index) =>
        (index === 0 || line.hasAttribute('data-joined') ? '' : ' ') + (line.textContent ?? ''),
    )
    .join('');
}
