/**
 * What the reader of YAML answers with: options, hints of the workload, and messages.
 */
import type { IgnoredReason } from '../options/heeded.ts';
import type { Options } from '../options/options.ts';
import type { OptionProblem, OptionProblemCode } from '../options/problem.ts';

/** What sets an option, by the name that stands in the YAML. `src/words/en/yaml.ts` names it to a reader. */
export type YamlSetter =
  | { readonly kind: 'annotation' | 'argument' | 'option' | 'value'; readonly name: string }
  /** In the environment of a container, or a field of it. */
  | { readonly kind: 'variable' | 'field'; readonly name: string; readonly of: string }
  | { readonly kind: 'entry of ProxyConfig'; readonly name: string; readonly at: ProxyConfigPlace }
  | { readonly kind: 'istio-validation' | 'addresses of the pod' | 'servers of the pod' };

/** Where a ProxyConfig stands. */
export type ProxyConfigPlace = 'annotation' | 'mesh';

/** What is the matter, by a name that stays when the sentences change, and with what the sentences are made of. */
export type YamlMatter =
  /** The option does not take the value, or another way than one would think. */
  | (Given & { readonly code: OptionProblemCode; readonly problem: OptionProblem })
  /** The release or the CNI plugin does not heed the option. */
  | (Given & { readonly code: 'not heeded'; readonly ignored: IgnoredReason })
  | (Given & { readonly code: 'changes no rule' | 'no switch' | 'servers unknown' })
  | {
      readonly code: 'unreadable';
      readonly text:
        | { readonly is: 'no text'; readonly type: string }
        | { readonly is: 'too long'; readonly length: number; readonly most: number }
        /** The library says why. */
        | { readonly is: 'beyond the library'; readonly why: string };
    }
  | { readonly code: 'too many nodes'; readonly most: number }
  /** `error` is the library's own code. */
  | {
      readonly code: 'broken YAML' | 'key twice';
      readonly text: string;
      readonly error: string;
      readonly why: string;
      /** The line ends with an unquoted *, which begins an alias. */
      readonly isWildcard: boolean;
    }
  | {
      readonly code: 'nothing to read';
      /** What was looked for: `pod` for any, or an object by its name. */
      readonly wanted: 'values' | 'pod' | { readonly object: string };
      /** What there is. */
      readonly names: readonly string[];
    }
  | { readonly code: 'other objects'; readonly names: readonly string[]; readonly chosen: string }
  | { readonly code: 'annotation is no text'; readonly key: string; readonly text: string }
  | {
      readonly code: 'unknown annotation';
      readonly key: string;
      readonly meant: string | null;
      readonly known: readonly string[];
    }
  | {
      readonly code: 'wrong place';
      readonly as: 'annotation' | 'label';
      readonly key: string;
      readonly why: Astray;
    }
  | {
      readonly code: 'name of a later release';
      readonly key: string;
      readonly release: string;
      readonly since: string;
      readonly older: string | null;
    }
  | {
      /** A name that the release does not read any more, or that none has ever read. */
      readonly code: 'name of an earlier release';
      readonly key: string;
      readonly release: string;
      /** The first release without it; null where none has read it. */
      readonly before: string | null;
    }
  | {
      readonly code: 'changed after the injection';
      readonly key: string;
      readonly value: string;
      /** What istio-init was told; null where nothing. */
      readonly told: string | null;
    }
  | {
      readonly code: 'ambient mode';
      readonly of: 'pod' | 'namespace' | 'charts';
      readonly key: string;
      readonly value: string;
    }
  | { readonly code: 'native nftables'; readonly by: 'value' | 'argument' }
  | { readonly code: 'injection off'; readonly key: string }
  | { readonly code: 'network of the node' }
  | { readonly code: 'pod of a gateway'; readonly proxy: string }
  | { readonly code: 'release by revision'; readonly revision: string; readonly release: string }
  | { readonly code: 'release unknown'; readonly image: string }
  | { readonly code: 'IPv6 not seen'; readonly address: string }
  | { readonly code: 'app as proxy'; readonly key: string; readonly id: string }
  | { readonly code: 'variable of the app'; readonly name: string; readonly container: string }
  | (OfProxyConfig & { readonly code: 'outside of proxyMetadata' })
  | (OfProxyConfig & { readonly code: 'unknown variable'; readonly meant: string })
  | (OfProxyConfig & { readonly code: 'metadata is no text'; readonly text: string })
  | (OfProxyConfig & {
      readonly code: 'overruled by an argument';
      readonly flag: string;
      /** What sets the option all the same; null where nothing does. */
      readonly instead: { readonly kind: 'annotation' | 'value'; readonly name: string } | null;
    })
  | { readonly code: 'unknown value'; readonly path: string; readonly meant: string }
  | { readonly code: 'field of the proxy'; readonly key: string };

interface Given {
  readonly by: YamlSetter;
  readonly value: string;
}

interface OfProxyConfig {
  readonly name: string;
  readonly at: ProxyConfigPlace;
}

/** Why nobody reads an annotation or a label where it stands. */
export type Astray =
  /** It is the name of a variable. */
  | { readonly is: 'variable' }
  /** It is read as an annotation. */
  | { readonly is: 'label of a pod' }
  | { readonly is: 'injection of a namespace'; readonly object: string }
  | { readonly is: 'object without pods'; readonly object: string }
  | { readonly is: 'beside the template'; readonly object: string; readonly home: string };

/** Something in the YAML that is broken, has no effect, or has another one than one would think. */
export type YamlMessage = YamlMatter & {
  /** An error: Kubernetes, the injector or the init container refuses it. A note: it is as it should be, but mind it. */
  readonly severity: 'error' | 'warning' | 'note';
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The line in the text of an annotation that is YAML itself, and stands at `line`. */
  readonly lineWithin?: number;
};

export type YamlMessageCode = YamlMessage['code'];

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
