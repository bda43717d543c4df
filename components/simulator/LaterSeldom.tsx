/** Loads what few readers see once there is something of it: a page that is only stepped through is spared it. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { answersOf } from '../../src/handbook/walk/index.ts';
import type { SeldomProps } from './Seldom.tsx';

export function LaterSeldom(props: SeldomProps) {
  const { session } = props;
  const [Seldom, setSeldom] = useState<ComponentType<SeldomProps> | null>(null);
  const isWanted =
    session.cameBy === 'link' || session.walked.question !== undefined || answersOf(session).length > 0;
  useEffect(() => {
    if (isWanted)
      import('./Seldom.tsx').then(
        (loaded) => setSeldom(() => loaded.Seldom),
        () => {},
      );
  }, [isWanted]);
  return Seldom === null ? null : <Seldom {...props} />;
}
