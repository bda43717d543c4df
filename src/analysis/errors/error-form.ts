/** What is known of a kind of error line, whatever this one tells. */

/** Who printed the line. */
export type ErrorProgram =
  | 'iptables'
  | 'iptables-restore'
  | 'iptables-save'
  | 'nft'
  | 'ip'
  | 'kernel'
  | 'modprobe'
  | 'istio-init'
  | 'istio-validation'
  | 'istio-cni'
  | 'pilot-agent'
  | 'linkerd-init'
  | 'ztunnel'
  | 'kubelet'
  | 'kubectl';

/**
 * What the line tells of what was to be done: why it was not (`cause`), only that it was not (`outcome`), something
 * that may or may not matter (`doubt`), or nothing (`remark`).
 */
export type ErrorMeaning = 'cause' | 'outcome' | 'doubt' | 'remark';

export interface ErrorForm {
  /** Where the line itself does not tell. */
  readonly program: ErrorProgram;
  readonly meaning: ErrorMeaning;
  readonly wordings: readonly RegExp[];
}
