/** Where a command reads and writes: the process's own, or a test's. */
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

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], green: [32, 39] } as const;

export type Paint = (colour: keyof typeof codes, text: string) => string;

/** Paints, where there are colours. */
export function paintFor({ hasColours }: Pick<Terminal, 'hasColours'>): Paint {
  return (colour, text) => {
    const [on, off] = codes[colour];
    return hasColours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
}

/** What a program reads of an answer. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one), 2)}\n`;
}
