/**
 * Code blocks get classes instead of colours: `code.css` then colours them from the site's tokens, in light, dark
 * and print, and a strict content security policy has no inline style to forbid.
 */
import { iptables } from './iptables.ts';
import { nft } from './nft.ts';

const scopes = {
  comment: ['comment', 'punctuation.definition.comment'],
  command: ['keyword.control.command', 'keyword.control.jump', 'keyword.control.commit', 'punctuation'],
  option: ['variable.parameter', 'entity.other.attribute-name', 'constant.other.option'],
  name: ['entity.name', 'entity.name.tag', 'support.type.property-name'],
  target: ['support.function', 'keyword.other.verdict', 'keyword.other.policy'],
  text: ['string', 'punctuation.definition.string'],
  plain: ['entity.name.type.match', 'keyword.operator', 'constant'],
  negation: ['keyword.operator.negation', 'invalid'],
} as const;

/** A colour that nobody sees: it only carries which of the scopes it was. */
const names = Object.keys(scopes) as (keyof typeof scopes)[];
const stamp = (index: number): string => `#0000${(index + 1).toString(16).padStart(2, '0')}`;
const nameOf = new Map(names.map((name, index) => [stamp(index), name]));

const theme = {
  name: 'handbook',
  type: 'light' as const,
  colors: { 'editor.background': '#ffffff', 'editor.foreground': '#000000' },
  tokenColors: names.map((name, index) => ({
    scope: [...scopes[name]],
    settings: { foreground: stamp(index) },
  })),
};

interface Text {
  readonly type: 'text';
  value: string;
}

interface Element {
  readonly type: 'element';
  readonly properties: Record<string, unknown>;
  children: (Element | Text)[];
}

/** Pieces of one colour that follow each other, as one, and text of no colour as text: a page is shorter so. */
function joined(pieces: Element['children']): Element['children'] {
  const all: Element['children'] = [];
  for (const piece of pieces.flatMap(unwrapped)) {
    const last = all.at(-1);
    const text = textIn(piece);
    const end = last && textIn(last);
    if (text !== undefined && end !== undefined && colourOf(last) === colourOf(piece))
      end.value += text.value;
    else all.push(piece);
  }
  return all;
}

function colourOf(piece: Element | Text | undefined): unknown {
  return piece?.type === 'element' ? piece.properties.class : undefined;
}

function textIn(piece: Element | Text): Text | undefined {
  if (piece.type === 'text') return piece;
  const [only] = piece.children;
  return only?.type === 'text' ? only : undefined;
}

/** What has no colour of its own needs no element. */
function unwrapped(piece: Element | Text): Element['children'] {
  const isPlain = piece.type === 'element' && (colourOf(piece) ?? 'code-plain') === 'code-plain';
  return isPlain ? piece.children : [piece];
}

const transformer = {
  name: 'classes-for-colours',
  pre(node: Element) {
    delete node.properties.style;
    node.properties.class = 'code-block';
  },
  span(node: Element) {
    const colour = /color:(#\w{6})/i.exec(String(node.properties.style ?? ''))?.[1]?.toLowerCase();
    const name = colour === undefined ? undefined : nameOf.get(colour);
    delete node.properties.style;
    if (name !== undefined) node.properties.class = `code-${name}`;
  },
  code(node: Element) {
    // Its lines are told apart by their ends.
    const lines = node.children.flatMap((line) => (line.type === 'element' ? line.children : [line]));
    node.children = joined(lines);
  },
};

export const codeColours = {
  theme,
  langs: [iptables, nft],
  // A trace is words.
  langAlias: { trace: 'plaintext' },
  transformers: [transformer],
  wrap: false,
};
