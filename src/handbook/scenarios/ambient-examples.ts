/** Whom a reader can let call whom, in ambient mode: the senders and destinations of an enrolled pod. */
import { type AmbientOptions, type EnrolledWorkload, ztunnelPorts } from '../../istio/index.ts';
import { familyOf, printEndpoint } from '../../netfilter/index.ts';
import type { AmbientScenario } from './ambient.ts';
import { waypoint } from './ambient-mesh.ts';
import { kubeletProcess, otherProcess } from './ambient-node.ts';
import {
  type ExampleCall,
  type ExamplePeer,
  type ExampleSender,
  exampleCalls,
  examplePeers,
} from './examples.ts';
import { peers, pod, podAddressV6, services } from './setting.ts';

/** The senders, and the other side of a scenario that is none of them. */
export function ambientSenders(
  { request: { from } }: Pick<AmbientScenario, 'request'>,
  { hostProbeSNATAddress }: AmbientOptions,
): readonly ExampleSender[] {
  const usual: readonly ExampleSender[] = [
    { label: 'the app', from: { process: 'app' } },
    { label: 'ztunnel', from: { process: 'ztunnel' } },
    { label: 'a mesh peer', from: peers.remote },
    { label: 'a waypoint', from: waypoint },
    { label: 'a client outside the mesh', from: { name: 'outside client', address: '203.0.113.10' } },
    {
      label: 'the kubelet, by the rule of the node',
      from: { name: 'kubelet', address: hostProbeSNATAddress },
    },
    { label: 'the kubelet, from its own address', from: peers.kubelet },
  ];
  const isOther =
    'address' in from && !usual.some((one) => 'name' in one.from && one.from.name === from.name);
  return isOther ? [{ label: `the ${from.name}`, from }, ...usual] : usual;
}

/** The destinations, with those that only ambient mode has and without those that it has not. */
export function ambientCalls({ addresses, ports }: EnrolledWorkload): readonly ExampleCall[] {
  const port = ports[0]?.port ?? pod.port;
  const own = new Map(
    addresses.map((one) => {
      const address = one.split('/')[0] ?? '';
      return [familyOf(address), address];
    }),
  );
  const tunnels = [...own].map(
    ([family, address]): ExampleCall => ({
      label: `the pod by HBONE${family === 'v6' ? ', IPv6' : ''}`,
      address,
      port: ztunnelPorts.hbone,
      protocol: 'tcp',
      isV6: family === 'v6',
      path: printEndpoint(address, port),
    }),
  );
  const calls = exampleCalls
    .filter(({ label }) => label !== 'istiod')
    .map((call): ExampleCall => {
      const isOwn = call.address === pod.address || call.address === podAddressV6;
      const address = (isOwn ? own.get(familyOf(call.address)) : undefined) ?? call.address;
      return { ...call, address, port: call.port === pod.port ? port : call.port };
    });
  return [...tunnels, ...calls];
}

/** Peers with an address in each family: the kubelet too, as the node's rule makes it. */
export function ambientPeers({
  hostProbeSNATAddress,
  hostProbeV6SNATAddress,
}: AmbientOptions): readonly ExamplePeer[] {
  return [
    { name: 'kubelet', v4: hostProbeSNATAddress, v6: hostProbeV6SNATAddress },
    { name: waypoint.name, v4: waypoint.address, v6: 'fd00:10:244:3::20' },
    { name: 'outside client', v4: '203.0.113.10', v6: '2001:db8::10' },
    ...examplePeers,
  ];
}

/** Whom a reader can let call on a node. */
export const nodeSenders: readonly ExampleSender[] = [
  { label: 'the kubelet', from: kubeletProcess },
  { label: 'another process of the node', from: otherProcess },
  { label: 'a pod of this node', from: { name: 'pod of this node', address: '10.244.1.6' } },
  { label: 'a pod of another node', from: peers.remote },
];

/** And what; `isTold`: the pod is one that the text tells to be enrolled. */
export function nodeCalls(
  toPod: { readonly address: string; readonly port: number },
  isTold: boolean,
): readonly ExampleCall[] {
  const { address, port } = services.remote.endpoints[0];
  const call = (label: string, to: { readonly address: string; readonly port: number }): ExampleCall => ({
    label,
    ...to,
    protocol: 'tcp',
    isV6: to.address.includes(':'),
  });
  return [
    call(isTold ? 'an enrolled pod of this node' : 'a pod of this node', toPod),
    call('a pod of this node that is not enrolled', { address: '10.244.1.7', port: pod.port }),
    call('a pod of another node', { address, port }),
    call('an address outside of the cluster', { address: '203.0.113.20', port: 443 }),
  ];
}
