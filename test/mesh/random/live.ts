/** Random cases put to a real Envoy in a network namespace, many connections at once. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvoyConnection, Sends } from '../../../src/envoy/index.ts';
import { streamOf } from '../../../src/envoy/walk/stream.ts';
import { clientHelloBytes } from '../../envoy/client-hello.ts';
import { type Became, patience } from '../../envoy/random-answers.ts';
import {
  bootstrapFor,
  firstServer,
  mostChains,
  peerAddresses,
  type RandomCase,
} from '../../envoy/random-config.ts';
import { openPod } from '../../kernel/pod.ts';
import { usualPod } from '../../kernel/pod-plan.ts';
import { type EnvoyVersion, envoyBinary } from '../envoy/binary.ts';
import { pause } from '../lab/mesh-pod.ts';
import type { CallResult, End, Speaks } from '../lab/protocol.ts';
import { Station } from '../lab/station.ts';

const atOnce = 200;

/** What the Envoy of this version did with each connection of each case. */
export async function askEnvoy(
  version: EnvoyVersion,
  cases: readonly RandomCase[],
): Promise<readonly (readonly Became[])[]> {
  const servers = Array.from({ length: mostChains + 1 }, (_, number) => ({
    address: '127.0.0.1',
    port: firstServer + number,
    speaks: 'itself' as const,
  }));
  const asked = await askEnvoyOf(version, { bootstrap: bootstrapFor(cases), cases, servers });
  // A reset is the kernel's way of closing.
  return asked.map((all) => all.map((one) => (one === 'reset' ? 'closed' : one)));
}

/** An Envoy of its own, and what is asked of it. */
export interface LiveQuestion {
  // biome-ignore lint/suspicious/noExplicitAny: a message of Envoy's API.
  readonly bootstrap: any;
  readonly cases: readonly { readonly connections: readonly EnvoyConnection[] }[];
  readonly servers: readonly (End & { readonly speaks: Speaks })[];
  /** Rules of the pod, as iptables-restore reads them. */
  readonly rules?: string;
}

/** The same of any configuration. */
export async function askEnvoyOf(
  version: EnvoyVersion,
  { bootstrap, cases, servers, rules }: LiveQuestion,
): Promise<readonly (readonly Became[])[]> {
  const kernel = await openPod(usualPod);
  const scratch = mkdtempSync(join(tmpdir(), 'sidetrack-random-'));
  const owner = { uid: 0, gid: 0 };
  const [own, peer] = await Promise.all([
    Station.open(kernel.root, owner),
    Station.open(kernel.peer(), owner),
  ]);
  try {
    if (rules !== undefined) await kernel.load(rules, 'nft', 'v4');
    await Promise.all(servers.map(({ speaks, ...at }) => own.serve(at, speaks)));
    await start(own, version, bootstrap, scratch);
    const all = cases.flatMap(({ connections }, number) =>
      connections.map((one, at) => ({ one, number, at })),
    );
    const answers: Became[][] = cases.map(() => []);
    let next = 0;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let job = all[next++]; job !== undefined; job = all[next++]) {
          const station = peerAddresses.includes(job.one.source) ? peer : own;
          (answers[job.number] as Became[])[job.at] = became(await call(station, job.one));
        }
      }),
    );
    return answers;
  } finally {
    await Promise.all([own.end(), peer.end()]);
    await kernel.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function start(
  station: Station,
  version: EnvoyVersion,
  bootstrap: LiveQuestion['bootstrap'],
  scratch: string,
): Promise<void> {
  const file = (name: string) => join(scratch, name);
  try {
    linkSync(envoyBinary(version), file('envoy'));
  } catch {
    copyFileSync(envoyBinary(version), file('envoy'));
  }
  chmodSync(scratch, 0o755);
  writeFileSync(file('envoy.json'), JSON.stringify(bootstrap));
  const usual = ['--disable-hot-restart', '--concurrency', '1', '-l', 'error', '-c', file('envoy.json')];
  await station.start(file('envoy'), usual, file('envoy.log'));
  const { address, port_value: port } = bootstrap.admin.address.socket_address;
  for (let tries = 0; tries < 400; tries++) {
    const said = await station.call({
      to: { address, port },
      from: {},
      send: Buffer.from('GET /ready HTTP/1.1\r\nHost: admin\r\n\r\n').toString('base64'),
      patience: 1000,
    });
    if (Buffer.from(said.received, 'base64').includes('LIVE')) return;
    await pause(50);
  }
  const log = existsSync(file('envoy.log')) ? readFileSync(file('envoy.log'), 'utf8') : '';
  throw new Error(`Envoy has not started: ${log}`);
}

export function bytesToSend(sends: Sends): string {
  const stream = streamOf(sends);
  return stream.kind === 'tls' ? clientHelloBytes(stream.hello) : stream.bytes;
}

function call(station: Station, connection: EnvoyConnection): Promise<CallResult> {
  return station.call({
    to: { address: connection.destination, port: connection.destinationPort },
    from: { address: connection.source, port: connection.sourcePort },
    send: Buffer.from(bytesToSend(connection.sends), 'latin1').toString('base64'),
    patience,
  });
}

function became({ connected, received, end }: CallResult): Became {
  if (!connected) return end;
  const text = Buffer.from(received, 'base64').toString('latin1');
  const status = /^HTTP\/1\.[01] (\d+)/.exec(text)?.[1];
  if (status !== undefined) return status;
  if (text.startsWith('\0')) return 'HTTP/2';
  if (/^[\d.]+\.\d+$|:/.test(text)) return `from ${text}`;
  // An alert of TLS, behind which nothing comes.
  if (text.startsWith('\x15\x03') && end !== 'open') return end;
  if (text !== '') return `server ${Number(text) - firstServer}`;
  if (end === 'open') return 'waits';
  return end;
}
