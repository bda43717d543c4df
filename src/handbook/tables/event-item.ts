import type { StopKind } from '../../render/stop.ts';

/** One step in words. */
export interface EventItem {
  /** The step's address: `step-0-0-12`. */
  readonly id: string;
  readonly kind: StopKind;
  readonly text: string;
  readonly detail?: string | undefined;
  /** Something that changed nothing: shown smaller. */
  readonly quiet?: boolean | undefined;
  readonly rewritten?: { readonly before: string; readonly after: string } | undefined;
  /** Steps that are folded away under this one, such as rules that did not match. */
  readonly folded?: { readonly summary: string; readonly items: readonly EventItem[] } | undefined;
}
