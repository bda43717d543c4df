/**
 * Options out of YAML: a pod's, or Helm's values. The door of this folder exports these two functions, and they
 * load what reads YAML when they are first called: the library is some 100 kB, and the simulator, which imports
 * the door, has no use for it. That is why they answer with promises.
 */
import type { AmbientFromYaml } from './ambient-values.ts';
import type { EveryObject } from './every.ts';
import type { FromYaml } from './message.ts';

export type { AmbientFromYaml } from './ambient-values.ts';
export type { AppPort, EveryObject, MeshMark, ReadObject } from './every.ts';
export type {
  FromYaml,
  ProxyConfigPlace,
  WorkloadHints,
  YamlMatter,
  YamlMessage,
  YamlMessageCode,
  YamlSetter,
} from './message.ts';
export { type InterceptionPart, interceptionPart } from './part.ts';
export { optionOfVariable, usualName } from './settings.ts';

/**
 * Reads a Pod, a Deployment or another workload, a List, several documents, or what `istioctl kube-inject` or
 * `kubectl get -o yaml` prints. Of several workloads the first is read, or the one named by `object`
 * (`Deployment reviews`). Never throws: what cannot be read is a message.
 */
export async function optionsFromPod(yaml: string, object?: string): Promise<FromYaml> {
  const { readPod } = await import('./pod.ts');
  return readPod(yaml, object);
}

/** Reads a pod's, or where there is none, settings: Helm's values or an IstioOperator. Never throws. */
export async function optionsFromYaml(yaml: string): Promise<FromYaml> {
  const ofPod = await optionsFromPod(yaml);
  if (ofPod.object !== null || ofPod.messages.every(({ code }) => code !== 'nothing to read')) return ofPod;
  const ofHelm = await optionsFromHelm(yaml);
  return Object.keys(ofHelm.options).length > 0 ? ofHelm : ofPod;
}

/** Reads the values of Istio's Helm chart istiod, or an IstioOperator. Never throws. */
export async function optionsFromHelm(yaml: string): Promise<FromYaml> {
  const { readHelm } = await import('./helm.ts');
  return readHelm(yaml);
}

/** Reads options of ambient mode out of values of the chart istio-cni, or a pod's annotations. Never throws. */
export async function ambientOptionsFromYaml(yaml: string): Promise<AmbientFromYaml> {
  const { readAmbientValues } = await import('./ambient-values.ts');
  return readAmbientValues(yaml);
}

/** Reads all objects of a text, each by itself. Never throws. */
export async function readEveryObject(yaml: string): Promise<EveryObject> {
  const { readEvery } = await import('./every.ts');
  return readEvery(yaml);
}
