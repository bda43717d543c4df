/** Every claim of a page, altered in turn: what the net must catch. */
import { chainNamed, isClaimTag, readFences, standsAround } from '../../src/handbook/claims/index.ts';
import { separator } from '../../src/render/index.ts';
import { type FactMutationKind, factMutations } from './fact-mutations.ts';

export interface Mutation {
  /** What was altered, in a word. */
  readonly kind:
    | 'number'
    | 'chain'
    | 'order'
    | 'stop'
    | 'leg'
    | 'rule'
    | 'name'
    | 'verdict'
    | 'bare'
    | 'port'
    | 'condition'
    | 'passage'
    | FactMutationKind;
  /** Where the net has to find it. */
  readonly line: number;
  readonly source: string;
  readonly from: string;
  readonly to: string;
}

/** The fences that the engine writes. */
const written = /^(?:path|iptables|iptables-save|nft|trace)$/;

export function mutationsOf(source: string): readonly Mutation[] {
  const all = [
    ...fenceMutations(source),
    ...tagMutations(source),
    ...codeMutations(source),
    ...passageMutations(source),
    ...factMutations(source),
  ];
  return all.filter((mutation) => mutation.source !== source);
}

function fenceMutations(source: string): readonly Mutation[] {
  return readFences(source)
    .filter(({ language }) => written.test(language))
    .flatMap(({ language, line: opening, body }) =>
      body.flatMap((text, at) => {
        const line = opening + 1 + at;
        const alter = (kind: Mutation['kind'], to: string): Mutation => ({
          kind,
          line,
          from: text,
          to,
          source: withLine(source, line, to),
        });
        const numbers = [...text.matchAll(/\d+/g)].map(({ 0: digits, index }) =>
          alter(
            language === 'path' ? 'number' : 'rule',
            `${text.slice(0, index)}${Number(digits) + 1}${text.slice(index + digits.length)}`,
          ),
        );
        if (language !== 'path') return numbers;
        const stops = text.split(separator);
        const join = (altered: readonly string[]) => altered.join(separator);
        const swapped = stops.slice(1).map((_, index) => {
          const altered = [...stops];
          altered.splice(index, 2, stops[index + 1] as string, stops[index] as string);
          return alter('order', join(altered));
        });
        const dropped = stops.map((_, index) =>
          alter('stop', join(stops.filter((_, other) => other !== index))),
        );
        const doubled = stops.map((stop, index) => alter('stop', join(stops.toSpliced(index, 0, stop))));
        const renamed = stops.flatMap((stop, index) =>
          ['ISTIO_INBOUND', 'ISTIO_OUTPUT', 'ISTIO_REDIRECT', 'ISTIO_IN_REDIRECT']
            .filter((chain) => typeof chainNamed(chain) !== 'string')
            .map((chain) => stop.replace(/^ISTIO_\w+/, chain))
            .filter((altered) => altered !== stop)
            .map((altered) => alter('chain', join(stops.toSpliced(index, 1, altered)))),
        );
        const doors = stops.flatMap((stop, index) =>
          /^(?:Envoy|app|pilot-agent) /.test(stop)
            ? [alter('name', join(stops.toSpliced(index, 1, stop.replace(/^\S+/, 'nobody'))))]
            : [],
        );
        const added: Mutation = {
          kind: 'leg',
          line,
          from: '',
          to: text,
          source: source
            .split('\n')
            .toSpliced(line - 1, 0, `${text}${separator}OUTPUT`)
            .join('\n'),
        };
        return [...numbers, ...swapped, ...dropped, ...doubled, ...renamed, ...doors, added];
      }),
    );
}

/** Each name in a tag misspelt, each verdict turned around, each tag written out by hand. */
function tagMutations(source: string): readonly Mutation[] {
  const inFence = new Set(readFences(source).flatMap(({ line, body }) => body.map((_, at) => line + 1 + at)));
  return source.split('\n').flatMap((text, at) => {
    const line = at + 1;
    if (inFence.has(line) || text.startsWith('import ')) return [];
    const alter = (kind: Mutation['kind'], index: number, from: string, to: string): Mutation => ({
      kind,
      line,
      from,
      to,
      source: withLine(source, line, text.slice(0, index) + to + text.slice(index + from.length)),
    });
    const names = [...text.matchAll(/<(\w+) (\w+)=(?:"([^"]*)"|\{(\d+)\})[^>]*>/g)].flatMap((found) => {
      const [whole, tag = '', attribute = '', name, number] = found;
      if (!isClaimTag(tag) || standsAround(tag)) return [];
      const from = name === undefined ? `${attribute}={${number}}` : `${attribute}="${name}"`;
      const to = name === undefined ? `${attribute}={${Number(number) + 100}}` : `${attribute}="${name}x"`;
      return [alter('name', found.index + whole.indexOf(from), from, to)];
    });
    const verdicts = [...text.matchAll(/says="(holds|errs)"/g)].map((found) =>
      alter('verdict', found.index, found[0], `says="${found[1] === 'holds' ? 'errs' : 'holds'}"`),
    );
    const written: Readonly<Record<string, string>> = {
      Rule: 'rule 4',
      Chain: 'ISTIO_OUTPUT',
      Count: 'nine rules',
      Mark: '1338',
      Port: '15006',
      Uid: 'uid 1337',
      Release: 'Istio 1.17',
      Option: 'traffic.sidecar.istio.io/excludeInboundPorts',
    };
    const bare = [...text.matchAll(/<(Rule|Chain|Count|Mark|Port|Uid|Release|Option)\b[^>]*\/>/g)].map(
      (found) => alter('bare', found.index, found[0], written[found[1] as string] as string),
    );
    return [...names, ...verdicts, ...bare];
  });
}

/** Each port of Istio in a command made one that nobody has. */
function codeMutations(source: string): readonly Mutation[] {
  return readFences(source)
    .filter(({ language }) => !written.test(language))
    .flatMap(({ line: opening, body }) =>
      body.flatMap((text, at) =>
        [...text.matchAll(/(?<![\d.])15\d{3}(?![\d.])/g)].map(({ 0: from, index }): Mutation => {
          const line = opening + 1 + at;
          const to = String(Number(from) + 100);
          const altered = text.slice(0, index) + to + text.slice(index + from.length);
          return { kind: 'port', line, from, to, source: withLine(source, line, altered) };
        }),
      ),
    );
}

/** Each condition of a passage misspelt, in its name and in its value, and each passage left open. */
function passageMutations(source: string): readonly Mutation[] {
  const at = (index: number) => source.slice(0, index).split('\n').length;
  const conditions = [...source.matchAll(/<Where\s+(\w+)="([^"]*)"/g)].flatMap(
    ({ 0: whole, 1: name = '', 2: value = '', index }) => {
      const start = index + whole.length - `${name}="${value}"`.length;
      return [`${name}x="${value}"`, `${name}="x${value}"`, `${name}="${value}x"`, `${name}=""`].map(
        (to): Mutation => ({
          kind: 'condition',
          line: at(start),
          from: `${name}="${value}"`,
          to,
          source: source.slice(0, start) + to + source.slice(index + whole.length),
        }),
      );
    },
  );
  const opened = [...source.matchAll(/<Where\b/g)];
  const last = opened.at(-1);
  const closing = source.lastIndexOf('</Where>');
  const open: readonly Mutation[] =
    last === undefined
      ? []
      : [
          {
            kind: 'passage',
            line: at(last.index),
            from: '</Where>',
            to: '',
            source: source.slice(0, closing) + source.slice(closing + '</Where>'.length),
          },
        ];
  return [...conditions, ...open];
}

function withLine(source: string, line: number, text: string): string {
  return source
    .split('\n')
    .toSpliced(line - 1, 1, text)
    .join('\n');
}
