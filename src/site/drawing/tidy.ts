/**
 * Makes a sequence diagram out of what Mermaid drew: a third of the size, in reading order, named for assistive
 * technology, and without colours of its own. Only the DOM is used, so the page can do the same after a redraw.
 *
 *     svg.diagram > title, desc, defs
 *                   g.lifeline[data-actor]                    line.actor-line, rect.actor, text.actor
 *                   g.message[data-message, data-from, data-to]  text.messageText, .messageLine0 or 1, number
 *                   g.remark[data-kind]                          rect.note, text.noteText
 *
 * `data-message` counts the messages from 0, in order. A text of several lines is one `text` with a `tspan` a
 * line; `data-joined` on a line says that it goes on with the word in which the line before it ended.
 */
import type { StopKind } from '../../render/index.ts';
import type { DiagramNames, Drawing } from './drawing.ts';
import { diagramFont, unmarkHyphens } from './mermaid-settings.ts';

/** Below the last message, so that its arrow does not lie on the edge. */
const lastLineMargin = 8;
/** A message to oneself begins at its lifeline, right under its own text: the text makes room for the number. */
const selfMessageLift = 7;

const svgNamespace = 'http://www.w3.org/2000/svg';

/** The document's window: the page's own, or jsdom's. */
export interface DocumentWindow {
  readonly DOMParser: typeof DOMParser;
  readonly XMLSerializer: typeof XMLSerializer;
}

/** `drawn` is what `mermaid.render` answered, for a source that `markHyphens` has been through. */
export function tidyDiagram(drawn: string, names: DiagramNames, window: DocumentWindow): Drawing {
  const root = new window.DOMParser().parseFromString(renameStyles(drawn), 'text/html').querySelector('svg');
  if (root === null) throw new Error(`Mermaid answered without a drawing for ${names.id}.`);
  const box = (root.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const [left = 0, top = 0, width = 0, drawnHeight = 0] = box;
  const height = drawnHeight + lastLineMargin;

  const defs = element(root, 'defs');
  const behind: Element[] = [];
  const lifelines: Element[] = [];
  const notes: Element[] = [];
  const rest: Element[] = [];
  const messages: Element[] = [];
  let lines: Element[] = [];

  for (const part of [...root.children]) {
    const kind = part.getAttribute('data-et') ?? part.querySelector('[data-et]')?.getAttribute('data-et');
    if (part.localName === 'defs') defs.append(...part.children);
    else if (part.localName === 'style' || (part.localName === 'g' && part.childNodes.length === 0))
      part.remove();
    else if (part.matches('text.messageText')) lines.push(part);
    else if (part.matches('[data-et="message"]')) {
      messages.push(messageGroup(part, lines, messages.length));
      lines = [];
    } else if (part.matches('[marker-start$="-sequencenumber)"]')) part.remove();
    else if (part.matches('.sequenceNumber')) messages.at(-1)?.append(...number(part));
    else if (kind === 'participant' || kind === 'life-line') lifelines.push(lifeline(part, top + height));
    else if (kind === 'note') notes.push(note(part, names.noteKinds?.[notes.length]));
    else if (part.matches('rect')) behind.push(part);
    else rest.push(part);
  }

  for (const part of [...behind, ...rest])
    for (const each of [part, ...part.querySelectorAll('*')]) plain(each);
  for (const part of rest) joinAllLines(part);
  for (const child of [...defs.children]) if (!isReferenced(child, root, messages)) child.remove();
  for (const part of defs.querySelectorAll('marker > *')) arrowHead(part);

  lifelines.sort((a, b) => numberOf(a.querySelector('line'), 'x1') - numberOf(b.querySelector('line'), 'x1'));
  root.replaceChildren(
    named(root, 'title', `${names.id}-title`, names.title),
    named(root, 'desc', `${names.id}-desc`, names.description),
    ...(defs.children.length > 0 ? [defs] : []),
    ...behind,
    ...lifelines,
    ...rest,
    ...inReadingOrder(messages, notes),
  );
  keepOnlyShapes(root);
  for (const name of root.getAttributeNames()) root.removeAttribute(name);
  const attributes = {
    xmlns: svgNamespace,
    id: names.id,
    class: 'diagram',
    role: 'img',
    'aria-labelledby': `${names.id}-title ${names.id}-desc`,
    viewBox: [left, top, width, height].join(' '),
    width,
    height,
    'font-family': `${diagramFont.family}, sans-serif`,
    'font-size': diagramFont.size,
    fill: 'currentColor',
  };
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns') root.setAttribute(name, String(value));
  }
  return { svg: new window.XMLSerializer().serializeToString(root), width, height };
}

/**
 * A style attribute is an error under a strict content security policy even in a document that nobody sees.
 * Text holds no bare "<", and attributes no text of ours: what looks like a tag is one.
 */
function renameStyles(drawn: string): string {
  return drawn.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replaceAll(' style="', ' data-style="'));
}

const shapes = 'svg,title,desc,defs,marker,g,line,rect,circle,path,polygon,text,tspan';

/** Nothing that could run, load or lead anywhere, whatever the source said. */
function keepOnlyShapes(root: Element): void {
  for (const part of root.querySelectorAll('*')) {
    if (!part.matches(shapes)) part.remove();
    for (const name of part.getAttributeNames()) {
      if (/^on|href$/i.test(name) || name === 'data-style') part.removeAttribute(name);
    }
  }
}

function messageGroup(line: Element, lines: readonly Element[], index: number): Element {
  const group = element(line, 'g');
  group.setAttribute('class', 'message');
  group.setAttribute('data-message', String(index));
  copyAttributes(line, group, ['data-from', 'data-to']);
  const isSolid = line.matches('.messageLine0');
  for (const name of ['data-et', 'data-id', 'data-from', 'data-to', 'data-style']) line.removeAttribute(name);
  line.setAttribute('stroke', 'currentColor');
  line.setAttribute('stroke-width', '1.5');
  if (line.localName === 'path') {
    line.setAttribute('fill', 'none');
    line.removeAttribute('x1');
  }
  if (!isSolid) line.setAttribute('stroke-dasharray', '3 3');
  const text = joinLines(lines);
  if (line.localName === 'path') moveLines(text, () => -selfMessageLift);
  group.append(text, line);
  return group;
}

/** Mermaid hides the number's disc in a marker, which vanishes when a style sheet sets no stroke width. */
function number(text: Element): Element[] {
  const disc = element(text, 'circle');
  const attributes = {
    class: 'sequenceDisc',
    cx: text.getAttribute('x') ?? '0',
    cy: String(numberOf(text, 'y') - 4),
    r: (text.textContent ?? '').length > 2 ? '12' : '8',
    fill: 'currentColor',
  };
  for (const [name, value] of Object.entries(attributes)) disc.setAttribute(name, value);
  text.removeAttribute('font-family');
  text.setAttribute('fill', 'Canvas');
  text.setAttribute('font-size', '12');
  return [disc, text];
}

function lifeline(part: Element, bottom: number): Element {
  const line = part.querySelector('line');
  const group = element(part, 'g');
  group.setAttribute('class', 'lifeline');
  group.setAttribute('data-actor', line?.getAttribute('data-id') ?? '');
  if (line !== null) {
    keepAttributes(line, ['x1', 'y1', 'x2']);
    line.setAttribute('y2', String(bottom));
    line.setAttribute('class', 'actor-line');
    line.setAttribute('stroke', 'currentColor');
    line.setAttribute('stroke-width', '0.5');
    group.append(line);
  }
  for (const rect of [...part.querySelectorAll('rect')]) {
    keepAttributes(rect, ['x', 'y', 'width', 'height', 'rx']);
    rect.setAttribute('class', 'actor');
    outline(rect);
    group.append(rect);
  }
  const label = joinLines([...part.querySelectorAll('text')]);
  label.setAttribute('class', 'actor');
  // Mermaid sets the lines of a name a font size apart, and all other lines a line's height.
  const { size, lineHeight } = diagramFont;
  moveLines(label, (index, count) => (index - (count - 1) / 2) * (lineHeight - size));
  group.append(label);
  return group;
}

function note(part: Element, kind: StopKind | undefined): Element {
  const group = element(part, 'g');
  group.setAttribute('class', 'remark');
  if (kind !== undefined) group.setAttribute('data-kind', kind);
  for (const rect of [...part.querySelectorAll('rect')]) {
    keepAttributes(rect, ['x', 'y', 'width', 'height']);
    rect.setAttribute('class', 'note');
    outline(rect);
    group.append(rect);
  }
  group.append(joinLines([...part.querySelectorAll('text')]));
  return group;
}

/** Loops, alternatives and boxes hold several texts: lines that follow one another in one class are one text. */
function joinAllLines(part: Element): void {
  const texts: Element[][] = [];
  for (const line of part.querySelectorAll('text')) {
    const before = texts.at(-1)?.at(-1);
    const goesOn =
      before === line.previousElementSibling && before?.getAttribute('class') === line.getAttribute('class');
    if (before !== undefined && goesOn) texts.at(-1)?.push(line);
    else texts.push([line]);
  }
  for (const lines of texts) {
    const parent = lines[0]?.parentElement;
    const next = lines.at(-1)?.nextElementSibling ?? null;
    parent?.insertBefore(joinLines(lines), next);
  }
}

/** One `text` out of Mermaid's one for each line. Baselines become coordinates that every renderer reads alike. */
function joinLines(lines: readonly Element[]): Element {
  const [first] = lines;
  if (first === undefined) throw new Error('Mermaid drew a message, a note or a lifeline without any text.');
  const text = element(first, 'text');
  const className = first.getAttribute('class');
  if (className !== null) text.setAttribute('class', className.split(' ')[0] ?? '');
  const anchor =
    /text-anchor: *(\w+)/.exec(first.getAttribute('data-style') ?? '')?.[1] ??
    first.getAttribute('text-anchor');
  if (anchor !== null) text.setAttribute('text-anchor', anchor);
  const isSingle = lines.length === 1;
  let joined = false;
  for (const line of lines) {
    const words = unmarkHyphens(line.textContent?.replaceAll('\u200b', '') ?? '');
    const place = isSingle ? text : text.appendChild(element(first, 'tspan'));
    place.setAttribute('x', line.getAttribute('x') ?? '0');
    place.setAttribute('y', String(baseline(line)));
    if (joined) place.setAttribute('data-joined', '');
    // A line that stands alone was not broken: its last hyphen is its own.
    place.textContent = isSingle && words.joined ? `${words.text}-` : words.text;
    joined = words.joined;
    line.remove();
  }
  return text;
}

function moveLines(text: Element, by: (index: number, count: number) => number): void {
  const lines = text.children.length > 0 ? [...text.children] : [text];
  lines.forEach((line, index) => {
    line.setAttribute('y', String(rounded(numberOf(line, 'y') + by(index, lines.length))));
  });
}

/** Where the letters stand: what `dy` and `dominant-baseline` come to in the shipped font. */
function baseline(line: Element): number {
  let y = numberOf(line, 'y');
  for (const each of [line, line.querySelector('tspan')]) {
    const shift = each?.getAttribute('dy') ?? '0';
    y += Number.parseFloat(shift) * (shift.endsWith('em') ? diagramFont.size : 1);
  }
  // Inter: the middle of x-height, and the middle of ascent and descent, above the baseline, in ems.
  const raised = line.getAttribute('dominant-baseline');
  const raise = raised === 'middle' ? 0.273 : raised === 'central' ? 0.364 : 0;
  return rounded(y + raise * diagramFont.size);
}

/** Notes are drawn first and messages last: here they stand as they follow one another on the way down. */
function inReadingOrder(messages: readonly Element[], notes: readonly Element[]): Element[] {
  const top = (part: Element): number => numberOf(part.querySelector('[y]'), 'y');
  const waiting = [...notes].sort((a, b) => top(a) - top(b));
  const order: Element[] = [];
  for (const message of messages) {
    const place = top(message.querySelector('text') ?? message) || top(message);
    while (waiting[0] !== undefined && top(waiting[0]) < place) order.push(...waiting.splice(0, 1));
    order.push(message);
  }
  return [...order, ...waiting];
}

function isReferenced(definition: Element, root: Element, groups: readonly Element[]): boolean {
  const url = `url(#${definition.id})`;
  return [...groups, root].some(
    (group) => group.querySelector(`[marker-start="${url}"], [marker-end="${url}"]`) !== null,
  );
}

/** Colours and fonts go, places and the names for the style sheet stay. */
function plain(part: Element): void {
  const dashed = /dasharray/.test(part.getAttribute('data-style') ?? '');
  for (const name of ['data-style', 'fill', 'stroke', 'data-et', 'data-id', 'alignment-baseline', 'name']) {
    if (part.localName !== 'text' || name === 'data-et' || name === 'data-id') part.removeAttribute(name);
  }
  if (dashed) part.setAttribute('stroke-dasharray', '3 3');
  if (part.matches('line, polygon')) outline(part);
  if (part.matches('rect')) keepShade(part);
}

function arrowHead(shape: Element): void {
  const isLine = shape.getAttribute('fill') === 'none';
  for (const name of ['data-style', 'fill', 'stroke']) shape.removeAttribute(name);
  if (!isLine) return;
  shape.setAttribute('fill', 'none');
  shape.setAttribute('stroke', 'currentColor');
}

/** A stretch of the diagram, a box or an activation, seen through. */
function keepShade(rect: Element): void {
  rect.setAttribute('fill', 'currentColor');
  rect.setAttribute('fill-opacity', '0.06');
}

/** What is seen without any style sheet; the system colour is the ground's, light or dark. */
function outline(shape: Element): void {
  shape.setAttribute('fill', shape.matches('line, path') ? 'none' : 'Canvas');
  shape.setAttribute('stroke', 'currentColor');
}

function element(near: Element, name: string): Element {
  return near.ownerDocument.createElementNS(svgNamespace, name);
}

function named(root: Element, name: 'title' | 'desc', id: string, text: string): Element {
  const child = element(root, name);
  child.setAttribute('id', id);
  child.textContent = text;
  return child;
}

function keepAttributes(part: Element, kept: readonly string[]): void {
  for (const name of part.getAttributeNames()) if (!kept.includes(name)) part.removeAttribute(name);
}

function copyAttributes(from: Element, to: Element, names: readonly string[]): void {
  for (const name of names) {
    const value = from.getAttribute(name);
    if (value !== null) to.setAttribute(name, value);
  }
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function numberOf(part: Element | null, name: string): number {
  return Number(part?.getAttribute(name) ?? 0);
}
