/**
 * The engine, in a worker of its own: it is loaded when it is first asked, walks while the page stays responsive, and
 * keeps the rules to itself. Both ends of the talk with it are here.
 */
import type { Walker } from '../../src/handbook/walk/index.ts';

/** The same questions, answered later. */
export type Remote<T> = {
  readonly [Name in keyof T]: T[Name] extends (...asked: infer Asked) => infer Answer
    ? (...asked: Asked) => Promise<Answer>
    : never;
};

export interface RemoteWalker extends Remote<Walker> {
  /** Loads the engine ahead. */
  wake(): void;
  /** Ends the worker; what is not answered yet is never. */
  close(): void;
}

export interface WalkerQuestion {
  readonly kind: 'question';
  readonly number: number;
  readonly name: string;
  readonly asked: readonly unknown[];
}

export type WalkerAnswer =
  | { readonly kind: 'answer'; readonly number: number; readonly answer: unknown }
  | {
      readonly kind: 'refusal';
      readonly number: number;
      readonly because: string;
      /** Asked again, it may be answered. */
      readonly isNotLoaded?: true;
    };

/** In the worker. */
export function answer<T extends object>(
  answering: T,
  { number, name, asked }: WalkerQuestion,
): WalkerAnswer {
  try {
    const method = answering[name as keyof T] as (...asked: readonly unknown[]) => unknown;
    return { kind: 'answer', number, answer: method(...asked) };
  } catch (error) {
    return { kind: 'refusal', number, because: error instanceof Error ? error.message : String(error) };
  }
}

/** In the page: what is asked and not answered yet. */
export class Asking<Other = never> {
  private readonly open = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  private readonly post: (question: WalkerQuestion | Other) => void;
  private number = 0;

  constructor(post: (question: WalkerQuestion | Other) => void) {
    this.post = post;
  }

  ask(name: string, asked: readonly unknown[]): Promise<unknown> {
    return this.askAs((number) => ({ kind: 'question', number, name, asked }));
  }

  askAs(question: (number: number) => WalkerQuestion | Other): Promise<unknown> {
    const number = this.number++;
    return new Promise((resolve, reject) => {
      this.open.set(number, { resolve, reject });
      this.post(question(number));
    });
  }

  answered(answer: WalkerAnswer): void {
    const asked = this.open.get(answer.number);
    this.open.delete(answer.number);
    if (answer.kind === 'answer') asked?.resolve(answer.answer);
    else asked?.reject(new (answer.isNotLoaded === true ? NotLoaded : Error)(answer.because));
  }

  fail(error: Error): void {
    for (const { reject } of this.open.values()) reject(error);
    this.open.clear();
  }
}

const names: readonly (keyof Walker)[] = [
  'walk',
  'open',
  'around',
  'outlook',
  'sequence',
  'purposes',
  'text',
];

export function walkerAsking(asking: Pick<Asking, 'ask'>): Remote<Walker> {
  const method =
    (name: string) =>
    (...asked: readonly unknown[]) =>
      asking.ask(name, asked);
  return Object.fromEntries(names.map((name) => [name, method(name)])) as unknown as Remote<Walker>;
}

/** Asks the one walker, or the other where that is for what is asked: it is loaded only then. */
export function walkerBeside(
  usual: RemoteWalker,
  other: RemoteWalker,
  isForOther: (asked: readonly unknown[]) => boolean,
): RemoteWalker {
  const walkerFor = (asked: readonly unknown[]) => (isForOther(asked) ? other : usual);
  const ask = (name: string, asked: readonly unknown[]) => {
    const method = walkerFor(asked)[name as keyof Walker] as (
      ...asked: readonly unknown[]
    ) => Promise<unknown>;
    return method(...asked);
  };
  return {
    ...walkerAsking({ ask }),
    wake: () => walkerFor([]).wake(),
    close() {
      usual.close();
      other.close();
    },
  };
}

/** The engine could not be loaded; asked again, it is loaded again. */
export class NotLoaded extends Error {}

/** Asks a worker that `start` starts, and starts another one after one that could not be loaded. */
export function remoteWalker(start: () => Worker): RemoteWalker {
  let worker: Worker | null = null;
  const wake = (): Worker => {
    if (worker !== null) return worker;
    const started = start();
    worker = started;
    started.onmessage = ({ data }: MessageEvent<WalkerAnswer>) => asking.answered(data);
    started.onerror = (event) => {
      event.preventDefault();
      started.terminate();
      if (worker === started) worker = null;
      asking.fail(new NotLoaded('The engine could not be loaded: is there a connection?'));
    };
    return started;
  };
  const asking = new Asking((question) => wake().postMessage(question));
  return {
    ...walkerAsking(asking),
    wake: () => void wake(),
    close() {
      worker?.terminate();
      worker = null;
    },
  };
}
