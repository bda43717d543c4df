/** Says what runs, and for how long already: on a terminal in one line that changes, elsewhere now and then. */

/** Seconds after which a log without a terminal hears of what takes its time. */
const patience = 60;

export class Progress {
  readonly #started = new Map<string, number>();
  #clock: NodeJS.Timeout | undefined;
  #ticks = 0;

  start(name: string): void {
    this.#started.set(name, Date.now());
    this.#clock ??= setInterval(() => this.#tick(), 1000);
  }

  end(name: string): void {
    this.#started.delete(name);
    if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
    if (this.#started.size > 0) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
    this.#ticks = 0;
  }

  async during<Result>(name: string, work: Promise<Result>): Promise<Result> {
    this.start(name);
    try {
      return await work;
    } finally {
      this.end(name);
    }
  }

  #tick(): void {
    this.#ticks++;
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${this.#line()}`);
    else if (this.#ticks % patience === 0) console.log(this.#line());
  }

  #line(): string {
    const seconds = (since: number): string => `${Math.floor((Date.now() - since) / 1000)} s`;
    return `  … ${[...this.#started].map(([name, since]) => `${name} ${seconds(since)}`).join(', ')}`;
  }
}
