/**
 * Which findings are meant to be, with the reason why, in a file:
 *
 *     suppressions:
 *       - rule: inbound.app-port-past-proxy
 *         file: deploy/**
 *         object: Deployment shop/cart
 *         reason: The load balancer's checks come without mutual TLS.
 */

import { relative } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { nearest } from '../../netfilter/index.ts';
import { readFile } from '../input.ts';
import { UseError } from '../terminal.ts';
import type { CheckResult } from './judge.ts';

export interface Suppression {
  readonly rule: string;
  /** A pattern of paths; absent: all files. */
  readonly file?: string;
  readonly object?: string;
  readonly reason: string;
  readonly line: number;
}

/** A finding, and whether it is meant to be. */
export interface CheckedResult extends CheckResult {
  readonly suppressed: Suppression | null;
}

const suppressionKeys = ['rule', 'file', 'object', 'reason'] as const;

/** Reads such a file; what is not as it should be is bad use. */
export function readSuppressions(path: string, rules: readonly string[]): readonly Suppression[] {
  const lines = new LineCounter();
  const document = parseDocument(readFile(path, 'check').text, { lineCounter: lines, logLevel: 'silent' });
  const lineAt = (offset: number | undefined) => Math.max(lines.linePos(offset ?? 0).line, 1);
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UseError({ code: 'not YAML', input: path, line: Math.max(line, 1), column: Math.max(col, 1) });
  }
  const refuse = (lacks: 'form' | 'rule' | 'reason', line: number, meant: string | null = null) =>
    new UseError({ code: 'suppression', input: path, line, lacks, meant });
  const list = document.get('suppressions');
  if (!isSeq(list)) throw refuse('form', 1);
  return list.items.map((item) => {
    if (!isMap(item)) throw refuse('form', lineAt((item as { range?: [number] } | null)?.range?.[0]));
    const line = lineAt(item.range?.[0]);
    const entry: Partial<Record<(typeof suppressionKeys)[number], string>> = {};
    for (const { key, value } of item.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const known = suppressionKeys.find((one) => one === name);
      const at = lineAt((key as { range?: [number] } | null)?.range?.[0]);
      if (known === undefined) throw refuse('form', at, nearest(name, suppressionKeys));
      if (!isScalar(value) || typeof value.value !== 'string')
        throw refuse(known === 'reason' ? 'reason' : 'form', at);
      entry[known] = value.value.trim();
    }
    const { rule = '', reason = '' } = entry;
    if (!rules.includes(rule)) throw refuse('rule', line, nearest(rule, rules));
    if (reason === '') throw refuse('reason', line);
    return { ...entry, rule, reason, line };
  });
}

/** The first suppression that a finding falls under; paths are from the folder in which the suppressions stand. */
export function suppressionOf(
  { rule, file, object }: CheckResult,
  suppressions: readonly Suppression[],
  folder: string,
): Suppression | undefined {
  return suppressions.find(
    (one) =>
      one.rule === rule &&
      (one.file === undefined || fits(one.file, relative(folder, file))) &&
      (one.object === undefined || one.object === object),
  );
}

/** `**` is any path, `*` and `?` are within a name; a pattern without a slash is of the file's own name. */
function fits(pattern: string, file: string): boolean {
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '');
  const source = pattern
    .replace(/^\.\//, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\u0000')
    .replaceAll('**', '\u0001')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\u0000', '(?:.*/)?')
    .replaceAll('\u0001', '.*');
  const subject = pattern.includes('/') ? path : (path.split('/').at(-1) ?? path);
  return new RegExp(`^${source}$`).test(subject);
}
