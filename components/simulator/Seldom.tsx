/** What few readers see: that they came by a link, and what the engine asks them. Loaded when there is something of it. */
import { Linked } from './Linked.tsx';
import { Questions } from './Questions.tsx';
import type { SeldomProps } from './seldom-props.ts';

export function Seldom(props: SeldomProps) {
  return (
    <>
      <Linked {...props} />
      <Questions {...props} />
    </>
  );
}
