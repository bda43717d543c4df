/** What few readers see: that they came by a link, and what the engine asks them. Loaded when there is something of it. */
import type { Session } from '../../src/handbook/walk/index.ts';
import { Linked } from './Linked.tsx';
import { Questions } from './Questions.tsx';
import type { Tell } from './use-session.ts';

export interface SeldomProps {
  readonly session: Session;
  readonly tell: Tell;
}

export function Seldom(props: SeldomProps) {
  return (
    <>
      <Linked {...props} />
      <Questions {...props} />
    </>
  );
}
