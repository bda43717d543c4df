/**
 * Network namespaces and the processes in them. A namespace lives as long as the agent that opened it, an agent as
 * long as its stdin: nothing is left behind by a test that fails or is killed.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Accepted, Answer, Ask, DialResult, End, Shot } from './agent-protocol.ts';
import { addressBytes } from './packet-bytes.ts';

const agentFile = fileURLToPath(new URL('./agent.ts', import.meta.url));
const transparentFile = fileURLToPath(new URL('./transparent.pl', import.meta.url));

export interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups?: readonly number[];
}

type Request<Op extends Ask['op']> = Omit<Extract<Ask, { op: Op }>, 'id' | 'op'>;

interface Waiting {
  readonly resolve: (answer: object) => void;
  readonly reject: (error: Error) => void;
}

/** One process in a namespace, and what it can be asked to do. */
export class Agent {
  readonly pid: number;
  readonly owner: Owner;
  /** Everything that its listeners have taken so far. */
  readonly accepted: Accepted[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  readonly #handles = new Set<number>();
  readonly #onAccepted = new Set<(accepted: Accepted) => void>();
  readonly #ready: Promise<void>;
  #stderr = '';
  #next = 1;

  constructor(child: ChildProcessWithoutNullStreams, owner: Owner) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.owner = owner;
    let rest = '';
    let isReady = () => {};
    this.#ready = new Promise((resolve, reject) => {
      isReady = resolve;
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        const error = new Error(
          `agent ${owner.uid}:${owner.gid} ended (${signal ?? code}): ${this.#stderr.trim()}`,
        );
        reject(error);
        for (const waiting of this.#waiting.values()) waiting.reject(error);
        this.#waiting.clear();
      });
    });
    this.#ready.catch(() => {});
    child.stdin.on('error', () => {});
    child.stderr.on('data', (data) => {
      this.#stderr += data;
    });
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer: Answer = JSON.parse(line);
        if (!('event' in answer)) this.#answered(answer);
        else if (answer.event === 'ready') isReady();
        else {
          this.accepted.push(answer);
          for (const listener of this.#onAccepted) listener(answer);
        }
      }
    });
  }

  #answered(answer: Extract<Answer, { id: number }>): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.answer);
  }

  /** Resolves when the process has started and has become its user. */
  ready(): Promise<void> {
    return this.#ready;
  }

  #ask(ask: object): Promise<object> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.#child.exitCode !== null) reject(new Error(`the agent has ended: ${this.#stderr.trim()}`));
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, ...ask })}\n`);
    });
  }

  /** Listens until `closeAll`. A TCP listener echoes, a UDP listener answers datagrams that begin with `?`. */
  async listen(request: Request<'listen'>): Promise<void> {
    const { handle } = (await this.#ask({ op: 'listen', ...request })) as { handle: number };
    this.#handles.add(handle);
  }

  /** Opens a TCP connection, or sends one datagram. */
  async dial(request: Request<'dial'>): Promise<DialResult> {
    const result = (await this.#ask({ op: 'dial', ...request })) as DialResult;
    if (result.handle !== undefined) this.#handles.add(result.handle);
    return result;
  }

  /** Sends first packets and does not wait for what becomes of them. */
  async fire(shots: readonly Shot[]): Promise<void> {
    await this.#ask({ op: 'fire', shots });
  }

  /** Closes the sockets of `fire`. */
  async release(): Promise<void> {
    await this.#ask({ op: 'release' });
  }

  /** Closes all listeners and connections that are still open, connections by a reset. */
  async closeAll(): Promise<void> {
    const handles = [...this.#handles];
    this.#handles.clear();
    this.accepted.length = 0;
    if (handles.length > 0) await this.#ask({ op: 'close', handles });
  }

  /** Calls back for each connection that a listener takes; answers with a function that ends it. */
  onAccepted(listener: (accepted: Accepted) => void): () => void {
    this.#onAccepted.add(listener);
    return () => this.#onAccepted.delete(listener);
  }

  /** Runs a command in the namespace, and answers with its output; a command that fails is an error. */
  async run(command: string, args: readonly string[], input?: string): Promise<string> {
    const request = { op: 'run', command, args, ...(input === undefined ? {} : { input }) };
    const answer = (await this.#ask(request)) as { code: number; stdout: string; stderr: string };
    if (answer.code !== 0)
      throw new Error(
        `${command} ${args.join(' ')} (${answer.code}): ${answer.stderr.trim()}\n${input ?? ''}`,
      );
    return answer.stdout;
  }

  async read(path: string): Promise<string> {
    return ((await this.#ask({ op: 'read', path })) as { text: string }).text;
  }

  async write(path: string, text: string): Promise<void> {
    await this.#ask({ op: 'write', path, text });
  }

  /** Ends the process; with it, if it opened its namespace, that. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }
}

const root: Owner = { uid: 0, gid: 0 };

/** An interrupt at the terminal is for the process that asks; its helpers end when it does. */
export const apart = { detached: true } as const;

/** A new, empty network namespace, and root's agent in it. */
export async function openNamespace(): Promise<Agent> {
  const agent = new Agent(spawn('unshare', ['--net', '--', process.execPath, agentFile], apart), root);
  await agent.ready();
  return agent;
}

/** The arguments that put a command into the namespace that `agent` is in. */
export function inside(agent: Agent): readonly string[] {
  return [`--net=/proc/${agent.pid}/ns/net`, '--'];
}

/** Another process in the namespace that `agent` is in. */
export async function openProcess(agent: Agent, owner: Owner): Promise<Agent> {
  const args = [...inside(agent), process.execPath, agentFile, JSON.stringify(owner)];
  const process_ = new Agent(spawn('nsenter', args, apart), owner);
  await process_.ready();
  return process_;
}

const markedFile = fileURLToPath(new URL('./marked.pl', import.meta.url));

/** Dials from a socket with a mark, from any address; one process, as the owner. */
export async function dialMarked(
  agent: Agent,
  { uid, gid }: Owner,
  mark: number,
  { protocol, from, to, timeout, payload }: Request<'dial'>,
): Promise<DialResult> {
  const hex = (address = '') => addressBytes(address).toString('hex');
  const ends = [hex(from?.address), from?.port ?? 0, hex(to.address), to.port];
  const args = [protocol, uid, gid, mark, ...ends, timeout, payload ?? '?'].map(String);
  const result = (await agent.run('perl', [markedFile, ...args])) as DialResult['result'];
  return { result, local: { address: from?.address ?? '', port: from?.port ?? 0 }, remote: to };
}

/** A process of an owner that holds one transparent socket, which it is to listen on as file descriptor 3. */
export async function openTransparent(
  agent: Agent,
  socket: Owner & {
    readonly protocol: string;
    readonly address: string;
    readonly port: number;
    readonly mark?: number;
  },
): Promise<Agent> {
  const { uid, gid, protocol, address, port, mark = 0 } = socket;
  const hex = addressBytes(address).toString('hex');
  const opened = [protocol, String(uid), String(gid), hex, String(port), String(mark)];
  const owner = JSON.stringify({ uid, gid });
  const args = [...inside(agent), 'perl', transparentFile, ...opened, process.execPath, agentFile, owner];
  const holder = new Agent(spawn('nsenter', args, apart), { uid, gid });
  await holder.ready();
  return holder;
}

export type { Accepted, DialResult, End };
