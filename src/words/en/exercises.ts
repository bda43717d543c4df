/** Questions for whoever has read a page, and what is said of an answer. */
import type { OutcomeKind } from '../../journey/index.ts';
import { type Packet, printEndpoint } from '../../netfilter/index.ts';

/** What is asked, as data. */
export type ExerciseAsks =
  /** Which rule of a chain decides about a connection of a scenario. */
  | {
      readonly kind: 'rule';
      readonly title: string;
      readonly chain: string;
      /** Who makes the connection. */
      readonly client: string;
      /** From 1. */
      readonly leg: number;
      readonly legs: number;
      readonly destination: Pick<Packet, 'destination' | 'destinationPort'>;
    }
  /** What becomes of the request of a scenario after a change. */
  | { readonly kind: 'outcome'; readonly change: string }
  /** Which change puts a scenario right. */
  | { readonly kind: 'fix'; readonly title: string };

export function exerciseWords(asks: ExerciseAsks): string {
  switch (asks.kind) {
    case 'rule': {
      const to = printEndpoint(asks.destination.destination, asks.destination.destinationPort);
      const which = asks.legs === 1 ? 'The connection' : `Connection ${asks.leg} of ${asks.legs}`;
      return `${asks.title}. ${which}, ${asks.client} to ${to}: which rule of ${asks.chain} decides?`;
    }
    case 'outcome':
      return `${asks.change}: what becomes of the call?`;
    case 'fix':
      return `${asks.title}. Which change brings the call through Envoy?`;
  }
}

/** What a reader can choose of. */
export const outcomeNames: Readonly<
  Record<Extract<OutcomeKind, 'through Envoy' | 'past Envoy' | 'refused' | 'dropped' | 'in a circle'>, string>
> = {
  'through Envoy': 'It goes through Envoy',
  'past Envoy': 'It goes past Envoy',
  refused: 'It is refused',
  dropped: 'It is dropped',
  'in a circle': 'It goes in a circle',
};

export interface RuleAnswer {
  readonly position: number;
  /** The rule that decides. */
  readonly decided: number;
  /** Null where it was not asked. */
  readonly matched: boolean | null;
  /** Why it matched or did not; '' where it was not asked. */
  readonly because: string;
}

/** Why a rule is the one that decides, or is not. */
export function ruleAnswerWords({ position, decided, matched, because }: RuleAnswer): string {
  if (position === decided) return `Rule ${position} matches: ${because}.`;
  if (matched === null) return `Rule ${position} is not asked: rule ${decided} has decided before.`;
  return matched
    ? `Rule ${position} matches and the chain goes on: ${because}.`
    : `Rule ${position} does not match: ${because}.`;
}

/** What is said when an answer was given. */
export const exerciseSays = {
  check: 'Check',
  right: 'Right.',
  wrong: 'Not so.',
  choose: 'Choose an answer first.',
  answer: 'The answer, and the path that was walked',
} as const;

/** What the page of the course says of how far a reader is. */
export const courseSays = {
  answered: 'answered',
  of: 'of',
  questions: (count: number) => (count === 1 ? '1 question' : `${count} questions`),
  minutes: (count: number) => `${count} minutes`,
} as const;
