/** Which mutual TLS a workload asks for: pilot/pkg/security/authn/policy_applier.go ComposePeerAuthentication. */
import { byAge, hasLabels, type Labels, type Resource, rawAt, rawLabels, rawObject, rawText } from './raw.ts';

export type MutualTls = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

export const rootNamespace = 'istio-system';

export interface PeerPolicy {
  readonly mode: MutualTls;
  /** By ports of the pod. */
  readonly ports: Readonly<Record<number, MutualTls>>;
}

/** What is set for a workload: the narrowest scope that says something, the oldest resource of each. */
export function peerPolicyOf(resources: readonly Resource[], namespace: string, labels: Labels): PeerPolicy {
  const all = byAge(resources.filter(({ kind }) => kind === 'PeerAuthentication'));
  const selects = (one: Resource) => Object.keys(selectorOf(one)).length > 0;
  const mesh = all.find((one) => one.namespace === rootNamespace && !selects(one));
  const ofNamespace =
    namespace === rootNamespace ? undefined : all.find((one) => one.namespace === namespace && !selects(one));
  const own =
    namespace === rootNamespace
      ? undefined
      : all.find((one) => one.namespace === namespace && selects(one) && hasLabels(selectorOf(one), labels));
  const mode = modeOf(own) ?? modeOf(ofNamespace) ?? modeOf(mesh) ?? 'PERMISSIVE';
  const ports = Object.entries(rawObject(own?.spec.portLevelMtls)).map(
    ([port, mtls]) => [Number(port), readMode(rawAt(mtls, 'mode')) ?? mode] as const,
  );
  return { mode, ports: Object.fromEntries(ports) };
}

export function modeAt(policy: PeerPolicy, port: number): MutualTls {
  return policy.ports[port] ?? policy.mode;
}

/** What a client expects of a namespace: policies of single workloads are not asked. */
export function namespaceMode(resources: readonly Resource[], namespace: string): MutualTls {
  const wide = resources.filter(
    (one) => one.kind === 'PeerAuthentication' && Object.keys(selectorOf(one)).length === 0,
  );
  return peerPolicyOf(wide, namespace, {}).mode;
}

function selectorOf(one: Resource): Labels {
  return rawLabels(rawAt(one.spec, 'selector', 'matchLabels'));
}

function modeOf(one: Resource | undefined): MutualTls | undefined {
  return one === undefined ? undefined : readMode(rawAt(one.spec, 'mtls', 'mode'));
}

function readMode(value: unknown): MutualTls | undefined {
  const mode = rawText(value);
  return mode === 'DISABLE' || mode === 'PERMISSIVE' || mode === 'STRICT' ? mode : undefined;
}
