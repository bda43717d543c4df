/**
 * The net over statements on programs: a sentence with the name of one of them and a verb, outside of any `<Fact>`, is
 * a statement that nothing would check.
 */
import { besideAVerb, partNames, programNames, verbForms } from '../../words/index.ts';
import type { PageText } from './page-text.ts';
import { type ClaimProblem, problemAt } from './problem.ts';
import { beforeANoun, type PageSentence, sentencesOf, withRules } from './sentences.ts';

/** With a small letter or a capital: a name may begin a sentence. */
const eitherCase = (name: string): string =>
  name.replace(/^[a-z]/, (letter) => `[${letter}${letter.toUpperCase()}]`);
const programs = new RegExp(
  `(?<![\\w/.-])(?:${[...programNames, ...partNames].map(eitherCase).join('|')})s?(?![\\w/-]|\\.\\w)`,
  'g',
);
const withVerb = new RegExp(
  `(?<![\\w/.-])(?:${besideAVerb.join('|')})(?![\\w/-]|\\.\\w)(?:\\s+\\d[\\d.]*)?(?=\\s+([a-z]+))`,
  'g',
);
/** What has a default is a program of it. */
const product = new RegExp(`\\b(?:${besideAVerb.join('|')})\\b(?!-)`, 'g');
/** Of verbs, those that a rule or the kernel does: the engine has them. */
const engines =
  /\b(?:rules?|kernel|(?<!filter )chains?|nat|mangle|raw|conntrack|packets?|hooks?)(?:[ \t\n]+(?:alone|then|never|always))?[ \t\n]+$/i;
/** Whose user, group or port it is: the engine has them. */
const identity =
  /^[’']s?[ \t\n]+(?:own[ \t\n]+)?(?:user|uid|gid|group|number|calls?|queries|ports?|listeners?|socket|traffic|address)\b/;
/** Which way traffic goes is what paths say. */
const way = /\b(?:without|past|bypass|bypasses|through|meets?|reach|reaches|reached)[ \t\n]+$/i;
/** Which pods are meant. */
const whichPod = /\b(?:with|without|have|has)[ \t\n]+(?:an?|the|its|no)[ \t\n]+$/i;
const toThere = /\b(?:to|into|from|for|of)[ \t\n]+$/i;
const ofTheEngine = /\b(?:rules?|kernel|captur\w+|redirect\w*|rewritten|chain)\b/i;
const words = /[A-Za-z][\w’'-]*/g;

/** What is so by default is so by a program, whoever is named. */
const byDefault =
  /\b(?:by default|the default|default(?:s to| is| of)|(?:on|off|enabled|disabled) by default)\b/i;
/** A name, and right behind it a word in the form of he, she, it: whatever the verb is. */
const thirdPerson = new RegExp(
  `(?<![\\w/.-])(?:${[...programNames, ...besideAVerb].map(eitherCase).join('|')})[ \\t\\n]+(?:[a-z]+ly[ \\t\\n]+|then |also |always |never |just |even |only |still |again )?([a-z]{2,}[a-z](?<![su'’])s)(?=[ \\t\\n,.;)])`,
);
/** A cell that has a name and nothing else is the subject of the cell behind it. */
const nameAlone = new RegExp(
  `^[\\s*]*(?:${[...programNames, ...partNames, ...besideAVerb].map(eitherCase).join('|')})[\\s*]*\\|$`,
);

/** The program that a sentence names, and a verb: where it has both. */
function statementIn({
  text,
}: PageSentence): { readonly name: string; readonly verb: string; readonly at: number } | null {
  if (/\?\s*$/.test(text)) return null;
  const verb = verbIn(text);
  const ofDefault = byDefault.exec(text);
  if (ofDefault !== null && verb !== undefined && !ofTheEngine.test(text))
    return { name: ofDefault[0], verb, at: ofDefault.index };
  const third = thirdPerson.exec(text);
  if (third !== null && !beforeANoun.test(text.slice(0, third.index).replace(/\b(?:the|an?) *$/i, '')))
    return {
      name: third[0].slice(0, -(third[1] as string).length).trim(),
      verb: third[1] as string,
      at: third.index,
    };
  const byRules = ofTheEngine.test(text);
  const [named] = [...text.matchAll(programs)].filter(({ 0: name, index }) => {
    const before = text.slice(0, index);
    if (way.test(before) || identity.test(text.slice(index + name.length))) return false;
    if (/^sidecar/.test(name) && whichPod.test(before)) return false;
    return !(byRules && toThere.test(before));
  });
  if (named !== undefined && verb !== undefined) return { name: named[0], verb, at: named.index };
  const [ofDefaults] = /\bdefaults?\b/.test(text) ? text.matchAll(product) : [];
  if (ofDefaults !== undefined && verb !== undefined)
    return { name: ofDefaults[0], verb, at: ofDefaults.index };
  const [acting] = [...text.matchAll(withVerb)].filter(([, next = '']) => verbForms.has(next));
  return acting === undefined ? null : { name: acting[0], verb: acting[1] as string, at: acting.index };
}

/** What stands in the cell behind one with a name, as `| the proxy | takes 15 seconds |`. */
function ofNameAlone(name: string, { text }: PageSentence): ReturnType<typeof statementIn> {
  const verb = /^[\s*]*([a-z]+s)\b/.exec(text)?.[1];
  return verb === undefined || !verbForms.has(verb)
    ? null
    : { name: name.replace(/[\s*|]/g, ' ').trim(), verb, at: 0 };
}

function verbIn(text: string): string | undefined {
  for (const [at, { 0: word, index }] of [...text.matchAll(words)].entries()) {
    // "Use …", "Ask …": advice, which says what to do and not what is done.
    if (at === 0 && /^[A-Z]/.test(word) && !/(?:s|ed|ing)$/.test(word)) continue;
    if (beforeANoun.test(text.slice(0, index))) continue;
    if (!verbForms.has(word.toLowerCase().replaceAll('’', "'").replace(/^re-/, ''))) continue;
    if (!engines.test(text.slice(0, index))) return word;
  }
  return undefined;
}

/** A title is a question or a symptom, and a label is a short one. */
const title = /^\s*(?:title|label):/;

/** A sentence with the name of a program and a verb. */
export interface Statement {
  readonly name: string;
  readonly verb: string;
  /** Where the name stands in the whole. */
  readonly at: number;
  readonly sentence: PageSentence;
}

/** The sentences of a text that state something of a program. */
export function statementsIn(text: string): readonly Statement[] {
  const sentences = sentencesOf(text);
  return sentences.flatMap((sentence, nth) => {
    const before = sentences[nth - 1]?.text ?? '';
    const found = statementIn(sentence) ?? (nameAlone.test(before) ? ofNameAlone(before, sentence) : null);
    return found === null ? [] : [{ ...found, at: sentence.from + found.at, sentence }];
  });
}

/** Statements on programs that stand in no fact. */
export function checkStatements(
  file: string,
  source: string,
  { lines: read, tags }: Pick<PageText, 'lines' | 'tags'>,
): readonly ClaimProblem[] {
  const sources = source.split('\n');
  const head = sources[0] === '---' ? sources.indexOf('---', 1) : -1;
  const lines = read.map((line, at) =>
    at < head && title.test(sources[at] ?? '') ? ' '.repeat(line.length) : line,
  );
  const starts = lines.map((_, at) => lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0));
  return statementsIn(withRules(lines, tags, starts)).map(({ name, verb, at }) => {
    const line = starts.findLastIndex((start) => start <= at);
    return problemAt(
      file,
      { line: line + 1, column: at - (starts[line] as number) + 1 },
      `found a statement on a program that stands in no fact: "${name} … ${verb}"`,
      [
        'Write <Fact is="…" />, or <Fact is="…">your words</Fact>; the facts are in src/istio/facts.',
        'What is no statement can be said without the name, or in <Unchecked because="…">.',
      ],
    );
  });
}
