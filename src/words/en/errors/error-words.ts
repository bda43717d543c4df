/** What is said of an error line: what it says in plain words, where it comes from, what helps. */
import type { ErrorLine } from '../../../analysis/index.ts';
import { code, type Part } from '../../parts.ts';

export interface ErrorWords {
  /** What the line says. A sentence without its full stop. */
  readonly says: readonly Part[];
  /** What leads to it. Begins with a small letter, no full stop. */
  readonly because: readonly Part[];
  /** What helps, in the imperative. Begins with a small letter, no full stop. */
  readonly fix: readonly Part[];
  /** The page of the handbook that tells more: `/runbooks/rules-missing/`. */
  readonly page: ErrorPage;
}

/** The pages that an error leads to. */
export type ErrorPage =
  | '/ambient/hbone/'
  | '/ambient/service/'
  | '/ambient/ztunnel/'
  | '/lab/'
  | '/learn/iptables/'
  | '/learn/owner/'
  | '/options/addresses/'
  | '/options/dns/'
  | '/options/inbound/'
  | '/options/interfaces/'
  | '/options/mode/'
  | '/options/outbound/'
  | '/options/processes/'
  | '/options/setup/'
  | '/reference/limits/'
  | '/reference/ports/'
  | '/traffic/sidecar-to-istiod/'
  | '/runbooks/ambient-calls-time-out/'
  | '/runbooks/ambient-not-enrolled/'
  | '/runbooks/ambient-strict-refuses/'
  | '/runbooks/connection-hangs/'
  | '/runbooks/connection-refused/'
  | '/runbooks/init-container-no-network/'
  | '/runbooks/ipv6-bypasses-envoy/'
  | '/runbooks/probe-fails/'
  | '/runbooks/rules-missing/'
  | '/runbooks/setup-fails/';

export type ErrorWordsOf = (line: ErrorLine) => ErrorWords;

/** As the line told it; where it did not, the words for it. */
export function asTold(value: string | number | undefined, otherwise: string): Part {
  return value === undefined ? otherwise : code(String(value));
}
