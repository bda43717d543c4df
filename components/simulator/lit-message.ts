/** Lights the message of a sequence diagram at which a step stands, and takes a click on a message to its step. */
import { type MessagePlace, messageAt, type Places } from '../../src/handbook/walk/index.ts';

export interface Lighting {
  readonly places: Places;
  readonly step: number;
  readonly onGo: (step: number) => void;
}

/** The drawings are the journey's, by `src/site/drawing`: their ids end in the level. Answers with how to stop. */
export function lightMessages(drawings: readonly SVGElement[], lighting: Lighting): () => void {
  const { places, step, onGo } = lighting;
  const undone = drawings.map((drawing) => {
    const level = drawing.id.endsWith('detail') ? 'detail' : 'overview';
    const all = places[level] ?? [];
    const parts = partsOf(drawing, all);
    const lit = parts[messageAt(all, step)];
    lit?.setAttribute('data-lit', '');
    if (lit !== undefined) keepInSight(lit);
    const click = ({ target }: Event) => {
      const part = (target as Element).closest('.message, .remark') ?? undefined;
      const message = part && all[parts.indexOf(part)];
      if (message !== undefined) onGo(message.step);
    };
    drawing.addEventListener('click', click);
    drawing.setAttribute('data-steps', '');
    return () => {
      lit?.removeAttribute('data-lit');
      drawing.removeEventListener('click', click);
    };
  });
  return () => {
    for (const undo of undone) undo();
  };
}

/** The drawn part of each message: arrows and notes are counted apart in a drawing. */
function partsOf(drawing: SVGElement, all: readonly MessagePlace[]): readonly (Element | undefined)[] {
  const arrows = drawing.querySelectorAll('.message');
  const notes = drawing.querySelectorAll('.remark');
  let arrow = 0;
  let note = 0;
  return all.map(({ isNote }) => (isNote ? notes[note++] : arrows[arrow++]));
}

/** Scrolls the drawing's own frame, and never the page. */
function keepInSight(part: Element): void {
  const frame = part.closest('.diagram-detail, .redrawn .diagram-frame');
  if (frame === null || frame.clientHeight === 0) return;
  const inside = frame.getBoundingClientRect();
  const place = part.getBoundingClientRect();
  const isBelow = place.bottom > inside.bottom;
  const isAbove = place.top < inside.top;
  if (isBelow || isAbove) frame.scrollTop += place.top - inside.top - inside.height / 2;
  const isBeside = place.right > inside.right || place.left < inside.left;
  if (isBeside && place.width < inside.width) frame.scrollLeft += place.left - inside.left - 16;
}
