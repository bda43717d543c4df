/** The question that a way ends with on the pasted rules, and the ways ahead. */
import type { OpenQuestion } from '../../src/handbook/walk/index.ts';

export function AskedHere({ question }: { readonly question: OpenQuestion | null | undefined }) {
  if (question == null) return null;
  const { chain, position, condition, because, yes, no } = question;
  return (
    <p class="lab-hint">
      {chain} {position} asks for <code>{condition}</code>, and the engine cannot know: {because}. If it
      matches: {yes} If it does not: {no}
    </p>
  );
}
