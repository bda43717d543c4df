/** The command in a test: run in this process, with a terminal that keeps what it is told. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/command/run.ts';
import type { Terminal } from '../../src/command/terminal.ts';

export interface Answered {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface Around extends Partial<Omit<Terminal, 'write' | 'tell' | 'readInput'>> {
  /** What comes in through the pipe; absent: standard input is a terminal. */
  readonly piped?: string | Uint8Array;
}

/** Runs the command with these arguments. */
export async function sidetrack(
  args: readonly string[],
  { piped, ...around }: Around = {},
): Promise<Answered> {
  let [out, err] = ['', ''];
  const exit = await run(args, {
    write: async (text) => {
      out += text;
    },
    tell: (text) => {
      err += text;
    },
    readInput: async () =>
      typeof piped === 'string' ? new TextEncoder().encode(piped) : (piped ?? new Uint8Array()),
    isInputTerminal: piped === undefined,
    hasColours: false,
    showsProgress: false,
    environment: {},
    secret: () => 'of the test',
    ...around,
  });
  return { exit, out, err };
}

/** A folder of its own with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sidetrack-command-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** One line on standard error that says what and how to fix it, nothing on standard output, and exit code 2. */
export function isRefused({ exit, out, err }: Answered): boolean {
  return exit === 2 && out === '' && /^sidetrack: [^\n]{20,400}\n$/.test(err) && !/\n +at /.test(err);
}
