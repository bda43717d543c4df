/** The commands in a shell text: each program that it would start, with its arguments, whatever they are joined by. */

/** A word, with the commands of `$(…)` in it. */
export interface Word {
  readonly text: string;
  /** It has a variable of the shell or a substitution, which only a shell knows. */
  readonly isOpen: boolean;
}

export interface Command {
  readonly words: readonly Word[];
  /** Counted from 0 within the text. */
  readonly line: number;
}

const keywords = new Set(['do', 'done', 'then', 'fi', 'if', 'else', 'while', 'time', '!', '{', '}']);

class Reader {
  at = 0;
  readonly #commands: Command[] = [];
  readonly #variables = new Map<string, readonly string[]>();
  readonly text: string;
  #words: Word[] = [];
  #line = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): readonly Command[] {
    while (this.at < this.text.length) this.#step();
    this.#end();
    return this.#commands.flatMap((command) => this.#each(command));
  }

  #step(): void {
    const rest = this.text.slice(this.at);
    const joined = /^\\\n/.exec(rest);
    if (joined !== null) this.at += 2;
    else if (/^[ \t]/.test(rest)) this.at += 1;
    else if (/^#/.test(rest)) this.at += /^[^\n]*/.exec(rest)?.[0].length ?? 1;
    else if (/^(?:\d?>>?|<)\s*/.test(rest)) {
      this.at += /^(?:\d?>>?|<)\s*/.exec(rest)?.[0].length ?? 1;
      this.#word();
    } else if (/^(?:\|\||&&|[|;&\n])/.test(rest)) {
      this.#end();
      this.at += /^(?:\|\||&&|.)/s.exec(rest)?.[0].length ?? 1;
    } else this.#put(this.#word());
  }

  #put(word: Word): void {
    if (this.#words.length === 0) {
      if (keywords.has(word.text)) return;
      this.#line = this.text.slice(0, this.at).split('\n').length - 1;
      const set = /^([A-Za-z_]\w*)=/.exec(word.text);
      if (set !== null) return;
    }
    this.#words.push(word);
  }

  #end(): void {
    const [first, variable, keyword, ...values] = this.#words.map(({ text }) => text);
    if (first === 'for' && keyword === 'in' && variable !== undefined) this.#variables.set(variable, values);
    else if (this.#words.length > 0) this.#commands.push({ words: this.#words, line: this.#line });
    this.#words = [];
  }

  #word(): Word {
    let text = '';
    let isOpen = false;
    while (this.at < this.text.length) {
      const unit = this.text[this.at] as string;
      if (/[\s;|&<>]/.test(unit)) break;
      if (unit === "'") {
        const end = this.text.indexOf("'", this.at + 1);
        const stop = end < 0 ? this.text.length : end;
        text += this.text.slice(this.at + 1, stop);
        this.at = stop + 1;
      } else if (unit === '"') {
        this.at += 1;
        while (this.at < this.text.length && this.text[this.at] !== '"') {
          if (this.#substitution()) isOpen = true;
          else {
            if (this.text[this.at] === '\\') this.at += 1;
            text += this.text[this.at];
            isOpen ||= this.text[this.at] === '$';
            this.at += 1;
          }
        }
        this.at += 1;
      } else if (unit === '\\') {
        if (this.text[this.at + 1] !== '\n') text += this.text[this.at + 1] ?? '';
        this.at += 2;
      } else if (this.#substitution()) isOpen = true;
      else {
        isOpen ||= unit === '$';
        text += unit;
        this.at += 1;
      }
    }
    return { text, isOpen };
  }

  /** `$(…)`: its commands are started, too. */
  #substitution(): boolean {
    if (!this.text.startsWith('$(', this.at)) return false;
    let depth = 0;
    const start = this.at + 2;
    let end = start;
    for (; end < this.text.length; end++) {
      if (this.text[end] === '(') depth += 1;
      if (this.text[end] === ')' && depth-- === 0) break;
    }
    const line = this.text.slice(0, start).split('\n').length - 1;
    for (const { words, line: within } of new Reader(this.text.slice(start, end)).read())
      this.#commands.push({ words, line: line + within });
    this.at = end + 1;
    return true;
  }

  /** A command whose program is the variable of a loop is one for each value. */
  #each(command: Command): readonly Command[] {
    const [program, ...rest] = command.words;
    const values = this.#variables.get(program?.text.replace(/^\$/, '') ?? '');
    if (program?.isOpen !== true || values === undefined) return [command];
    return values.map((text) => ({ ...command, words: [{ text, isOpen: false }, ...rest] }));
  }
}

export function commandsIn(text: string): readonly Command[] {
  return new Reader(text).read();
}
