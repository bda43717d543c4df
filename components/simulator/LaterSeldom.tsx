/** Loads what few readers see once there is something of it: a page that is only stepped through is spared it. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  answersOf,
  change,
  giveAnswer,
  isChanged,
  linkedCall,
  stepOf,
  takeBack,
} from '../../src/handbook/walk/index.ts';
import type { SeldomProps } from './seldom-props.ts';

const can = { answersOf, change, giveAnswer, isChanged, linkedCall, stepOf, takeBack };

export function LaterSeldom(props: Omit<SeldomProps, 'can'>) {
  const { session } = props;
  const [Seldom, setSeldom] = useState<ComponentType<SeldomProps> | null>(null);
  const [isMissing, setMissing] = useState(false);
  const isWanted =
    session.cameBy === 'link' || session.walked.question !== undefined || answersOf(session).length > 0;
  useEffect(() => {
    if (isWanted)
      import('./Seldom.tsx').then(
        (loaded) => setSeldom(() => loaded.Seldom),
        () => setMissing(true),
      );
  }, [isWanted]);
  if (Seldom !== null) return <Seldom {...props} can={can} />;
  return isMissing ? (
    <p class="simulator-problem" role="alert">
      A part of the page could not be loaded: load it again. What the engine asks is missing.
    </p>
  ) : null;
}
