/** What has been published about a path beside what the engine computes, step by step. */
export interface PublishedRow {
  readonly published?: string | undefined;
  readonly computed?: string | undefined;
  readonly verdict: 'holds' | 'differs' | 'left out' | 'never happens' | 'depends';
  readonly reason: string;
}
