/** Runs one program and keeps what it says. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface ProgramResult {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();

/** Whoever ends the run ends what it started: a signal to this process alone does not reach its children. */
export function endWithUs(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill('SIGTERM');
      process.exit(130);
    });
  }
}

export function runProgram(
  command: string,
  args: readonly string[],
  { env = {} }: ProgramOptions = {},
): Promise<ProgramResult> {
  const started = Date.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((done) => {
    const end = (exitCode: number, more = ''): void => {
      running.delete(child);
      const output = Buffer.concat(said).toString() + more;
      done({ exitCode, output, seconds: (Date.now() - started) / 1000 });
    };
    child.once('error', (error) => end(127, `${command} could not be started: ${error.message}\n`));
    child.once('close', (code) => end(code ?? 1));
  });
}
