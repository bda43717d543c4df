/** Runs one program and keeps what it says; the terminal shows only that something is happening. */
import { spawn } from 'node:child_process';

export interface ProgramResult {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/** How often a log without a terminal hears of a program that takes its time. */
const patience = 60;

export function runProgram(
  label: string,
  command: string,
  args: readonly string[],
  { env = {} }: ProgramOptions = {},
): Promise<ProgramResult> {
  const started = Date.now();
  const seconds = (): number => (Date.now() - started) / 1000;
  const { isTTY } = process.stdout;
  const child = spawn(command, args, {
    env: { ...process.env, ...(isTTY ? { FORCE_COLOR: '1' } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));

  let told = 0;
  const clock = setInterval(() => {
    const whole = Math.floor(seconds());
    if (isTTY) process.stdout.write(`\r  ${label.padEnd(11)}… ${whole} s`);
    else if (whole - told >= patience) {
      told = whole;
      console.log(`  ${label.padEnd(11)}… ${whole} s`);
    }
  }, 1000);
  const stop = (): void => {
    child.kill('SIGTERM');
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);

  return new Promise((done) => {
    const end = (exitCode: number, more = ''): void => {
      clearInterval(clock);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (isTTY) process.stdout.write('\r\u001b[K');
      done({ exitCode, output: Buffer.concat(said).toString() + more, seconds: seconds() });
    };
    child.once('error', (error) => end(127, `${command} could not be started: ${error.message}\n`));
    child.once('close', (code) => end(code ?? 1));
  });
}
