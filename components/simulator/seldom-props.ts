/** What is handed to the parts of the simulator that few readers see. */
import type {
  answersOf,
  change,
  giveAnswer,
  isChanged,
  linkedCall,
  Session,
  stepOf,
  takeBack,
} from '../../src/handbook/walk/index.ts';
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
    readonly linkedCall: typeof linkedCall;
    readonly stepOf: typeof stepOf;
    readonly takeBack: typeof takeBack;
  };
}
