/**
 * Sentences of pages that state something and are no fact, listed by what should hold them, so that none comes or changes
 * unseen. Most were sorted by their page and section when the list was made, and are still to be gone through one by one.
 */

/** What holds a sentence, and which sentences are of that kind. */
export const readKinds = {
  engine: 'what rules and the kernel do with a packet: the engine walks it, and the kernel was asked',
  page: 'what a page, the handbook, its lab and its command are about, and where to read on',
  reader: 'what somebody does and sees who has this case: its commands are run in pods of each kind',
  open: 'of something that no test here asks: other programs of a cluster, and what follows from facts',
} as const;

export type ReadKind = keyof typeof readKinds;

/** The sentences of a page by what holds them, as they stand there. */
export type PageRead = Partial<Readonly<Record<ReadKind, readonly string[]>>>;

/** By page. */
export type ReadSentences = Readonly<Record<string, PageRead>>;
