/**
 * What nobody but the owner is to read: values of environment variables, passwords, tokens, keys. Each becomes the same
 * word wherever it stands. What says which rules a pod has stays: Istio's own variables, true and false.
 */
import { optionOfVariable } from '../../istio/index.ts';
import { secretForms, secretWords } from '../../netfilter/index.ts';

/** Replaces in any text what was found in one. */
export function secretsReplacedOf(text: string): (text: string) => string {
  const words = new Map<string, string>();
  const loud = new Set<string>();
  const wordFor = (secret: string) => {
    const word = words.get(secret) ?? `secret-${words.size + 1}`;
    words.set(secret, word);
    return word;
  };
  const replaced = (other: string): string => {
    let now = withoutData(withoutEnvironment(other, wordFor), wordFor);
    for (const pattern of loudly)
      now = now.replace(pattern, (all, before: string, secret: string, after: string) => {
        if (isHarmless(secret) || secret.startsWith('secret-')) return all;
        if (secret.length >= 8 && !secret.includes('\n')) loud.add(secret);
        return `${before}${wordFor(secret)}${lineEnds(secret)}${after}`;
      });
    return now;
  };
  replaced(text);
  const again = [...loud].sort((one, other) => other.length - one.length).slice(0, mostRepeated);
  if (again.length === 0) return replaced;
  const either = again.map((one) => one.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const repeated = new RegExp(`(?<![\\w-])(?:${either})(?![\\w-])`, 'g');
  return (other) => replaced(other).replace(repeated, wordFor);
}

/** Secrets that are looked for in the whole text, too. */
const mostRepeated = 500;

type WordFor = (secret: string) => string;

function isHarmless(value: string): boolean {
  return /^(?:true|false|null|""|''|)$/i.test(value.trim());
}

/** Lines stay where they are. */
function lineEnds(text: string): string {
  return '\n'.repeat(text.split('\n').length - 1);
}

function withoutEnvironment(text: string, wordFor: WordFor): string {
  const worded = (name: string, value: string): string | null => {
    const plain = value.trim().replace(/^(["'])(.*)\1$/s, '$2');
    return optionOfVariable(name) !== undefined || isHarmless(plain) ? null : wordFor(plain);
  };
  return text
    .replace(
      // A pod's YAML; a value goes on in lines that stand further in.
      /^( *(?:- )?name: *["']?([\w.-]+)["']?[^\S\n]*\n( *)value:)((?:[^\S\n]+.*)?(?:\n\3 +.*|\n(?=\n*\3 ))*)/gm,
      (all, before: string, name: string, _: string, value: string) => {
        const word = worded(name, value);
        return word === null ? all : `${before} ${word}${lineEnds(value)}`;
      },
    )
    .replace(
      /^( *- value:)(.*)(\n *name: *["']?([\w.-]+))/gm,
      (all, before: string, value: string, after: string, name: string) => {
        const word = worded(name, value);
        return word === null ? all : `${before} ${word}${after}`;
      },
    )
    .replace(
      /("name"\s*:\s*"([\w.-]+)"\s*,\s*"value"\s*:\s*")((?:[^"\\]|\\.)*)/g,
      (all, before: string, name: string, value: string) => {
        const word = worded(name, value);
        return word === null ? all : `${before}${word}`;
      },
    )
    .replace(
      // JSON in a text of JSON.
      /(\\"name\\"\s*:\s*\\"([\w.-]+)\\"\s*,\s*\\"value\\"\s*:\s*\\")((?:[^"\\]|\\\\.|\\[^"\\])*)/g,
      (all, before: string, name: string, value: string) => {
        const word = worded(name, value);
        return word === null ? all : `${before}${word}`;
      },
    )
    .replace(
      // What kubectl describe prints.
      /^( +)Environment:[^\S\n]*\n((?:\1 +[\w.-]+:.*\n)+)/gm,
      (all) =>
        all.replace(
          /^( +([\w.-]+): +)(?!<)(\S.*)$/gm,
          (line, before: string, name: string, value: string) => {
            const word = worded(name, value);
            return word === null ? line : `${before}${word}`;
          },
        ),
    );
}

/** Of an object, for which kind it is. */
const farthest = 300;

/** The data of Secrets, alone and in lists. */
function withoutData(text: string, wordFor: WordFor): string {
  if (!/^ *(?:- )?kind: Secret\b/m.test(text)) return text;
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    const depth = /^( *(?:- )?)(?:data|stringData):\s*$/.exec(line)?.[1]?.length;
    if (depth === undefined || !isSecret(lines, at, depth)) continue;
    for (let below = at + 1; below < lines.length; below++) {
      const inner = lines[below] ?? '';
      const entry = /^( +)([\w.-]+:)( *)(\S.*)?$/.exec(inner);
      if (inner.trim() !== '' && inner.search(/\S/) <= depth) break;
      const value = entry === null ? inner : (entry[4] ?? '');
      if (isHarmless(value) || /^[|>][-+\d]*$/.test(value)) continue;
      const before =
        entry === null ? ' '.repeat(Math.max(0, inner.search(/\S/))) : `${entry[1]}${entry[2]}${entry[3]}`;
      lines[below] = `${before}${wordFor(value.trim())}`;
    }
  }
  return lines.join('\n');
}

/** Whether the keys at this depth, in the same object, say so. */
function isSecret(lines: readonly string[], at: number, depth: number): boolean {
  for (const step of [-1, 1]) {
    let isFirst = step < 0 && /^ *- /.test(lines[at] ?? '');
    for (let line = at + step; Math.abs(line - at) < farthest && !isFirst; line += step) {
      const text = lines[line];
      const indent = text?.replace(/^( *)- /, '$1  ').search(/\S/) ?? -2;
      if (text === undefined || text.startsWith('---') || (indent >= 0 && indent < depth)) break;
      const begins = /^ *- /.test(text) && indent === depth;
      if (begins && step > 0) break;
      if (indent === depth && /^ *(?:- )?kind: Secret\b/.test(text)) return true;
      isFirst = begins;
    }
  }
  return false;
}

const secretName = `[\\w.-]*(?:${secretWords})[\\w.-]*`;

/** Before it, the secret, behind it. */
const loudly: readonly RegExp[] = [
  /(-----BEGIN [A-Z ]+-----)((?:(?!-----)[\s\S])+)(-----END)/g,
  /(["']?inline_?[bB]ytes["']?: *["']?)([\w+/=]{40,})()/g,
  /(:\/\/[^\s/:@"']+:)([^\s/@"']+)(@)/g,
  /(\b(?:Bearer|Basic) +)([\w.~+/=-]{8,})()/g,
  new RegExp(`()(\\b(?:${secretForms}))()`, 'g'),
  // What has spaces: in quotes, or a line of `env`.
  new RegExp(`(\\b${secretName}=")([^"\\\\\\n]+)(")`, 'gi'),
  new RegExp(`(\\b${secretName}=')([^'\\n]+)(')`, 'gi'),
  new RegExp(`(["']${secretName}=)([^"'\\\\\\n]+)()`, 'gi'),
  new RegExp(`(^[ \\t]*${secretName}=)([^\\s"'<$].*)()`, 'gim'),
  new RegExp(`(\\b${secretName}\\\\?["']?[^\\S\\n]*[=:][^\\S\\n]*\\\\?["']?)([^\\s"',;\\\\<{[]{4,})()`, 'gi'),
  new RegExp(`(--[\\w-]{0,40}(?:${secretWords})[= ]["']?)([^\\s"']+)()`, 'gi'),
];
