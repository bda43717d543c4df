/** What a command is given to read: files, or standard input. What is no text is refused. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { OtherEncoding } from '../words/index.ts';
import { mostBytes, type Terminal, UseError } from './terminal.ts';

export interface Input {
  /** As it was named; `standard input` for a pipe. */
  readonly name: string;
  /** Null for a pipe. */
  readonly path: string | null;
  readonly text: string;
}

/** All that was named, in its order; `-` is standard input, and so is nothing where a pipe is there. */
export async function readInputs(
  named: readonly string[],
  command: string,
  terminal: Terminal,
): Promise<readonly Input[]> {
  if (named.length === 0 && terminal.isInputTerminal) throw new UseError({ code: 'no input', command });
  const inputs: Input[] = [];
  for (const path of named.length === 0 ? ['-'] : named)
    inputs.push(path === '-' ? await readPipe(terminal) : readFile(path, command));
  return inputs;
}

async function readPipe(terminal: Terminal): Promise<Input> {
  const name = 'standard input';
  return { name, path: null, text: decoded(await terminal.readInput(), name) };
}

/** A pipe and a device have no size, and some have no end. */
function allOf(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let bytes = 0; ; ) {
      const chunk = Buffer.alloc(1024 * 1024);
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      bytes += read;
      if (bytes > mostBytes) throw new UseError({ code: 'too long', input: path, bytes, most: mostBytes });
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}

/** The text of one file. */
export function readFile(path: string, command: string): Input {
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw new UseError({ code: 'a directory', path, command });
    if (found.size > mostBytes)
      throw new UseError({ code: 'too long', input: path, bytes: found.size, most: mostBytes });
    return { name: path, path, text: decoded(allOf(path), path) };
  } catch (error) {
    throw fileError(error, path);
  }
}

/** What the system says of a file, as bad use. */
export function fileError(error: unknown, path: string): unknown {
  if (error instanceof UseError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  return new UseError(
    code === 'ENOENT' || code === 'ENOTDIR'
      ? { code: 'missing file', path }
      : { code: 'not readable', path, error: code },
  );
}

function decoded(bytes: Uint8Array, input: string): string {
  const is = otherEncoding(bytes);
  if (is !== null) throw new UseError({ code: 'encoding', input, is, at: null });
  try {
    // It takes a byte order mark of UTF-8 off.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UseError({ code: 'encoding', input, is: 'not UTF-8', at: firstStrange(bytes) });
  }
}

function otherEncoding(bytes: Uint8Array): OtherEncoding | null {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (first === 0x1f && second === 0x8b) return 'packed by gzip';
  const begin = bytes.subarray(0, 4096);
  const zeros = begin.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  // Plain text in UTF-16 without a mark: every other byte is zero.
  if (zeros > begin.length * 0.4 && zeros < begin.length * 0.6) return 'UTF-16';
  return bytes.includes(0) ? 'no text' : null;
}

/** The place of the first byte that is none of UTF-8. */
function firstStrange(bytes: Uint8Array): number {
  const fits = (length: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
