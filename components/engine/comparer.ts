/** Asks the lab's worker for comparisons, one at a time: asking for another ends the one before. */
import type { ComparedSide } from '../../src/handbook/lab/index.ts';
import type { FromComparing, ToCompare } from './messages.ts';

export type Compared = Extract<FromComparing, { readonly kind: 'compared' }>;

interface Asked {
  readonly number: number;
  readonly onProgress: (done: number) => void;
  readonly resolve: (compared: Compared) => void;
  readonly reject: (error: Error) => void;
}

export class Comparer {
  private readonly post: (message: ToCompare) => void;
  private number = 0;
  private asked: Asked | null = null;

  constructor(post: (message: ToCompare) => void) {
    this.post = post;
  }

  /** Answers never where another is asked for, or where it is stopped. */
  compare(a: ComparedSide, b: ComparedSide, onProgress: (done: number) => void): Promise<Compared> {
    const number = ++this.number;
    return new Promise((resolve, reject) => {
      this.asked = { number, onProgress, resolve, reject };
      this.post({ kind: 'compare', number, sides: [a, b] });
    });
  }

  stop(): void {
    this.asked = null;
    this.post({ kind: 'compare', number: ++this.number, sides: null });
  }

  hear(message: FromComparing): void {
    if (message.number !== this.asked?.number) return;
    if (message.kind === 'comparing') this.asked.onProgress(message.done);
    else if (message.kind === 'compared') this.asked.resolve(message);
    else this.asked.reject(new Error(message.because));
  }
}
