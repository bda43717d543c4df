/**
 * What the reader of YAML answers with: options, hints of the workload, and messages.
 */
import type { IgnoredReason } from '../options/heeded.ts';
import type { Options } from '../options/options.ts';
import type { OptionProblem, OptionProblemCode } from '../options/problem.ts';

/** Of a value that an option does not take, the code of its problem. */
export type YamlMessageCode =
  | OptionProblemCode
  | 'IPv6 not seen'
  | 'ambient mode'
  | 'annotation is no text'
  | 'app as proxy'
  | 'broken YAML'
  | 'changed after the injection'
  | 'changes no rule'
  | 'field of the proxy'
  | 'injection off'
  | 'key twice'
  | 'metadata is no text'
  | 'name of a later release'
  | 'native nftables'
  | 'network of the node'
  | 'no switch'
  | 'not heeded'
  | 'nothing to read'
  | 'other objects'
  | 'overruled by an argument'
  | 'outside of proxyMetadata'
  | 'pod of a gateway'
  | 'release by revision'
  | 'release unknown'
  | 'servers unknown'
  | 'too many nodes'
  | 'unknown annotation'
  | 'unknown value'
  | 'unknown variable'
  | 'unreadable'
  | 'variable of the app'
  | 'wrong place';

/** Something in the YAML that is broken, has no effect, or has another one than one would think. */
export type YamlMessage = YamlCause & {
  /** An error: Kubernetes, the injector or the init container refuses it. A note: it is as it should be, but mind it. */
  readonly severity: 'error' | 'warning' | 'note';
  /** What is the matter, by a name that stays when the sentences change. */
  readonly code: YamlMessageCode;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** What stands there: `annotation traffic.sidecar.istio.io/excludeInboundPorts "8080"`. */
  readonly found: string;
};

/** Why it is told. */
export type YamlCause =
  /** The option does not take the value, or another way than one would think. */
  | { readonly problem: OptionProblem }
  /** The release or the CNI plugin does not heed the option. */
  | { readonly ignored: IgnoredReason }
  | {
      /** What was expected there, or what Istio makes of it. */
      readonly because: string;
      readonly fix: string;
    };

/** What the YAML tells of the workload itself; what it does not tell is absent. */
export interface WorkloadHints {
  /** Whom the app runs as. */
  readonly uid?: number;
  readonly gid?: number;
  /** The ports that its containers name. */
  readonly ports: readonly number[];
  /** The pod's addresses, from its status. */
  readonly addresses: readonly string[];
  /** True where the proxy runs as root to listen below 1024: `netBindService` of a `Workload`. */
  readonly netBindService: boolean;
}

export interface FromYaml {
  /** `1.17.8`, where an image's tag or the name of a revision tells it. */
  readonly release: string | null;
  /** Only what the YAML sets. */
  readonly options: Partial<Options>;
  /** What was read: `Deployment reviews`; null where there was nothing to read. */
  readonly object: string | null;
  /** Null for Helm's values. */
  readonly workload: WorkloadHints | null;
  /** In the order of the lines. */
  readonly messages: readonly YamlMessage[];
}
