/** Where a command reads and writes: the process's own, or a test's. */
import { characterCode } from '../analysis/index.ts';
import { type BadUse, badUseWords, type exitWords } from '../words/index.ts';

export interface Terminal {
  /** To standard output; done when it is written. */
  write(text: string): Promise<void>;
  /** To standard error. */
  tell(text: string): void;
  /** All of standard input. */
  readInput(): Promise<Uint8Array>;
  readonly isInputTerminal: boolean;
  readonly hasColours: boolean;
  /** Standard error is looked at: what takes long says so there. */
  readonly showsProgress: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A secret of this run, by which addresses are replaced. */
  secret(): string;
}

/** Of a text. More than that is no dump of one node. */
export const mostBytes = 256 * 1024 * 1024;

/** For good: scripts hang on them. */
export const exitCodes = {
  fine: 0,
  findings: 1,
  'bad use': 2,
  'cannot tell': 3,
} as const satisfies Record<keyof typeof exitWords, number>;

/** Bad use; whoever runs the command tells it in one line and ends with its code. */
export class UseError extends Error {
  readonly use: BadUse;

  constructor(use: BadUse) {
    super(badUseWords(use));
    this.use = use;
  }
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  // A pipe that closes is told by an event, too, which nobody else listens to.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  return {
    write: (text) =>
      new Promise((done, fail) => {
        stdout.write(text, (error) => {
          if (error == null) done();
          else fail(new UseError({ code: 'output closed' }));
        });
      }),
    tell: (text) => {
      stderr.write(text);
    },
    async readInput() {
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of stdin) {
        chunks.push(chunk as Uint8Array);
        bytes += (chunk as Uint8Array).length;
        if (bytes > mostBytes)
          throw new UseError({ code: 'too long', input: 'standard input', bytes, most: mostBytes });
      }
      return Buffer.concat(chunks);
    },
    isInputTerminal: stdin.isTTY === true,
    hasColours: wantsColours(stdout.isTTY === true, env),
    showsProgress: stderr.isTTY === true,
    environment: env,
    secret: () => crypto.getRandomValues(new Uint32Array(4)).join(),
  };
}

/** Only on a terminal, and where nobody has asked for none (no-color.org). */
export function wantsColours(isTerminal: boolean, env: Terminal['environment']): boolean {
  return isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Of this run. */
const mark = `\u{fdd0}${crypto.randomUUID()}`;

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], green: [32, 39] } as const;

export type Paint = (colour: keyof typeof codes, text: string) => string;

/** Paints, where there are colours. */
export function paintFor({ hasColours }: Pick<Terminal, 'hasColours'>): Paint {
  return (colour, text) => {
    const [on, off] = codes[colour];
    return hasColours ? `${own(`\u001b[${on}m`)}${text}${own(`\u001b[${off}m`)}` : text;
  };
}

/** Takes back what was last told on the line, so that something else stands there. */
export const lineAgain = own('\r\u001b[K');

/** What a terminal is to obey; nobody who writes a name can know the mark beside it. */
function own(sequence: string): string {
  return `${mark}${sequence}${mark}`;
}

/**
 * A terminal on which nothing is obeyed but what the command wrote itself: what controls a terminal, has no shape or
 * turns the rest of a line around is written out, in whatever name it came.
 */
export function shownOn(terminal: Terminal): Terminal {
  return {
    ...terminal,
    write: (text) => terminal.write(shown(text)),
    tell: (text) => terminal.tell(shown(text)),
  };
}

const obeyed = new RegExp(
  String.raw`${mark}([^]*?)${mark}|(?![\t\n]|\r\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]`,
  'gu',
);

function shown(text: string): string {
  return text.replaceAll(
    obeyed,
    (found, sequence: string | undefined) => sequence ?? `⟨${characterCode(found)}⟩`,
  );
}

/** No name begins a line of its own: what reads a log takes some lines for orders. */
export function inOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** Tells in a line what a command could not do, or leaves out. */
export function complain(terminal: Pick<Terminal, 'tell'>, text: string): void {
  terminal.tell(`sidetrack: ${inOneLine(text)}\n`);
}

/** What a program reads of an answer; JSON itself keeps only some of the characters that a terminal obeys from it. */
export function jsonText(value: object): string {
  const text = JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one), 2);
  return `${text.replaceAll(obeyed, inJson)}\n`;
}

function inJson(found: string): string {
  const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
