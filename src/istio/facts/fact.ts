/**
 * A statement about what one of Istio's programs does, as data: who does it, the names and numbers in it, for which
 * releases and settings it holds, and how it is known. The words are made from it in `src/words/en/facts`.
 */
import { isSince, type ReleaseNumber } from '../history/release.ts';
import { completeOptions, type OptionName, type Options } from '../options/options.ts';

/** Whose statement it is. */
export type Program =
  | 'Envoy'
  | 'pilot-agent'
  | 'istiod'
  | 'injector'
  | 'istio-init'
  | 'istio-cni'
  | 'istio-validation'
  | 'ztunnel'
  | 'istioctl'
  | 'kubectl'
  | 'kubelet'
  | 'runtime'
  | 'image'
  | 'gateway'
  | 'Istio';

/** A line of a repository at a tag. */
export interface SourceLine {
  /** `istio/istio` */
  readonly repo: string;
  readonly tag: string;
  readonly path: string;
  /** Of that file: a line, or enough of it that it says the fact. */
  readonly line: string;
  /** The fact is that no line of the file has this. */
  readonly isAbsent?: true;
}

/** How a fact is known. A case is a file of a test that asks, and, where it has several, the title of the one. */
export type Evidence =
  | { readonly by: 'kernel' | 'Envoy' | 'ztunnel' | 'istiod'; readonly case: string; readonly title?: string }
  | ({ readonly by: 'source' | 'document' } & SourceLine);

export type EvidenceKind = Evidence['by'];

/** All ways to know a fact, the strongest first. */
export const evidenceKinds: readonly EvidenceKind[] = [
  'kernel',
  'Envoy',
  'ztunnel',
  'istiod',
  'source',
  'document',
];

export interface Fact {
  readonly subject: Program;
  /** Each name and number of the statement, once, by what it is. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** The setting that it holds for, by what it is: words that cannot be left out. */
  readonly where?: Readonly<Record<string, string>>;
  /** The options of the pod for which it holds, where it is not for all: said by where it stands, and not by its words. */
  readonly options?: Partial<Options>;
  /** The statement denies something. */
  readonly not?: true;
  /** It is so for this and for nothing else. */
  readonly only?: true;
  /** It is so for this, too. */
  readonly also?: true;
  /** The first release with it: `1.25`, `1.11.3`. Absent: so since the oldest release told here, or not looked for. */
  readonly since?: string;
  /** The first release in which it is no longer so. */
  readonly before?: string;
  readonly known: readonly [Evidence, ...Evidence[]];
  /** When its sources were last looked at: `2026-11-28`. */
  readonly checked: string;
}

/** Whether a fact holds in a release. */
export function factHolds(
  { since, before }: Pick<Fact, 'since' | 'before'>,
  release: ReleaseNumber,
): boolean {
  return (
    (since === undefined || isSince(release, since)) && (before === undefined || !isSince(release, before))
  );
}

/** The options that a fact is for and that a pod does not have. */
export function factOptionsMissing(
  { options = {} }: Pick<Fact, 'options'>,
  pod: Partial<Options>,
): readonly OptionName[] {
  const has = completeOptions(pod);
  return (Object.keys(options) as OptionName[]).filter((name) => String(options[name]) !== String(has[name]));
}

/** The tag of the ztunnel that is asked. */
export const ztunnelAsked = '1.31.0-rc.0';

/** A real ztunnel was asked, in a case of `test/mesh/ztunnel/behaviours`. */
export function ztunnelAnswer(file: string, title: string): Evidence {
  return { by: 'ztunnel', case: `test/mesh/ztunnel/behaviours/${file}`, title };
}

/** A real Envoy was asked, in a case of `test/mesh/behaviours`. */
export function envoyAnswer(file: string, title: string): Evidence {
  return { by: 'Envoy', case: `test/mesh/behaviours/${file}`, title };
}

/** A line of Istio's own source. */
export function istioLine(tag: string, path: string, line: string): Evidence {
  return { by: 'source', repo: 'istio/istio', tag, path, line };
}

/** A line of ztunnel's source. */
export function ztunnelLine(tag: string, path: string, line: string): Evidence {
  return { by: 'source', repo: 'istio/ztunnel', tag, path, line };
}

/** A line that is not in ztunnel's source. */
export function ztunnelLineGone(tag: string, path: string, line: string): Evidence {
  return { ...ztunnelLine(tag, path, line), isAbsent: true } as Evidence;
}

/** A line that is in Istio's own source no more. */
export function istioLineGone(tag: string, path: string, line: string): Evidence {
  return { ...istioLine(tag, path, line), isAbsent: true } as Evidence;
}

/** A line of Istio's own document, which is in the repository of its site. */
export function istioDocument(tag: string, path: string, line: string): Evidence {
  return { by: 'document', repo: 'istio/istio.io', tag, path, line };
}

/** A line of Envoy's own source, at a commit: of its releases no file can be had here. */
export function envoyLine(
  path: string,
  line: string,
  tag = '02a45cb9a20f6f1c1ebeb8a197af830ff153f073',
): Evidence {
  return { by: 'source', repo: 'envoyproxy/envoy', tag, path, line };
}

/** A line of kubectl's own source. */
export function kubectlLine(path: string, line: string): Evidence {
  return { by: 'source', repo: 'kubernetes/kubectl', tag: 'v0.36.0', path, line };
}
