/** What few readers see: that they came by a link, and what the engine asks them. Loaded when there is something of it. */
import type {
  answersOf,
  change,
  giveAnswer,
  isChanged,
  Session,
  stepOf,
  takeBack,
} from '../../src/handbook/walk/index.ts';
import { Linked } from './Linked.tsx';
import { Questions } from './Questions.tsx';
import type { Tell } from './use-session.ts';

export interface SeldomProps {
  readonly session: Session;
  readonly tell: Tell;
  /** What can happen to a session, from the page that has it: imported here, it would be a file of its own for every reader. */
  readonly can: {
    readonly answersOf: typeof answersOf;
    readonly change: typeof change;
    readonly giveAnswer: typeof giveAnswer;
    readonly isChanged: typeof isChanged;
    readonly stepOf: typeof stepOf;
    readonly takeBack: typeof takeBack;
  };
}

export function Seldom(props: SeldomProps) {
  return (
    <>
      <Linked {...props} />
      <Questions {...props} />
    </>
  );
}
