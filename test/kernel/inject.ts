/** Sends packets that no ordinary socket would send: any flags, any source, in the middle of a connection. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import { type Agent, apart, inside, type Owner } from './namespace.ts';
import { addressBytes, frameBytes, type Numbers, packetBytes } from './packet-bytes.ts';

const injectFile = fileURLToPath(new URL('./inject.pl', import.meta.url));

/** One process that sends, in one namespace, as one user. */
export class Injector {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((answer: string) => void)[] = [];
  #stderr = '';

  constructor(agent: Agent, owner: Owner) {
    const capabilities = '+net_raw,+net_admin';
    const groups = owner.groups?.length ? ['--groups', owner.groups.join(',')] : ['--clear-groups'];
    const user =
      owner.uid === 0 && owner.gid === 0 && owner.groups === undefined
        ? []
        : [
            'setpriv',
            ...['--reuid', String(owner.uid), '--regid', String(owner.gid), ...groups],
            // raw sockets of any user: the capability outlives the change of user only as an ambient one
            ...[`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`],
          ];
    this.#child = spawn('nsenter', [...inside(agent), ...user, 'perl', injectFile], apart);
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.on('data', (data) => {
      this.#stderr += data;
    });
    let rest = '';
    this.#child.stdout.setEncoding('utf8').on('data', (data: string) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#waiting.shift()?.(line);
    });
    this.#child.on('exit', () => {
      for (const waiting of this.#waiting.splice(0)) waiting(`the injector ended: ${this.#stderr.trim()}`);
    });
  }

  async #send(line: string): Promise<void> {
    const answer = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`${line}\n`);
    });
    if (answer !== 'ok') throw new Error(`${answer} (${line})`);
  }

  /** From a socket of this process, through OUTPUT; `scope` is the index of the interface of link-local addresses. */
  async sendLocal(packet: Packet, numbers: Numbers, scope: number): Promise<void> {
    const hex = (bytes: Buffer) => bytes.toString('hex');
    const ends = [packet.source, packet.destination].map((address) => hex(addressBytes(address)));
    const zone = packet.boundTo === undefined && /^fe80:/i.test(packet.destination) ? scope : 0;
    const bytes = hex(packetBytes(packet, numbers));
    await this.#send(`raw ${ends.join(' ')} ${packet.mark ?? 0} ${packet.boundTo ?? '-'} ${zone} ${bytes}`);
  }

  /** Out of the interface with this index, to the hardware address at its other end. */
  async sendFrame(
    packet: Packet,
    numbers: Numbers,
    link: {
      readonly index: number;
      readonly from: string;
      readonly to: string;
      /** Whoever sends it knows its destination for that of many hosts on this link. */
      readonly isForMany: boolean;
    },
  ): Promise<void> {
    const frame = frameBytes(
      packetBytes(packet, numbers),
      packet.mac ?? link.from,
      (link.isForMany ? macOfMany(packet.destination) : null) ?? link.to,
    );
    await this.#send(`link ${link.index} ${frame.toString('hex')}`);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }
}

/** The hardware address of many hosts: of a multicast group, or of broadcast, which ends in 255 in every network here. */
function macOfMany(destination: string): string | null {
  const bytes = [...addressBytes(destination)];
  const mac = (...parts: readonly number[]) =>
    parts.map((part) => part.toString(16).padStart(2, '0')).join(':');
  if (bytes.length === 16) return bytes[0] === 0xff ? mac(0x33, 0x33, ...bytes.slice(12)) : null;
  if ((bytes[0] ?? 0) >> 4 === 14)
    return mac(1, 0, 0x5e, (bytes[1] ?? 0) & 0x7f, bytes[2] ?? 0, bytes[3] ?? 0);
  return bytes.at(-1) === 255 ? 'ff:ff:ff:ff:ff:ff' : null;
}
