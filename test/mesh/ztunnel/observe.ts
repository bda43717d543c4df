/** Puts a case to a mesh with a real ztunnel, and says in lines what was seen: by the client, the kernel, ztunnel's log and the servers. */
import { join } from 'node:path';
import type { TracedPacket } from '../../kernel/trace.ts';
import { printEnd } from '../case-file.ts';
import { isFirst } from '../journeys.ts';
import type { CallResult, Taken } from '../lab/protocol.ts';
import type { Station } from '../lab/station.ts';
import type { AmbientMesh, ZtunnelLine } from './ambient-mesh.ts';
import type { ZtunnelCase } from './case-file.ts';
import { question } from './dns-question.ts';
import { isAnswer } from './walk.ts';
import { outside, probes, twin } from './world.ts';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const patience = 3000;

/** One case, when nothing else is asked. */
export async function observeZtunnel(mesh: AmbientMesh, one: ZtunnelCase): Promise<readonly string[]> {
  const servers = { app: mesh.asked.app, 'peer app': mesh.peer.app, world: mesh.world };
  const before = new Map(Object.values(servers).map((station) => [station, station.taken.length]));
  const logged = mesh.log().length;
  await mesh.asked.kernel.forget();
  const client = await clientOf(mesh, one);
  const traced = await mesh.asked.kernel.traced('nft', 60);
  const log = await settledLog(mesh, logged);
  return [
    `client: ${client}`,
    ...packetLines(traced),
    ...log.map(logLine),
    ...Object.entries(servers).flatMap(([name, station]) =>
      station.taken.slice(before.get(station)).map((taken) => serverLine(name, taken)),
    ),
  ];
}

async function clientOf(mesh: AmbientMesh, one: ZtunnelCase): Promise<string> {
  const { how, to, send } = one;
  if (how === 'ping') {
    const file = join(import.meta.dirname, 'ping.py');
    return (await mesh.asked.kernel.root.run('python3', [file, to.address])).trim();
  }
  const { station, address } = await callerOf(mesh, one);
  if (how === 'tcp')
    return callWords(
      await station.call({
        to,
        from: address === undefined ? {} : { address },
        send: base64(send),
        patience,
      }),
    );
  const datagram = how === 'udp' ? base64(send) : question(send, how === 'ask6' ? 'v6' : 'v4');
  const { received } = await station.send(to, datagram, patience);
  if (received === null) return 'no answer';
  return how !== 'udp' ? dnsWords(Buffer.from(received, 'base64')) : 'answered';
}

async function callerOf(
  mesh: AmbientMesh,
  { caller, to }: ZtunnelCase,
): Promise<{ readonly station: Station; readonly address?: string }> {
  const family = to.address.includes(':') ? 'v6' : 'v4';
  switch (caller) {
    case 'app':
      return { station: mesh.asked.app };
    case '1337':
      return { station: await mesh.process({ uid: 1337, gid: 1337 }) };
    case 'peer':
      return { station: mesh.peer.app };
    case 'outside':
      return { station: mesh.world, address: twin(outside, family) };
    case 'probe':
      return { station: mesh.world, address: probes[family] };
    case 'node':
      return { station: mesh.world, address: twin('10.244.1.1', family) };
  }
}

function callWords({ connected, received, end }: CallResult): string {
  if (!connected) return end;
  const text = Buffer.from(received, 'base64').toString('latin1').trim();
  if (text !== '') return `got ${JSON.stringify(text)}`;
  // Closed, or reset where what the client sent was not read yet: that is chance.
  return end === 'open' ? 'connected, and nothing comes' : 'connected, then ended';
}

/** The code of an answer, whether its server is the authority, how many addresses there are, and how long they hold. */
function dnsWords(answer: Buffer): string {
  const [flags, count] = [answer.readUInt16BE(2), answer.readUInt16BE(6)];
  const code = { 0: 'NOERROR', 2: 'SERVFAIL', 3: 'NXDOMAIN' }[flags & 15] ?? `code ${flags & 15}`;
  // Behind a name that points back, its type and its class stands the time, in front of the length and the address.
  const address = { 1: 4, 28: 16 }[answer.readUInt16BE(answer.indexOf(0, 12) + 1)] ?? 0;
  const time = count === 0 ? '' : `, TTL ${answer.readUInt32BE(answer.length - address - 6)}`;
  const counted = count === 1 ? '1 answer' : `${count} answers`;
  return `${code}${(flags & 0x400) === 0 ? '' : ', authoritative'}, ${counted}${time}`;
}

/** Every connection that the kernel of the pod saw, in or out, with the mark of its first packet and of the answer. */
function packetLines(traced: readonly TracedPacket[]): readonly string[] {
  const marked = ({ first: { mark = 0 } }: TracedPacket) =>
    mark === 0 ? '' : ` with mark 0x${mark.toString(16)}`;
  return traced
    .filter((packet, at) =>
      packet.first.protocol === 'udp'
        ? !traced.slice(0, at).some((other) => isAnswer(packet, other))
        : isFirst(packet.header),
    )
    .map((sent) => {
      const { source, destination, destinationPort = 0, protocol } = sent.first;
      const answer = traced.find((other) => isAnswer(other, sent));
      const isReset = answer !== undefined && ((answer.header.flags ?? 0) & 4) !== 0;
      const became =
        answer === undefined ? 'no answer' : `${isReset ? 'refused' : 'answered'}${marked(answer)}`;
      const way = sent.first.in === undefined ? 'sent' : 'came';
      return `${way}: ${protocol === 'udp' ? 'udp ' : ''}${source} > ${printEnd({ address: destination, port: destinationPort })}${marked(sent)}, ${became}`;
    });
}

/** What ztunnel logs of a connection comes when that has ended. */
async function settledLog(mesh: AmbientMesh, from: number): Promise<readonly ZtunnelLine[]> {
  const now = () => mesh.log().slice(from).filter(isTold);
  for (let same = 0, before = -1; same < 3; ) {
    const { length } = now();
    same = length === before ? same + 1 : 0;
    before = length;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return [...now()].sort((a, b) => rank(a) - rank(b));
}

/** A peer's ztunnel may log before the caller's. */
const rank = (line: ZtunnelLine): number =>
  line.scope !== 'access' ? 0 : line.direction === 'outbound' ? 1 : 2;

/** The access log, and what is told for debugging of an address that is unknown. */
const isTold = ({ scope, message }: ZtunnelLine): boolean =>
  scope === 'access' || message.startsWith('built request as passthrough');

const bareOf = (address: unknown): string =>
  String(address)
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');

function logLine(line: ZtunnelLine): string {
  if (line.scope !== 'access') return `ztunnel: ${line.level}, ${line.message}`;
  const to = line['dst.hbone_addr'] === undefined ? '' : ` for ${line['dst.hbone_addr']}`;
  const identity = line['src.identity'] === undefined ? '' : `, from ${line['src.identity']}`;
  const error = line.error === undefined ? '' : `, ${line.error}`;
  return `ztunnel: ${line.message}, ${line.direction}, ${bareOf(line['src.addr'])} > ${line['dst.addr']}${to}${identity}${error}`;
}

const serverLine = (name: string, { local, remote }: Taken): string =>
  `${name} at ${printEnd(local)} sees ${remote.address}`;
