/** Loads what few readers see once there is something of it: a page that is only stepped through is spared it. */
import { useEffect } from 'preact/hooks';
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
import { useLater } from './use-later.tsx';

const can = { answersOf, change, giveAnswer, isChanged, linkedCall, stepOf, takeBack };

export function LaterSeldom(props: Omit<SeldomProps, 'can'>) {
  const { session } = props;
  const [Seldom, load] = useLater<SeldomProps>();
  const isWanted =
    session.cameBy === 'link' || session.walked.question !== undefined || answersOf(session).length > 0;
  useEffect(() => {
    if (isWanted) load(import('./Seldom.tsx'), 'Seldom');
  }, [isWanted]);
  return Seldom && <Seldom {...props} can={can} />;
}
