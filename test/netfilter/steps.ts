/**
 * Work counted in steps, not in seconds: how often V8 enters each function and each block of the project's own files
 * and of the YAML library's. What V8 does by itself (a search in a text, an expression, moving an array) is no step.
 */

import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector';

export class StepCounter {
  private readonly session = new Session();

  /** Files are counted that are loaded afterwards. */
  constructor() {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  count(run: () => unknown): number {
    this.take();
    run();
    return this.take();
  }

  private take(): number {
    let steps = 0;
    this.session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      for (const { url, functions } of result) if (isCounted(url)) steps += sum(functions);
    });
    return steps;
  }

  close(): void {
    this.session.disconnect();
  }
}

function isCounted(url: string): boolean {
  return url.includes('/src/') || url.includes('/node_modules/yaml/');
}

function sum(functions: readonly Profiler.FunctionCoverage[]): number {
  let steps = 0;
  for (const { ranges } of functions) for (const { count } of ranges) steps += count;
  return steps;
}
