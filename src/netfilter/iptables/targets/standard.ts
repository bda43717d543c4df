/** The verdicts that need no module. */
import type { TargetExtension } from '../extension.ts';

function verdict(name: string, kind: 'accept' | 'drop' | 'return', purpose: string): TargetExtension {
  return { name, purpose, options: [], act: () => ({ verdict: { kind } }) };
}

export const standardTargets: readonly TargetExtension[] = [
  verdict('ACCEPT', 'accept', 'Ends this table: the packet goes on to the next one.'),
  verdict('DROP', 'drop', 'The packet is thrown away without an answer.'),
  verdict('RETURN', 'return', 'Ends this chain: its caller goes on, or its policy decides.'),
];
