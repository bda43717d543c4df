/**
 * A process of one user inside a namespace: opens sockets as it is told, line by line, in JSON, and says what
 * became of them. It ends with its stdin, so that nothing stays behind whoever is killed.
 *
 * It starts as root, who can read this file wherever it lies, and then becomes the user whose sockets it opens: a
 * socket belongs to whom the process was when it was made.
 */
import { execFile } from 'node:child_process';
import dgram from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import type { Answer, Ask, DialResult, End, Shot } from './agent-protocol.ts';

const owner: { uid?: number; gid?: number; groups?: number[] } = JSON.parse(process.argv[2] ?? '{}');
if (owner.uid !== undefined && owner.gid !== undefined && (owner.uid !== 0 || owner.gid !== 0)) {
  process.setgroups?.(owner.groups ?? []);
  process.setgid?.(owner.gid);
  process.setuid?.(owner.uid);
}

const say = (line: Answer) => process.stdout.write(`${JSON.stringify(line)}\n`);
const open = new Map<number, { close(): void }>();
let nextHandle = 1;
function keep(thing: { close(): void }): number {
  open.set(nextHandle, thing);
  return nextHandle++;
}

function end(address: string | undefined, port: number | undefined): End {
  return { address: (address ?? '').replace(/^::ffff:(?=\d+\.)/, ''), port: port ?? 0 };
}

/** A reset leaves no TIME_WAIT behind that would keep the port; Node sends none before the connection stands. */
function hangUp(socket: net.Socket): void {
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}

function listenTcp(ask: Extract<Ask, { op: 'listen' }>): Promise<object> {
  const connections = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    connections.add(socket);
    const local = end(socket.localAddress, socket.localPort);
    const remote = end(socket.remoteAddress, socket.remotePort);
    say({ event: 'accepted', local, remote });
    socket.on('data', (data) => socket.write(data));
    socket.on('error', () => {});
    socket.on('close', () => connections.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const where =
      ask.fd === undefined ? { host: ask.address, port: ask.port, backlog: 1024 } : { fd: ask.fd };
    server.listen(where, () => {
      const handle = keep({
        close() {
          for (const socket of connections) hangUp(socket);
          server.close();
        },
      });
      resolve({ handle });
    });
  });
}

function listenUdp(ask: Extract<Ask, { op: 'listen' }>): Promise<object> {
  const socket = dgram.createSocket(ask.address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (data, from) => {
    const remote = end(from.address, from.port);
    say({ event: 'accepted', local: end(ask.address, ask.port), remote });
    const text = data.toString('latin1');
    if (text.startsWith('?')) socket.send(`!${text.slice(1)}`, from.port, from.address);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    const where = ask.fd === undefined ? { port: ask.port, address: ask.address } : { fd: ask.fd };
    socket.bind(where, () => {
      socket.on('error', () => {});
      resolve({ handle: keep(socket) });
    });
  });
}

const refusals: Readonly<Record<string, DialResult['result']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EACCES: 'prohibited',
  EPERM: 'prohibited',
};

function resultOf(error: NodeJS.ErrnoException): DialResult['result'] {
  const result = refusals[error.code ?? ''];
  if (result === undefined) throw error;
  return result;
}

function dialTcp(ask: Extract<Ask, { op: 'dial' }>): Promise<DialResult> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({
      host: ask.to.address,
      port: ask.to.port,
      autoSelectFamily: false,
      ...(ask.from?.address === undefined ? {} : { localAddress: ask.from.address }),
      ...(ask.from?.port === undefined ? {} : { localPort: ask.from.port }),
    });
    let result: DialResult['result'] = 'timed out';
    const finish = () => {
      clearTimeout(timer);
      const local = end(socket.localAddress, socket.localPort);
      const remote = end(socket.remoteAddress, socket.remotePort);
      if (ask.keep === true && result !== 'timed out')
        resolve({ result, local, remote, handle: keep({ close: () => hangUp(socket) }) });
      else {
        hangUp(socket);
        resolve({ result, local, remote });
      }
    };
    const timer = setTimeout(finish, ask.timeout);
    socket.on('connect', () => {
      result = 'connected';
      if (ask.payload === undefined) finish();
      else socket.write(ask.payload);
    });
    socket.on('data', () => {
      result = 'answered';
      finish();
    });
    socket.on('error', (error) => {
      try {
        result = resultOf(error);
        finish();
      } catch {
        clearTimeout(timer);
        reject(error);
      }
    });
  });
}

function sendUdp(ask: Extract<Ask, { op: 'dial' }>): Promise<DialResult> {
  const socket = dgram.createSocket(ask.to.address.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    let result: DialResult['result'] = 'sent';
    const finish = () => {
      clearTimeout(timer);
      let local = end(undefined, undefined);
      try {
        local = end(socket.address().address, socket.address().port);
      } catch {}
      socket.close();
      resolve({ result, local, remote: ask.to });
    };
    const timer = setTimeout(finish, ask.timeout);
    socket.on('message', () => {
      result = 'answered';
      finish();
    });
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.bind(
      { ...(ask.from?.address ? { address: ask.from.address } : {}), port: ask.from?.port ?? 0 },
      () => {
        socket.send(ask.payload ?? '?', ask.to.port, ask.to.address, (error) => {
          if (error === null || error === undefined) return;
          try {
            result = resultOf(error);
            finish();
          } catch {
            clearTimeout(timer);
            reject(error);
          }
        });
      },
    );
  });
}

const fired: { close(): void }[] = [];

function fireTcp({ from, to }: Shot): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({
      host: to.address,
      port: to.port,
      localAddress: from.address,
      localPort: from.port,
      autoSelectFamily: false,
    });
    // the SYN leaves inside connect(), which Node calls in a tick of its own
    socket.on('connectionAttempt', () => setImmediate(resolve));
    socket.on('error', () => resolve());
    fired.push({ close: () => hangUp(socket) });
  });
}

function fireUdp({ from, to, payload }: Shot): Promise<void> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(to.address.includes(':') ? 'udp6' : 'udp4');
    socket.on('error', () => resolve());
    socket.bind(from.port, from.address, () => socket.send(payload, to.port, to.address, () => resolve()));
    fired.push(socket);
  });
}

async function fire({ shots }: Extract<Ask, { op: 'fire' }>): Promise<object> {
  await Promise.all(shots.map((shot) => (shot.protocol === 'tcp' ? fireTcp(shot) : fireUdp(shot))));
  return {};
}

function release(): object {
  for (const socket of fired.splice(0)) {
    try {
      socket.close();
    } catch {}
  }
  return {};
}

function run(ask: Extract<Ask, { op: 'run' }>): Promise<object> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 1 << 26, encoding: 'utf8' as const };
    const child = execFile(ask.command, [...ask.args], options, (error, stdout, stderr) => {
      resolve({
        code: error === null ? 0 : typeof error.code === 'number' ? error.code : 127,
        stdout,
        stderr,
      });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(ask.input ?? '');
  });
}

async function perform(ask: Ask): Promise<object> {
  switch (ask.op) {
    case 'listen':
      return ask.protocol === 'tcp' ? listenTcp(ask) : listenUdp(ask);
    case 'dial':
      return ask.protocol === 'tcp' ? dialTcp(ask) : sendUdp(ask);
    case 'fire':
      return fire(ask);
    case 'release':
      return release();
    case 'close': {
      for (const handle of ask.handles) {
        open.get(handle)?.close();
        open.delete(handle);
      }
      return {};
    }
    case 'run':
      return run(ask);
    case 'read':
      return { text: readFileSync(ask.path, 'utf8') };
    case 'write':
      writeFileSync(ask.path, ask.text);
      return {};
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const ask: Ask = JSON.parse(line);
  perform(ask).then(
    (answer) => say({ id: ask.id, answer }),
    (error: Error) => say({ id: ask.id, error: error.message }),
  );
});
lines.on('close', () => process.exit(0));
say({ event: 'ready' });
