/**
 * The stops of a path: the one language for a packet's way. Shapes and colours hang on `kind` alone; `stopText` of
 * `src/words` names a stop.
 */
import type { ProcessName } from '../istio/index.ts';
import type { Party } from '../journey/index.ts';
import type { Hook } from '../netfilter/index.ts';
import type { SaidParty, SaidStop } from '../words/index.ts';

export const stopKinds = ['process', 'hook', 'chain', 'envoy', 'network', 'drop'] as const;
export type StopKind = (typeof stopKinds)[number];

/** Where a stop stands: journey.legs[leg].passages[passage].traversal.events[event]. */
export interface StopPlace {
  readonly leg: number;
  readonly passage: number;
  readonly event: number;
}

/** What a path shows of a stop. */
export type ShownStop = {
  /** A hook at which no rule matched: shown smaller. */
  readonly quiet: boolean;
  /** A jump to a chain of which no rule applied. */
  readonly inVain?: true;
  /** An address that was rewritten here. */
  readonly rewritten?: { readonly before: string; readonly after: string };
} & (
  | Exclude<SaidStop, { readonly kind: 'chain' }>
  | (Extract<SaidStop, { readonly kind: 'chain' }> & {
      /** The hook at which the rule was tested. */
      readonly hook: Hook;
      /** The rule's text. */
      readonly rule: string;
    })
);

export type Stop = ShownStop & StopPlace;

/** The stops of one leg. */
export type StopLine = readonly Stop[];

const envoy: ProcessName = 'Envoy';

/** Which shape and colour a party has. */
function kindOfParty({ kind, name }: Party): SaidParty['kind'] {
  if (kind === 'network') return kind;
  return name === envoy ? 'envoy' : kind;
}

/** The party as whoever sends: a process with its uid, because the rules look at that. */
export function asSender(party: Party): SaidParty {
  const { name } = party;
  return { kind: kindOfParty(party), name, ...(party.kind === 'process' ? { uid: party.uid } : {}) };
}

/** The party as whoever receives: a process with its port. */
export function asReceiver(party: Party): SaidParty {
  const { name, port } = party;
  const hasPort = party.kind === 'process' && port !== undefined;
  return { kind: kindOfParty(party), name, ...(hasPort ? { port } : {}) };
}
