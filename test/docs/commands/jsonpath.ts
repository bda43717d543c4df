/** What `kubectl get -o jsonpath` prints of an object: the part of its language that the pages use. */

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: string }
  | Range;
interface Range {
  readonly kind: 'range';
  readonly path: string;
  readonly inside: readonly Node[];
}

const unescaped: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t' };

/** Null where it is no jsonpath. */
function parse(template: string): readonly Node[] | null {
  const open: Node[][] = [[]];
  const ranges: string[] = [];
  for (const [whole, inside] of template.matchAll(/\{((?:"[^"]*"|[^{}"])*)\}|[^{]+|\{/g)) {
    if (whole === '{') return null;
    const here = open.at(-1) as Node[];
    if (inside === undefined) here.push({ kind: 'text', text: whole });
    else if (inside.startsWith('range ')) {
      ranges.push(inside.slice('range '.length).trim());
      open.push([]);
    } else if (inside === 'end') {
      const path = ranges.pop();
      const nodes = open.pop();
      if (path === undefined || nodes === undefined) return null;
      open.at(-1)?.push({ kind: 'range', path, inside: nodes });
    } else if (/^".*"$/.test(inside)) {
      here.push({
        kind: 'text',
        text: inside.slice(1, -1).replace(/\\[nt]/g, (one) => unescaped[one] ?? one),
      });
    } else here.push({ kind: 'path', path: inside });
  }
  return ranges.length > 0 ? null : (open[0] ?? null);
}

/** The parts of a path: `.a.b[*].c` and `ambient\.istio\.io/x`. Null where it is none. */
export function stepsOf(path: string): readonly string[] | null {
  const steps: string[] = [];
  let rest = path.replace(/^\$/, '');
  while (rest !== '') {
    const found = /^\.((?:\\.|[^.[\]\\])+)|^\[(\*|\d+)\]/.exec(rest);
    if (found === null) return null;
    steps.push(found[2] ?? (found[1] as string).replaceAll('\\', ''));
    rest = rest.slice(found[0].length);
  }
  return steps;
}

function valuesAt(value: unknown, steps: readonly string[]): readonly unknown[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if (step === '*') return Array.isArray(value) ? value.flatMap((one) => valuesAt(one, rest)) : [];
  const next = (value as Readonly<Record<string, unknown>> | null)?.[step];
  return next === undefined || next === null ? [] : valuesAt(next, rest);
}

const printed = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

export interface Printed {
  readonly text: string;
  /** Each path from the root, in the order of the template. */
  readonly paths: readonly string[];
}

/** What it prints, or null where the template is no jsonpath. */
export function printJsonPath(template: string, object: unknown): Printed | null {
  const nodes = parse(template);
  if (nodes === null) return null;
  const paths: string[] = [];
  let isRight = true;
  const print = (all: readonly Node[], from: unknown, above: string): string =>
    all
      .map((node): string => {
        if (node.kind === 'text') return node.text;
        const steps = stepsOf(node.path);
        if (steps === null) isRight = false;
        paths.push(above + node.path);
        const values = valuesAt(from, steps ?? []);
        return node.kind === 'path'
          ? values.map(printed).join(' ')
          : values.map((value) => print(node.inside, value, above + node.path)).join('');
      })
      .join('');
  const text = print(nodes, object, '');
  return isRight ? { text, paths } : null;
}
