/**
 * Options out of YAML: a pod's, or Helm's values. The door of this folder exports these two functions, and they
 * load what reads YAML when they are first called: the library is some 100 kB, and the simulator, which imports
 * the door, has no use for it. That is why they answer with promises.
 */
import type { Options } from '../options/options.ts';

/** Something in the YAML that is broken, has no effect, or has another one than one would think. */
export interface YamlMessage {
  /** An error: Kubernetes, the injector or the init container refuses it. A note: it is as it should be, but mind it. */
  readonly severity: 'error' | 'warning' | 'note';
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** What stands there: `annotation traffic.sidecar.istio.io/excludeInboundPorts "8080"`. */
  readonly found: string;
  /** What was expected there, or what Istio makes of it. */
  readonly because: string;
  readonly mend: string;
  /** What it is about, where others have to tell it from the rest. */
  readonly about?: 'app as proxy';
}

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

/** A message in one line: `7:9: warning: annotation …: … Write …` */
export function printYamlMessage({ severity, line, column, found, because, mend }: YamlMessage): string {
  return `${line}:${column}: ${severity}: ${found}: ${because}${mend === '' ? '' : ` ${mend}`}`;
}

/**
 * Reads a Pod, a Deployment or another workload, a List, several documents, or what `istioctl kube-inject` or
 * `kubectl get -o yaml` prints. Of several workloads the first is read, or the one named by `object`
 * (`Deployment reviews`). Never throws: what cannot be read is a message.
 */
export async function optionsFromPod(yaml: string, object?: string): Promise<FromYaml> {
  const { readPod } = await import('./pod.ts');
  return readPod(yaml, object);
}

/** Reads the values of Istio's Helm chart istiod, or an IstioOperator. Never throws. */
export async function optionsFromHelm(yaml: string): Promise<FromYaml> {
  const { readHelm } = await import('./helm.ts');
  return readHelm(yaml);
}
