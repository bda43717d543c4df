/** Runs a simulator's session in a page: asks the worker what it wants to have asked, and heeds the clock and the address. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  type Beginning,
  type CameBy,
  hasNotWalked,
  hasWalked,
  isForAddress,
  newSession,
  openLink,
  openPage,
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

/** Whether a fragment is a simulator's, and no heading's. */
function isOfSimulator(fragment: string): boolean {
  return fragment.startsWith('#v=');
}

/** How the entry of the browser's history that is shown was made; null where no simulator has made it. */
function entryCameBy(): CameBy | null {
  const { cameBy = null } = (history.state ?? {}) as { readonly cameBy?: CameBy };
  return cameBy;
}

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
    const atFirst = location.hash;
    const open = () => {
      const { hash: fragment } = location;
      const cameBy = entryCameBy();
      if (isOfSimulator(fragment)) tell(openLink, fragment, cameBy !== null && cameBy !== 'link');
      else if (beginning.isLab !== true && (fragment === atFirst || fragment === '')) tell(openPage);
    };
    const follow = () => {
      if (isOfSimulator(location.hash) && entryCameBy() === null)
        frame.current?.scrollIntoView({ block: 'start' });
      open();
    };
    if (opensAddress && isOfSimulator(atFirst)) open();
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
  const link = shownLink(session);
  const { cameBy } = session;
  const linkAtAddress = useRef(link);
  useEffect(() => {
    // The page as it came says nothing in the address, but where that says something else.
    if (!isForIt && (cameBy === 'page' || !isOfSimulator(location.hash))) return;
    // A change is an entry of its own in the browser's history; a step and what the address itself led to are none.
    const isNew = cameBy === 'change' && link !== linkAtAddress.current && beginning.isLab !== true;
    linkAtAddress.current = link;
    const to = isForIt ? address : `${location.pathname}${location.search}`;
    if (isNew) history.pushState({ cameBy }, '', to);
    else history.replaceState({ cameBy }, '', to);
  }, [address, isForIt, cameBy]);

  // A long walk comes with the steps around the first one.
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
