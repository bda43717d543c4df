/** What the command refuses, as data; a language has words for each. */

/** How a text is written that is no UTF-8. */
export type OtherEncoding = 'UTF-16' | 'packed by gzip' | 'no text' | 'not UTF-8';

/** Bad use, or an input that is no text: exit code 2. */
export type BadUse =
  /** Nothing was named, and standard input is a terminal. */
  | { readonly code: 'no input'; readonly command: string }
  | { readonly code: 'missing file'; readonly path: string }
  | { readonly code: 'a directory'; readonly path: string; readonly command: string }
  | { readonly code: 'not readable'; readonly path: string; readonly error: string }
  | {
      readonly code: 'encoding';
      readonly input: string;
      readonly is: OtherEncoding;
      /** The first byte that is none of UTF-8, from 0; null where another form is known. */
      readonly at: number | null;
    }
  | {
      readonly code: 'not YAML';
      readonly input: string;
      readonly line: number;
      readonly column: number;
      /** It is a template of Helm, which is YAML only when it is rendered. */
      readonly isTemplate?: boolean;
    }
  | { readonly code: 'too long'; readonly input: string; readonly bytes: number; readonly most: number }
  | { readonly code: 'no such pod'; readonly asked: string; readonly pods: readonly string[] }
  | { readonly code: 'no address of a handbook'; readonly text: string }
  | { readonly code: 'no such option'; readonly name: string; readonly meant: string | null }
  | { readonly code: 'no value'; readonly name: string }
  | { readonly code: 'no switch'; readonly name: string; readonly value: string }
  /** Istio or iptables would not take it. */
  | {
      readonly code: 'option refused';
      readonly option: string;
      readonly value: string;
      readonly because: string;
      readonly fix: string;
    }
  | {
      readonly code:
        | 'files and a setting'
        | 'a node without ambient'
        | 'a mesh without ambient'
        | 'a pod and a node';
    }
  | { readonly code: 'no release of ambient'; readonly text: string }
  | {
      readonly code: 'no choice of the mesh';
      readonly text: string;
      readonly choices: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly code: 'no values of ambient'; readonly input: string }
  /** No pod of that kind has it. */
  | { readonly code: 'no such process'; readonly text: string; readonly has: readonly string[] }
  | { readonly code: 'one pipe for two' }
  | { readonly code: 'no sender' | 'no destination' | 'no answer' | 'no stop'; readonly text: string }
  /** A file that says which findings are meant to be: a line of it. */
  | {
      readonly code: 'suppression';
      readonly input: string;
      readonly line: number;
      readonly lacks: 'form' | 'rule' | 'reason';
      /** The rule that was meant; null where none is near. */
      readonly meant: string | null;
    }
  | { readonly code: 'nothing in directory'; readonly path: string }
  | { readonly code: 'two forms' }
  /** Neither a pod nor a node, or both. */
  | { readonly code: 'nothing to collect' }
  | { readonly code: 'no name'; readonly name: string }
  | { readonly code: 'no kubectl'; readonly error: string }
  | { readonly code: 'output closed' }
  /** A mistake of this program. */
  | { readonly code: 'failed'; readonly error: string };

/** How the weight of a finding, or the end of a command, is called. */
export type Ended = 'fine' | 'findings' | 'bad use' | 'cannot tell';

/** How much a check has looked at. */
export interface CountedChecks {
  readonly findings: number;
  readonly suppressed: number;
  /** Objects of Kubernetes, and values. */
  readonly objects: number;
  /** Pods whose rules were read. */
  readonly dumps: number;
}
