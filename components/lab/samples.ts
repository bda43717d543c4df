/**
 * A text of each kind, to try the lab with. Rules and tables were printed by a real kernel, into which Istio's own rules,
 * or those of others, were loaded. Each is a file of its own, loaded when it is asked for.
 */
import type { Kind } from '../../src/analysis/index.ts';

export type SampleKind = Exclude<Kind, 'nothing'>;

const texts = import.meta.glob<string>(['./samples/*.txt', './sample.iptables-save.txt'], {
  query: '?raw',
  import: 'default',
});

const files: Readonly<Record<SampleKind, string>> = {
  sidecar: 'sample.iptables-save',
  'older sidecar': 'samples/older-sidecar',
  'ambient pod': 'samples/ambient-pod',
  'ambient node': 'samples/ambient-node',
  'native nftables': 'samples/native-nftables',
  'iptables in nft': 'samples/iptables-in-nft',
  'other nftables': 'samples/other-nftables',
  gateway: 'samples/gateway',
  node: 'samples/node',
  'another mesh': 'samples/another-mesh',
  KubeVirt: 'samples/kubevirt',
  'a virtual machine': 'samples/virtual-machine',
  'own redirection': 'samples/own-redirection',
  'other rules': 'samples/other-rules',
  'tables without nat': 'samples/tables-without-nat',
  'empty tables': 'samples/empty-tables',
  'run that failed': 'samples/run-that-failed',
  'listing for people': 'samples/listing-for-people',
  'pod as YAML': 'samples/pod-as-yaml',
  'description of a pod': 'samples/description-of-a-pod',
  'settings as YAML': 'samples/settings-as-yaml',
  'state of the network': 'samples/state-of-the-network',
  'configuration of Envoy': 'samples/configuration-of-envoy',
  'errors alone': 'samples/errors-alone',
};

export const sampleKinds = Object.keys(files) as readonly SampleKind[];

export async function sampleOf(kind: SampleKind): Promise<string> {
  return (await texts[`./${files[kind]}.txt`]?.()) ?? '';
}
