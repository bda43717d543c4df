/** What walks a connection of the reader's own on what was pasted. */
import { ambientWalkerOn, type Walker, walkerOn } from '../walk/index.ts';
import { ambientGround } from './ambient.ts';
import type { Inspected } from './inspection.ts';

export function labWalker({ pod, inspection: { ambient } }: Inspected): Walker {
  const ground = ambient === null ? null : ambientGround(pod, ambient);
  return ground === null ? walkerOn(pod) : ambientWalkerOn(ground);
}
