/** Loads what few readers see once there is something of it: a page that is only stepped through is spared it. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { answersOf, change, giveAnswer, isChanged, stepOf, takeBack } from '../../src/handbook/walk/index.ts';
import type { SeldomProps } from './Seldom.tsx';

const can = { answersOf, change, giveAnswer, isChanged, stepOf, takeBack };

export function LaterSeldom(props: Omit<SeldomProps, 'can'>) {
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
  return Seldom === null ? null : <Seldom {...props} can={can} />;
}
