/** Runs a simulator's session in a page: asks the worker what it wants to have asked, and heeds the clock and the address. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import {
  type Beginning,
  hasNotWalked,
  hasWalked,
  isForAddress,
  newSession,
  openLink,
  type Session,
  shownAddress,
  shownLink,
  stepOf,
  tick,
  toldMore,
  toldOutlook,
  wantedOutlook,
  wantsMore,
} from '../../src/handbook/walk/index.ts';
import { NotLoaded, type RemoteWalker } from '../engine/remote-walker.ts';

export interface Surroundings {
  readonly walker: RemoteWalker;
  /** What comes into sight when a link is followed. */
  readonly frame: RefObject<HTMLElement>;
  /** False where the first view was asked for: then the address has no say in it. */
  readonly opensAddress: boolean;
  /** What else belongs into the address. */
  readonly alsoInAddress: string | undefined;
}

/** Tells what happens to the session, and with what. */
export type Tell = <With extends readonly unknown[]>(
  happens: (session: Session, ...what: With) => Session,
  ...what: With
) => void;

export function useSession(
  beginning: Beginning,
  { walker, frame, opensAddress, alsoInAddress }: Surroundings,
): readonly [Session, Tell] {
  const { scenario } = beginning;
  const [session, setSession] = useState(() => newSession(beginning));
  const tell: Tell = (happens, ...what) => setSession((before) => happens(before, ...what));
  const { walked, walking, isPlaying, pace } = session;
  const at = stepOf(session);

  // Before anything is painted: what the address asks for is on its way from then on.
  useLayoutEffect(() => {
    const open = () => {
      const { hash: fragment } = location;
      if (fragment.startsWith('#v=')) tell(openLink, fragment);
    };
    // On the page it came with, or followed on it: the simulator comes into sight.
    const follow = () => {
      open();
      frame.current?.scrollIntoView({ block: 'start' });
    };
    if (opensAddress) open();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [scenario]);

  useLayoutEffect(() => {
    if (walking === null) return;
    const answer =
      'fragment' in walking
        ? walker.open(walking.fragment, scenario)
        : walker.walk(walking.state, walking.tries?.meets).then((next) => ({ walked: next, problems: [] }));
    answer.then(
      (opened) => tell(hasWalked, walking, opened.walked, opened.problems),
      (error: Error) => tell(hasNotWalked, walking, error.message, error instanceof NotLoaded),
    );
  }, [walking]);

  const address = shownAddress(session, alsoInAddress);
  const isForIt = isForAddress(session);
  useEffect(() => {
    if (isForIt) history.replaceState(null, '', address);
  }, [address, isForIt]);

  // A long walk comes with the steps around the first one.
  const link = shownLink(session);
  const isPart = wantsMore(session);
  useEffect(() => {
    if (isPart)
      walker.around(walked.state, at).then(
        (around) => tell(toldMore, link, around),
        () => {},
      );
  }, [link, at, isPart]);

  const wanted = wantedOutlook(session);
  useEffect(() => {
    if (wanted !== null)
      walker.outlook(wanted.scenario, wanted.experiment).then(
        (says) => tell(toldOutlook, wanted, says),
        // The experiments say in their own words what they are: no other is asked for, either.
        () => {},
      );
  }, [wanted?.scenario, wanted?.at]);

  useEffect(() => {
    // The style sheet hides the button from those who asked for less motion.
    if (!isPlaying || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setTimeout(() => tell(tick), pace);
    return () => clearTimeout(timer);
  }, [isPlaying, at, pace]);

  return [session, tell];
}
