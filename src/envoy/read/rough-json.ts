/**
 * JSON as people paste it: with remarks and "..." in it, commas too many, its end or its beginning lost, blanks and
 * quotes of a web page. It is read only where JSON.parse fails, and slower.
 */
import type { ConfigProblem } from '../model/problem.ts';
import { lineAndColumn, mostNested, type Values } from './values.ts';

/** Lists whose items stand for themselves: of one that is cut off its whole items are kept. */
const ofItems =
  /^(?:configs|(?:static|dynamic)_?(?:active_?|warming_?)?(?:listeners|clusters|secrets|(?:route|endpoint)_?configs)|listeners|clusters|routes|endpoints|cluster_?statuses)$/i;

export function readRoughJson(text: string): Values {
  return new RoughReading(text).read();
}

/** `isWhole` is false where the text ended in it; `undefined` is left out. */
interface Read {
  readonly value: unknown;
  readonly isWhole: boolean;
}

class RoughReading {
  readonly #text: string;
  readonly #problems: ConfigProblem[] = [];
  readonly #values: unknown[] = [];
  #at = 0;
  /** Where what is no JSON begins: nothing behind it is read. */
  #broken: number | null = null;
  #isLeftOut = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Values {
    let members: Map<string, unknown> | null = null;
    let lost: number | null = null;
    for (this.#skip(); !this.#isOver(); this.#skip()) {
      const from = this.#at;
      const letter = this.#text[from];
      if (letter === '}' || letter === ']') {
        // What was open before the text began: of it only lists are kept that stand for themselves.
        lost ??= from;
        if (members !== null) this.#keepLists(members);
        members = null;
        this.#at++;
        continue;
      }
      const name = this.#memberName();
      const { value, isWhole } = this.#value(name ?? '', 0);
      if (name === null) {
        if (value !== undefined) this.#values.push(value);
      } else {
        lost ??= from;
        members ??= new Map();
        if (value !== undefined) members.set(name, value);
      }
      if (!isWhole) break;
    }
    if (members !== null) this.#values.push(Object.fromEntries(members));
    if (lost !== null)
      this.#problems.push({ code: 'text begins too late', line: lineAndColumn(this.#text, lost).line });
    if (this.#broken !== null)
      this.#problems.push({ code: 'not JSON', ...lineAndColumn(this.#text, this.#broken) });
    return { values: this.#values, problems: this.#problems };
  }

  #keepLists(members: ReadonlyMap<string, unknown>): void {
    for (const [name, value] of members) if (ofItems.test(name)) this.#values.push({ [name]: value });
  }

  #isOver(): boolean {
    return this.#broken !== null || this.#at >= this.#text.length;
  }

  /** Blanks, commas, remarks, and what stands for something left out. */
  #skip(): void {
    const between = /(?:[\s,\u200b]|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    for (;;) {
      between.lastIndex = this.#at;
      between.exec(this.#text);
      this.#at = between.lastIndex;
      const dots = /\.{3,}|…/y;
      dots.lastIndex = this.#at;
      if (dots.exec(this.#text) === null) return;
      if (!this.#isLeftOut)
        this.#problems.push({ code: 'left out', line: lineAndColumn(this.#text, this.#at).line });
      this.#isLeftOut = true;
      this.#at = dots.lastIndex;
    }
  }

  /** The name of a member, with its colon; null where a value stands. */
  #memberName(): string | null {
    const from = this.#at;
    const name = this.#string();
    if (name === null) return null;
    this.#blanks();
    if (this.#text[this.#at] === ':') {
      this.#at++;
      return name;
    }
    this.#at = from;
    return null;
  }

  #blanks(): void {
    const blank = /\s*/y;
    blank.lastIndex = this.#at;
    blank.exec(this.#text);
    this.#at = blank.lastIndex;
  }

  #string(): string | null {
    const found = /"((?:[^"\\\n]|\\[^\n])*)"|[“”„]((?:[^“”\\\n]|\\[^\n])*)[“”]/y;
    found.lastIndex = this.#at;
    const read = found.exec(this.#text);
    if (read === null) return null;
    this.#at = found.lastIndex;
    try {
      return JSON.parse(`"${read[1] ?? read[2]?.replaceAll('"', '\\"') ?? ''}"`) as string;
    } catch {
      return read[1] ?? read[2] ?? '';
    }
  }

  #value(name: string, depth: number): Read {
    this.#skip();
    if (this.#at >= this.#text.length) return this.#cut(undefined);
    const letter = this.#text[this.#at];
    // Where "..." stood for the value.
    if (letter === '}' || letter === ']') return { value: undefined, isWhole: true };
    if (letter === '{' || letter === '[') {
      if (depth >= mostNested) return this.#break();
      this.#at++;
      return letter === '{' ? this.#object(name, depth) : this.#list(name, depth);
    }
    const text = this.#string();
    if (text !== null) return { value: text, isWhole: true };
    const word = /-?\d[\d.eE+-]*|true|false|null/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.#text)?.[0];
    // A member behind "...", which stood for the value of the one before.
    if (found === undefined) return this.#break();
    this.#at = word.lastIndex;
    try {
      return { value: JSON.parse(found), isWhole: true };
    } catch {
      return { value: found, isWhole: true };
    }
  }

  #object(name: string, depth: number): Read {
    const members = new Map<string, unknown>();
    // Of one that is cut off the lists that stand for themselves are kept, where it holds them.
    const cut = (): Read => {
      const lists = [...members.keys()].filter((one) => ofItems.test(one));
      const isKept = lists.length > 0 && (depth === 0 || name === 'configs');
      return this.#cut(isKept ? Object.fromEntries(members) : undefined);
    };
    for (;;) {
      this.#skip();
      if (this.#isOver()) return cut();
      if (this.#text[this.#at] === '}') {
        this.#at++;
        return { value: Object.fromEntries(members), isWhole: true };
      }
      const member = this.#memberName();
      if (member === null) {
        this.#break();
        return cut();
      }
      const read = this.#value(member, depth + 1);
      if (read.value !== undefined) members.set(member, read.value);
      if (!read.isWhole) return cut();
    }
  }

  #list(name: string, depth: number): Read {
    const value: unknown[] = [];
    const isKept = depth === 0 || ofItems.test(name);
    for (;;) {
      this.#skip();
      if (this.#isOver()) return this.#cut(isKept ? value : undefined);
      if (this.#text[this.#at] === ']') {
        this.#at++;
        return { value, isWhole: true };
      }
      if (this.#text[this.#at] === '}') {
        this.#break();
        return this.#cut(isKept ? value : undefined);
      }
      const read = this.#value(name, depth + 1);
      if (read.value !== undefined) value.push(read.value);
      if (!read.isWhole) return this.#cut(isKept ? value : undefined);
    }
  }

  #cut(value: unknown): Read {
    if (this.#broken === null && !this.#problems.some(({ code }) => code === 'text cut off'))
      this.#problems.push({ code: 'text cut off', ...lineAndColumn(this.#text, this.#text.length) });
    return { value, isWhole: false };
  }

  #break(): Read {
    // At the end of the text it is a text or a word that was cut off.
    const rest = this.#text.slice(this.#at, this.#at + 100_000).trimEnd();
    if (/^(?:"[^\n]*|[\w.+-]*)$/.test(rest)) {
      this.#at = this.#text.length;
      return this.#cut(undefined);
    }
    this.#broken ??= this.#at;
    return { value: undefined, isWhole: false };
  }
}
