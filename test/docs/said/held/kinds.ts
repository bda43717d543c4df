/** What holds a sentence that code tells a reader, where it is a statement on a program. */
import type { FactName } from '../../../../src/istio/facts/index.ts';

/** Whatever is no fact, and which sentences are of that kind. */
export const heldKinds = {
  engine: 'what rules and the kernel do with a packet: the engine walks it, and the kernel was asked',
  model:
    'made of what the model of a process decides, of which a real Envoy and a real ztunnel are asked: test/mesh, test/envoy',
  builder:
    'what is written for an option, and not: rulesFor does the same, and the real programs were asked: test/istio/steps/programs.test.ts',
  history: 'made of a change of a release, which names its commit, or of the table of options',
  found: 'what is found in a pasted text: the finding is computed, and has its example in test/analysis',
  read: 'what a line of a log or of a terminal says, in plain words: src/analysis/errors has the wordings, with their source',
  shown: 'what a text is, what to do and which command to run: it states nothing of a program',
  caused:
    'what leads to an error of iptables, nft or ip, brought about in a pod: test/kernel/error-causes.test.ts',
} as const;

export type HeldKind = keyof typeof heldKinds;

/** A fact with the words in which it is said. */
export type SaidFact = readonly [FactName, string];

/** Facts with their words, and sentences by what holds them. */
export type FileHeld = {
  /** Each name, number, release, not, only and also in the words is compared with the fact, as on a page. */
  readonly facts?: readonly SaidFact[];
  /** The fact says the same in other words, which somebody has compared. */
  readonly meant?: readonly SaidFact[];
} & Partial<Readonly<Record<HeldKind, readonly string[]>>>;

/** By file. */
export type Held = Readonly<Record<string, FileHeld>>;
