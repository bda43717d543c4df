/** A process in a pod's namespace, or in that of a peer, as tests use it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Owner } from '../../../src/netfilter/index.ts';
import { type Agent, apart, inside } from '../../kernel/namespace.ts';
import type { Call, CallResult, End, Line, Order, SendResult, Speaks, Taken } from './protocol.ts';

type Said = { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void };

export class Station {
  /** All connections that its servers have taken. */
  readonly taken: Taken[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Said>();
  readonly #ready: Promise<void>;
  #next = 1;

  /** Opens one in the namespace that `agent` is in. */
  static async open(agent: Agent, { uid, gid }: Owner): Promise<Station> {
    const script = join(import.meta.dirname, 'station-process.ts');
    const args = [...inside(agent), process.execPath, script, `${uid}:${gid}`];
    const station = new Station(spawn('nsenter', args, apart));
    await station.#ready;
    return station;
  }

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    let stderr = '';
    child.stdin.on('error', () => {});
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    this.#ready = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', () => {
        const error = new Error(`a station has ended: ${stderr.trim()}`);
        reject(error);
        for (const waiting of this.#waiting.values()) waiting.reject(error);
      });
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line: Line = JSON.parse(text);
        if ('id' in line) this.#answered(line);
        else if (line.event === 'taken') this.taken.push(line);
        else resolve();
      });
    });
  }

  #answered(line: Extract<Line, { id: number }>): void {
    const waiting = this.#waiting.get(line.id);
    this.#waiting.delete(line.id);
    if ('error' in line) waiting?.reject(new Error(line.error));
    else waiting?.resolve(line.answer as never);
  }

  #order<Answer>(order: object): Promise<Answer> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ ...order, id })}\n`);
    });
  }

  serve(at: End, speaks: Speaks): Promise<void> {
    return this.#order({ op: 'serve', at, speaks } satisfies Omit<Extract<Order, { op: 'serve' }>, 'id'>);
  }

  call(call: Call): Promise<CallResult> {
    return this.#order({ op: 'call', call } satisfies Omit<Extract<Order, { op: 'call' }>, 'id'>);
  }

  /** Sends a datagram, base64, and waits for an answer. */
  send(to: End, datagram: string, patience: number): Promise<SendResult> {
    return this.#order({ op: 'send', to, datagram, patience } satisfies Omit<
      Extract<Order, { op: 'send' }>,
      'id'
    >);
  }

  /** Starts a program in a process group of its own, which ends with the station. */
  start(command: string, args: readonly string[], output: string): Promise<void> {
    return this.#order({ op: 'start', command, args, output } satisfies Omit<
      Extract<Order, { op: 'start' }>,
      'id'
    >);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }
}
