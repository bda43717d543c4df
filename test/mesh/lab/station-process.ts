/**
 * A process inside a namespace that serves, calls and starts programs as it is told, and says what happened. It ends
 * with its stdin, and what it started ends with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import tls from 'node:tls';
import type { Call, CallResult, End, Line, Order, SendResult } from './protocol.ts';

const [uid, gid] = (process.argv[2] ?? '0:0').split(':').map(Number) as [number, number];
if (uid !== 0 || gid !== 0) {
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

const say = (line: Line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const end = (address = '', port = 0): End => ({ address: address.replace(/^::ffff:(?=\d+\.)/, ''), port });

const udpOf = ({ address }: End) =>
  createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', ipv6Only: address.includes(':') });

function serveUdp({ at, speaks }: Extract<Order, { op: 'serve' }>): Promise<object> {
  const socket = udpOf(at);
  socket.on('message', (datagram, { address, port }) => {
    say({ event: 'taken', local: at, remote: end(address, port) });
    // An answer (QR), and no such name (RCODE 3).
    if (speaks === 'dns') datagram.writeUInt16BE(0x8183, 2);
    socket.send(datagram, port, address);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(at.port, at.address, () => resolve({}));
  });
}

function send({ to, datagram, patience }: Extract<Order, { op: 'send' }>): Promise<SendResult> {
  const socket = udpOf(to);
  return new Promise((resolve) => {
    let local = end();
    const finish = (received: Buffer | null) => {
      clearTimeout(timer);
      socket.close();
      resolve({ local, received: received?.toString('base64') ?? null });
    };
    const timer = setTimeout(() => finish(null), patience);
    socket.on('message', finish);
    socket.on('error', () => finish(null));
    socket.connect(to.port, to.address, () => {
      local = end(socket.address().address, socket.address().port);
      socket.send(Buffer.from(datagram, 'base64'));
    });
  });
}

function serve(order: Extract<Order, { op: 'serve' }>): Promise<object> {
  const { at, speaks } = order;
  if (speaks === 'udp' || speaks === 'dns') return serveUdp(order);
  const server = net.createServer((socket) => {
    const local = end(socket.localAddress, socket.localPort);
    const remote = end(socket.remoteAddress, socket.remotePort);
    socket.on('error', () => {});
    if (speaks === 'itself' || speaks === 'caller') {
      socket.end(speaks === 'itself' ? `${at.port}` : remote.address);
      return;
    }
    if (speaks !== 'http') say({ event: 'taken', local, remote });
    if (speaks === 'first') socket.write('220 ready\r\n');
    let head = '';
    socket.on('data', (data) => {
      if (speaks !== 'http') {
        socket.end(`got ${data.toString('latin1')}`);
        return;
      }
      head += data.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      say({ event: 'taken', local, remote, head: head.split('\r\n\r\n')[0] as string });
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n');
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const isV6 = at.address.includes(':');
    // All IPv4 addresses and all IPv6 ones are two sockets.
    server.listen({ host: at.address, port: at.port, ipv6Only: isV6, backlog: 512 }, () => resolve({}));
  });
}

/** A client that has got something waits so long for more, in milliseconds. */
const more = 600;

/** An HTTP response that says how long it is, and is so long. */
function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n');
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  return (
    text.startsWith('HTTP/1.1') && body !== undefined && length !== undefined && body.length >= Number(length)
  );
}

const ends: Readonly<Record<string, CallResult['end']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timed out',
};

function call({ to, from, send, tls: wants, patience }: Call): Promise<CallResult> {
  return new Promise((resolve) => {
    const raw = net.connect({
      host: to.address,
      port: to.port,
      autoSelectFamily: false,
      ...(from.address === undefined ? {} : { localAddress: from.address }),
      ...(from.port === undefined || from.port === 0 ? {} : { localPort: from.port }),
    });
    let local = end();
    let connected = false;
    let isDone = false;
    const received: Buffer[] = [];
    const finish = (how: CallResult['end']) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      raw.destroy();
      resolve({ local, connected, received: Buffer.concat(received).toString('base64'), end: how });
    };
    let timer = setTimeout(() => finish(connected ? 'open' : 'timed out'), patience);
    const use = (socket: net.Socket) => {
      if (send !== '') socket.write(Buffer.from(send, 'base64'));
      socket.on('data', (data) => {
        received.push(data);
        clearTimeout(timer);
        if (isWhole(Buffer.concat(received).toString('latin1'))) finish('open');
        else timer = setTimeout(() => finish('open'), more);
      });
      socket.on('end', () => finish('closed'));
    };
    raw.on('error', (error: NodeJS.ErrnoException) => finish(ends[error.code ?? ''] ?? 'unreachable'));
    raw.on('connect', () => {
      connected = true;
      local = end(raw.localAddress, raw.localPort);
      if (wants === undefined) {
        use(raw);
        return;
      }
      const pem = wants.certificate === undefined ? undefined : readFileSync(wants.certificate);
      const secure = tls.connect({
        socket: raw,
        rejectUnauthorized: false,
        ...(wants.name === undefined ? {} : { servername: wants.name }),
        ...(wants.alpn === undefined ? {} : { ALPNProtocols: [...wants.alpn] }),
        ...(pem === undefined ? {} : { cert: pem, key: pem }),
      });
      secure.on('secureConnect', () => use(secure));
      secure.on('error', (error: NodeJS.ErrnoException) => finish(ends[error.code ?? ''] ?? 'no TLS'));
    });
  });
}

const started: ChildProcess[] = [];

function start({ command, args, output }: Extract<Order, { op: 'start' }>): object {
  const file = openSync(output, 'a');
  const child = spawn(command, [...args], { detached: true, stdio: ['ignore', file, file] });
  child.on('error', () => {});
  started.push(child);
  return {};
}

function endAll(): void {
  for (const { pid } of started) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  process.exit(0);
}

async function obey(order: Order): Promise<unknown> {
  if (order.op === 'serve') return serve(order);
  if (order.op === 'call') return call(order.call);
  if (order.op === 'send') return send(order);
  return start(order);
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order: Order = JSON.parse(line);
  obey(order).then(
    (answer) => say({ id: order.id, answer }),
    (error: Error) => say({ id: order.id, error: error.message }),
  );
});
lines.on('close', endAll);
say({ event: 'ready' });
