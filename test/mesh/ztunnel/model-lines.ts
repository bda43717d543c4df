/** What the model says of a case of `behaviours`, in the lines that are written of the kernel's packets there. */
import { peers, pod } from '../../../src/handbook/scenarios/setting.ts';
import { journey, type Leg, type Request } from '../../../src/journey/index.ts';
import type { Packet } from '../../../src/netfilter/index.ts';
import { printEnd } from '../case-file.ts';
import { modelIn } from './ambient-mesh.ts';
import { meshNamed, type ZtunnelCase } from './case-file.ts';
import { askedWorkload, outside, podServes, probes, twin } from './world.ts';

/** The lines of packets among those of a case. What becomes of a packet that leaves the pod is not the model's to say. */
export function packetLinesOf(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => /^(sent|came): /.test(line))
    .map((line) => (isToOthers(line) ? line.replace(/, [^,]*$/, '') : line));
}

const own = [...askedWorkload.addresses.map((address) => address.split('/')[0] ?? ''), '127.0.0.1', '::1'];

const isToOthers = (line: string): boolean => {
  const [, to = ''] = /> \[?([^ \],]+?)\]?:\d+[ ,]/.exec(line) ?? [];
  return line.startsWith('sent: ') && /with mark 0x539,|^sent: udp/.test(line) && !own.includes(to);
};

/** Null where no request of the model is like it. */
export function modelLines(one: ZtunnelCase): readonly string[] | null {
  const wanted = meshNamed(one.mesh);
  const request = requestFor(one);
  // A policy that denies somebody is not the model's.
  if (wanted === null || request === null || wanted.deniesPeer === true) return null;
  const ports = podServes.map(({ address, port }) => ({ port, address }));
  const { legs } = journey(modelIn({ ...wanted, workload: { ...wanted.workload, ports } }), request);
  return packetLinesOf(legs.map(lineOf));
}

function requestFor({ caller, how, to, send }: ZtunnelCase): Request | null {
  if (how === 'ping') return null;
  const { address, port } = to;
  const family = address.includes(':') ? 'v6' : 'v4';
  const more = {
    ...(how === 'tcp' ? {} : { protocol: 'udp' }),
    ...(how === 'ask' || how === 'ask6' ? { path: send } : {}),
  };
  const from = (name: string, source: string) => ({ from: { name, address: source }, address, port });
  switch (caller) {
    case 'app':
      return { from: { process: 'app' }, address, port, ...more };
    case '1337':
      return { from: { name: 'app', uid: 1337, gid: 1337 }, address, port };
    case 'outside':
      return from('outside client', twin(outside, family));
    case 'probe':
      return from('kubelet', probes[family]);
    case 'node':
      return from('kubelet', twin(peers.kubelet.address, family));
    case 'peer': {
      const service = askedWorkload.services.find(
        (other) => other.address === address && other.port === port,
      );
      const target = service?.endpoints[0] ?? to;
      const tunnel = { address: twin(pod.address, family), port: 15008, path: printEnd(target) };
      return { from: { name: 'peer', address: twin(peers.remote.address, family) }, ...tunnel };
    }
  }
}

const marked = (packet: Packet | undefined): string =>
  packet?.mark === undefined || packet.mark === 0 ? '' : ` with mark 0x${packet.mark.toString(16)}`;

function lineOf({ client, dialled, passages, server }: Leg): string {
  const [there, back] = passages.map(({ traversal }) => traversal.events[0]?.packet);
  const { protocol, source, destination, destinationPort = 0 } = dialled;
  const way = client.kind === 'process' ? 'sent' : 'came';
  const end = printEnd({ address: destination, port: destinationPort });
  const became = server !== null ? `answered${marked(back)}` : protocol === 'udp' ? 'no answer' : 'refused';
  return `${way}: ${protocol === 'udp' ? 'udp ' : ''}${source} > ${end}${marked(there)}, ${became}`;
}
