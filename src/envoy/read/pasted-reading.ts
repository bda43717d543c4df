/** The reading of a text that somebody pasted: problems are put down, and what is secret is not shown. */
import { isSecretField, notShown, withoutKeys } from '../../netfilter/index.ts';
import type { ConfigProblem, Wanted } from '../model/problem.ts';
import { type ConfigReading, remembered } from './fields.ts';
import { mostNested, NestedTooDeep } from './values.ts';

type Message = Readonly<Record<string, unknown>>;

export class PastedReading implements ConfigReading {
  readonly problems: ConfigProblem[] = [];
  readonly shown = (key: string, value: unknown) => shown(key, value, 0);

  unreadable(where: string, found: unknown, wanted: Wanted): void {
    this.problems.push({ code: 'value unreadable', where, found: shortText(found), wanted });
  }
}

/** The value of a field, with what is secret in it left out; the same value where nothing is. */
function shown(key: string, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return isSecret(key) || value.includes('-----BEGIN ') ? notShown : value;
  if (typeof value !== 'object' || value === null) return isSecret(key) ? notShown : value;
  if (isSecret(key)) return notShown;
  if (depth > mostNested) throw new NestedTooDeep();
  if (Array.isArray(value)) {
    const items = value.map((one) => shown('', one, depth + 1));
    return items.some((one, at) => one !== value[at]) ? items : value;
  }
  let copy: Record<string, unknown> | null = null;
  for (const inner in value) {
    const one = (value as Message)[inner];
    const open = shown(inner, one, depth + 1);
    if (open === one) continue;
    copy ??= { ...value };
    copy[inner] = open;
  }
  return copy ?? value;
}

const isSecret = remembered(isSecretField);

function shortText(found: unknown): string {
  const isText = typeof found === 'string' || typeof found === 'number';
  const text = isText ? String(found) : (JSON.stringify(shown('', found, 0)) ?? String(found));
  return quotable(text, 60);
}

/** What a sentence quotes of a text, without what is secret in it. */
export function quotable(text: string, most: number): string {
  // What is cut off in the middle of a key is none to look at.
  const open = withoutKeys(text.slice(0, 100_000));
  return open.length > most ? `${open.slice(0, most)}…` : open;
}
