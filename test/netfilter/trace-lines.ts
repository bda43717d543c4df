/**
 * What the engine answers to a case, in the lines of a case file.
 */
import {
  type Answer,
  type Event,
  type Host,
  invert,
  type Outcome,
  type Packet,
  parseRuleset,
  printEndpoint,
  printRuleset,
  type Ruleset,
  type Traversal,
  traverse,
  tupleOf,
  type Verdict,
} from '../../src/netfilter/index.ts';
import { because, problemWords } from '../../src/words/index.ts';
import type { Case, Step } from './case-file.ts';

/** The lines behind each `==>` of a case, as the engine sees them. */
export function answer(one: Case): readonly (readonly string[])[] {
  const parsed = {
    ...(one.rules.v4 === undefined ? {} : { v4: parseRuleset(one.rules.v4.text, 'v4') }),
    ...(one.rules.v6 === undefined ? {} : { v6: parseRuleset(one.rules.v6.text, 'v6') }),
  };
  const both = [parsed.v4, parsed.v6].filter((each) => each !== undefined);
  const rulesets: { v4?: Ruleset; v6?: Ruleset } = {
    ...(parsed.v4 === undefined ? {} : { v4: parsed.v4.ruleset }),
    ...(parsed.v6 === undefined ? {} : { v6: parsed.v6.ruleset }),
  };
  let host: Host = { ...one.host, rulesets };
  let first: Packet | null = null;
  let last: Traversal | null = null;
  return one.steps.map((step) => {
    const { question } = step;
    if (question.kind === 'print')
      return both.flatMap(({ ruleset }) => printRuleset(ruleset).trimEnd().split('\n'));
    if (question.kind === 'problems') {
      return both.flatMap(({ problems }) =>
        problems.map((each) => {
          const { found, expected, fix } = problemWords(each);
          return `${each.line}:${each.column} ${found} | expected ${expected} | ${fix}`;
        }),
      );
    }
    const packet: Packet = packetOf(step, first, last);
    if (question.kind === 'packet') first = packet;
    last = traverseAnswered(host, packet, step.answers);
    host = hostAfter(host, last);
    return traceLines(last, one.showsEveryRule);
  });
}

/** The packet's way, with each question that it comes to answered in turn while there are answers. */
export function traverseAnswered(host: Host, packet: Packet, given: readonly boolean[]): Traversal {
  const answers: Answer[] = [];
  for (const matches of given) {
    const { outcome } = traverse(host, packet, answers);
    if (outcome.kind !== 'cannot tell' || outcome.question === undefined) break;
    answers.push({ ...outcome.question, matches });
  }
  return traverse(host, packet, answers);
}

/** The host as the next packet meets it. */
export function hostAfter(host: Host, { connections, sets, nft }: Traversal): Host {
  return {
    ...host,
    connections,
    ...(sets === undefined ? {} : { sets }),
    ...(nft === undefined ? {} : { rulesets: { ...host.rulesets, nft } }),
  };
}

/** The packet of a step: as it is written, or as it follows from the ones before. */
export function packetOf(
  { question, text, line }: Step,
  first: Packet | null,
  last: Traversal | null,
): Packet {
  if (question.kind === 'packet') return question.packet;
  if (first === null || last === null || !('changes' in question))
    throw new Error(`line ${line}: "${text}" comes before any packet`);
  if (question.kind === 'again') return { ...first, ...question.changes };
  if (question.kind === 'next') {
    return {
      ...first,
      ...(first.protocol === 'tcp' ? { flags: ['ACK'] as const } : {}),
      ...question.changes,
    };
  }
  return { ...replyTo(last), ...question.changes };
}

/** What the other end sends back: from the socket, or in by the interface that the last packet left by. */
export function replyTo({ events, outcome }: Traversal): Packet {
  const end = events.at(-1)?.packet;
  if (end === undefined) throw new Error('a traversal without events');
  return {
    ...invert(tupleOf(end)),
    ...(end.protocol === 'tcp' ? { flags: ['SYN', 'ACK'] as const } : {}),
    from:
      outcome.kind === 'sent'
        ? { interface: outcome.interface }
        : outcome.kind === 'delivered' && outcome.socket !== null
          ? { uid: outcome.socket.uid, gid: outcome.socket.gid }
          : { uid: 0, gid: 0 },
  };
}

/** One line for each event that happened; with `every`, for the rules that did not match too. */
export function traceLines({ events }: Traversal, every: boolean): string[] {
  return events.flatMap((event) => eventLine(event, every) ?? []);
}

function eventLine(event: Event, every: boolean): string | null {
  switch (event.kind) {
    case 'hook':
      return [
        event.hook,
        ...(event.in ? [`in ${event.in}`] : []),
        ...(event.out ? [`out ${event.out}`] : []),
      ].join(' ');
    case 'conntrack':
      return [
        event.hook,
        'conntrack',
        event.state,
        ...(event.direction === null ? [] : [event.direction]),
      ].join(' ');
    case 'skip':
      return `${event.hook} ${event.table} not asked: ${because(event)}`;
    case 'table':
      return null;
    case 'rule': {
      const rule = `${event.hook} ${event.table} ${event.chain} ${event.position}`;
      const why = every ? `: ${because(event)}` : '';
      if (event.verdict !== undefined) return `${rule} ${verdictWords(event.verdict)}${why}`;
      if (event.matched === null) return `${rule} cannot tell: ${because(event)}`;
      return every ? `${rule} no match${why}` : null;
    }
    case 'return':
      return `${event.hook} ${event.table} ${event.chain} end return`;
    case 'policy':
      return `${event.hook} ${event.table} ${event.chain} policy ${verdictWords(event.verdict)}`;
    case 'rewrite':
      return `${event.hook} ${event.table} rewrite ${packetWords(event.packet)}`;
    case 'route':
      return `${event.hook} route ${event.out ?? 'local'}`;
    case 'outcome':
      return outcomeWords(event.outcome, event.packet);
  }
}

function verdictWords(verdict: Verdict): string {
  if ('chain' in verdict) return `${verdict.kind} ${verdict.chain}`;
  return verdict.kind === 'reject' ? `reject ${verdict.with}` : verdict.kind;
}

function packetWords(packet: Packet): string {
  const { source, sourcePort, destination, destinationPort } = packet;
  return `${printEndpoint(source, sourcePort)} > ${printEndpoint(destination, destinationPort)}`;
}

function outcomeWords(outcome: Outcome, packet: Packet): string {
  const mark =
    packet.mark === undefined || packet.mark === 0 ? '' : ` with mark 0x${packet.mark.toString(16)}`;
  switch (outcome.kind) {
    case 'delivered': {
      const { socket } = outcome;
      return `delivered${socket === null ? '' : ` to ${socket.protocol} ${printEndpoint(socket.address, socket.port)} of uid ${socket.uid}`}: ${packetWords(packet)}${mark}`;
    }
    case 'sent':
      return `sent by ${outcome.interface}${outcome.via === undefined ? '' : ` via ${outcome.via}`}: ${packetWords(packet)}${mark}`;
    case 'rejected':
      return `rejected with ${outcome.with}: ${because(outcome)}`;
    default:
      return `${outcome.kind}: ${because(outcome)}`;
  }
}
