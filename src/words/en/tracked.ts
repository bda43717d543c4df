/** The words for a connection that conntrack has: who dialled whom, where it went, and what is known of it. */
import { type Connection, printEndpoint } from '../../netfilter/index.ts';

/** What is said of one. */
export interface SaidTracked {
  readonly connection: Connection;
  /** The process of the pod that is taken to have made it; null where somebody outside did. */
  readonly sender: string | null;
  /** The source port that another connection had already; null where none had. */
  readonly takenPort: number | null;
  /** Whether conntrack is that of a node. */
  readonly isOfNode: boolean;
}

/** In a sentence without a stop: `tcp from 10.9.0.1:40000 to 10.9.0.2:80, sent to 10.9.0.2:15006 instead; established`. */
export function trackedWords({ connection, takenPort }: SaidTracked): string {
  const { original, reply, seenReply, tcp, zone } = connection;
  const isSentElsewhere =
    reply.source !== original.destination || reply.sourcePort !== original.destinationPort;
  const isFromElsewhere =
    reply.destination !== original.source || reply.destinationPort !== original.sourcePort;
  const from = printEndpoint(reply.destination, reply.destinationPort);
  return [
    `${original.protocol} from ${printEndpoint(original.source, original.sourcePort)} to ${printEndpoint(original.destination, original.destinationPort)}`,
    ...(isSentElsewhere ? [`, sent to ${printEndpoint(reply.source, reply.sourcePort)} instead`] : []),
    ...(isFromElsewhere
      ? [
          takenPort === null
            ? `, seen there as ${from}`
            : `, seen there as ${from}, because another connection has port ${takenPort} already`,
        ]
      : []),
    seenReply ? '; answered' : '; no answer was seen',
    ...(tcp === undefined ? [] : [` (${tcp.state})`]),
    ...(zone === 0 ? [] : [`, in zone ${zone}`]),
  ].join('');
}

/** What a button says that opens the connection itself, and one that opens a new one to the same end. */
export const trackedActions = { itself: 'Its next packet', another: 'A new one like it' } as const;

/** Above the list. */
export const trackedTitle = 'The connections that conntrack has';

/** Of whom it is taken to be, where it can be asked about. */
export function trackedSenderWords({ sender, isOfNode }: SaidTracked): string {
  if (sender === null) return isOfNode ? 'of no process of the node' : 'from outside the pod';
  return `taken to be of ${sender}`;
}

/** That not all are listed. */
export function moreTrackedWords(count: number): string {
  return `And ${count} more, which the walks know as well.`;
}
