/** The connections that conntrack has: each can be asked about, and so can a new one to the same end. */
import type { Inspection, InspectionWords } from '../../src/handbook/lab/index.ts';
import type { Request } from '../../src/journey/index.ts';
import { trackedActions, trackedTitle } from '../../src/words/index.ts';

export interface TrackedConnectionsProps {
  readonly inspection: Pick<Inspection, 'tracked'>;
  readonly words: Pick<InspectionWords, 'tracked'>;
  /** Opens a connection on the rules. */
  readonly onOpen: (request: Request) => void;
}

export function TrackedConnections({
  inspection: { tracked },
  words: {
    tracked: { rows, more },
  },
  onOpen,
}: TrackedConnectionsProps) {
  if (rows.length === 0) return null;
  return (
    <details class="lab-tracked" open={rows.length <= 5}>
      <summary>{trackedTitle}</summary>
      <ul class="lab-list">
        {rows.map(({ says, sender }, at) => (
          // Two entries may read alike.
          <li key={`${at} ${says}`}>
            <span>{says}</span>
            {sender !== null && (
              <Openers
                says={says}
                sender={sender}
                request={tracked.first[at]?.request ?? null}
                onOpen={onOpen}
              />
            )}
          </li>
        ))}
      </ul>
      {more !== null && <p>{more}</p>}
    </details>
  );
}

interface OpenersProps extends Pick<TrackedConnectionsProps, 'onOpen'> {
  readonly says: string;
  readonly sender: string;
  readonly request: Request | null;
}

function Openers({ says, sender, request, onOpen }: OpenersProps) {
  if (request === null) return null;
  const { sourcePort, ...another } = request;
  return (
    <span class="lab-tracked-actions">
      <span>{sender}</span>{' '}
      <button type="button" aria-label={`${trackedActions.itself}: ${says}`} onClick={() => onOpen(request)}>
        {trackedActions.itself}
      </button>{' '}
      <button type="button" aria-label={`${trackedActions.another}: ${says}`} onClick={() => onOpen(another)}>
        {trackedActions.another}
      </button>
    </span>
  );
}
