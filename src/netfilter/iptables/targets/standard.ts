/** The verdicts that need no module. */
import type { TargetExtension } from '../extension.ts';

function verdict(name: string, kind: 'accept' | 'drop' | 'return'): TargetExtension {
  return { name, options: [], act: () => ({ verdict: { kind } }) };
}

export const standardTargets: readonly TargetExtension[] = [
  verdict('ACCEPT', 'accept'),
  verdict('DROP', 'drop'),
  verdict('RETURN', 'return'),
];
