/** The colours of code blocks: the same few as on the rest of the page, in both schemes. */

interface Palette {
  readonly name: string;
  readonly type: 'light' | 'dark';
  readonly ground: string;
  readonly ink: string;
  readonly faint: string;
  readonly chain: string;
  readonly envoy: string;
  readonly network: string;
  readonly accent: string;
  readonly differs: string;
  readonly wrong: string;
}

const light: Palette = {
  name: 'handbook-light',
  type: 'light',
  ground: '#f1f5f5',
  ink: '#182125',
  faint: '#5a6569',
  chain: '#29599f',
  envoy: '#7b3a8e',
  network: '#2e6540',
  accent: '#006678',
  differs: '#8b5511',
  wrong: '#b12725',
};

const dark: Palette = {
  name: 'handbook-dark',
  type: 'dark',
  ground: '#1c2124',
  ink: '#ebeff0',
  faint: '#99a4a8',
  chain: '#83b4f3',
  envoy: '#d7a5e6',
  network: '#8bd0a3',
  accent: '#6bd0db',
  differs: '#edbb6a',
  wrong: '#f98f87',
};

/** A TextMate theme, as Shiki reads it. */
function theme(p: Palette) {
  const rule = (foreground: string, ...scope: string[]) => ({ scope, settings: { foreground } });
  return {
    name: p.name,
    type: p.type,
    colors: { 'editor.background': p.ground, 'editor.foreground': p.ink },
    tokenColors: [
      { settings: { foreground: p.ink, background: p.ground } },
      rule(p.faint, 'comment', 'punctuation.definition.comment', 'punctuation'),
      rule(p.accent, 'keyword', 'storage', 'entity.other.attribute-name', 'variable.parameter'),
      rule(p.chain, 'entity.name', 'support.class', 'support.type', 'entity.name.tag', 'support.type.property-name'),
      rule(p.envoy, 'support.function', 'entity.name.function', 'keyword.control'),
      rule(p.network, 'string', 'punctuation.definition.string'),
      rule(p.differs, 'constant', 'constant.numeric', 'constant.language', 'support.constant'),
      rule(p.wrong, 'keyword.operator.negation', 'keyword.operator.logical', 'invalid'),
    ],
  };
}

export const codeThemes = [theme(light), theme(dark)];
