/** All that the lab's page says of an inspection. It is made in the worker, so that the page need not carry the words. */
import { weights } from '../../analysis/index.ts';
import {
  alsoOfWords,
  asksWords,
  findingPage,
  findingWords,
  inPlaceCommand,
  inPlaceNote,
  iptablesOf,
  knownWords,
  moreTrackedWords,
  nextWords,
  originWords,
  otherOriginsWords,
  pageWords,
  repairWords,
  seemingWords,
  signWords,
  summary,
  trackedSenderWords,
  trackedWords,
  whatWasRead,
} from '../../words/index.ts';
import { encodePermalink } from '../walk/index.ts';
import type { Inspection } from './inspection.ts';
import type { ShownFinding } from './shown-finding.ts';
import { usualConnection } from './usual-connection.ts';

/** A connection of conntrack, in words. */
export interface TrackedRow {
  readonly says: string;
  /** Of whom it is taken to be; null where it cannot be asked about. */
  readonly sender: string | null;
}

export interface InspectionWords {
  readonly summary: string;
  /** What shows what the text is of, each in a phrase. */
  readonly signs: readonly string[];
  /** What else it is of; null where it is of one thing. */
  readonly alsoOf: string | null;
  /** What to do next; null where the findings tell. */
  readonly next: string | null;
  /** What was taken off around the rules, each in a phrase. */
  readonly repairs: readonly string[];
  /** Where rules seem to stand that were not read; null where none do. */
  readonly seeming: string | null;
  /** What else would have made these rules, and how many that are; null where nothing else would. */
  readonly others: { readonly count: string; readonly origins: readonly string[] } | null;
  /** What was read, each in a phrase. */
  readonly read: readonly string[];
  /** What the walks know of the pod, each in a sentence. */
  readonly known: readonly string[];
  /** The connections that conntrack has, in the order of `tracked`; what more there are, null for none. */
  readonly tracked: { readonly rows: readonly TrackedRow[]; readonly more: string | null };
  /** What YAML without rules asks for, and the fragment that leads to a connection on the rules that follow. */
  readonly asks: { readonly says: string; readonly fragment: string } | null;
  readonly findings: readonly ShownFinding[];
  /** The commands that set the rules right while the pod runs; null where there are none. */
  readonly inPlace: { readonly says: string; readonly commands: readonly string[] } | null;
  /** For each of `identified`, what its differences are counted from: `Istio 1.30 with its default options`. */
  readonly nearest: readonly string[];
}

export function inspectionWords(inspection: Inspection): InspectionWords {
  const { read, also, known, findings, identified, recognised, repairs, seeming, tracked } = inspection;
  const count = otherOriginsWords(inspection);
  return {
    summary:
      inspection.envoy !== undefined && recognised[0].kind === 'configuration of Envoy'
        ? inspection.envoy.words.summary
        : summary(inspection),
    signs: recognised[0].signs.map(signWords),
    alsoOf: alsoOfWords(recognised),
    // Whose rules were found needs no other text.
    next:
      identified.length > 0 ||
      findings.some(({ id }) => id.startsWith('ambient.')) ||
      // Rules bring connections to a sidecar's Envoy alone.
      (recognised[0].kind === 'configuration of Envoy' && inspection.envoy?.origin !== 'sidecar')
        ? null
        : nextWords(recognised[0]),
    repairs: repairs.map(repairWords),
    // Where nothing was read the summary says it.
    seeming: seeming === null || recognised[0].kind === 'nothing' ? null : seemingWords(seeming),
    others: count === null ? null : { count, origins: (identified[0]?.others ?? []).map(originWords) },
    read: whatWasRead(read, also),
    // What walks take from the handbook's example is of no use where nothing is walked.
    known: inspection.isWalkable ? knownWords(known) : [],
    tracked: {
      rows: tracked.first.map((one) => ({
        says: trackedWords(one),
        sender: inspection.asksWith !== null && one.request !== null ? trackedSenderWords(one) : null,
      })),
      more:
        tracked.count > tracked.first.length ? moreTrackedWords(tracked.count - tracked.first.length) : null,
    },
    asks: inspection.asks && {
      says: asksWords(inspection.asks),
      fragment: encodePermalink({ scenario: usualConnection, ...inspection.asks }),
    },
    findings: byWeight([
      ...findings.map((one) => ({
        id: one.id,
        weight: one.weight,
        page: { path: findingPage(one), says: pageWords(findingPage(one)) },
        ...findingWords(one),
      })),
      ...(inspection.envoy?.words.findings ?? []),
    ]),
    inPlace: inPlaceWords(inspection),
    nearest: identified.map(({ releases, options }) =>
      originWords({ releases: releases.slice(-1), options }),
    ),
  };
}

function byWeight(all: readonly ShownFinding[]): readonly ShownFinding[] {
  return weights.flatMap((weight) => all.filter((one) => one.weight === weight));
}

function inPlaceWords({ inPlace, identified }: Inspection): InspectionWords['inPlace'] {
  const commands = inPlace.flatMap(({ family, backEnd, steps }) =>
    steps.map((step) => inPlaceCommand(iptablesOf(family, backEnd), step)),
  );
  const [main] = identified;
  if (main === undefined || commands.length === 0) return null;
  const { options, releases } = main;
  return { says: inPlaceNote(commands.length, { options, releases: releases.slice(-1) }), commands };
}
