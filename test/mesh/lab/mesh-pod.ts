/**
 * A pod with a real Envoy in it: Istio's rules in a namespace, the app, a stand-in for pilot-agent, and the world at
 * the other end of a veth pair. All of it ends with the process that opened it.
 */
import {
  chmodSync,
  chownSync,
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
import type { Options } from '../../../src/istio/index.ts';
import type { Pod as Model } from '../../../src/journey/index.ts';
import { type Family, type Owner, printNft, printRuleset } from '../../../src/netfilter/index.ts';
import { type Pod as KernelPod, openPod } from '../../kernel/pod.ts';
import { type EnvoyVersion, envoyBinary } from '../envoy/binary.ts';
import { bootstrapOf, servedFrom } from '../envoy/bootstrap.ts';
import { answerOf } from '../istiod/answer.ts';
import { familiesOf, isUncaptured, type PodName } from '../istiod/pods.ts';
import { appPorts, elsewhere, silent, twin } from '../world.ts';
import type { End } from './protocol.ts';
import { type BackEnd, modelOf, planOf } from './setting.ts';
import { Station } from './station.ts';

/** What is asked for of a pod: its Envoy, as whom it runs, or that there is none. */
export interface Wanted {
  readonly name: PodName;
  readonly envoy: EnvoyVersion | null;
  /** What Istio writes its rules with: iptables, where it is absent. */
  readonly backEnd?: BackEnd;
  /** What of its options is otherwise. */
  readonly options?: Partial<Options>;
}

const certificate = join(import.meta.dirname, '../envoy/certificate.pem');
const agentPort = 15020;

export class MeshPod {
  readonly model: Model;
  readonly kernel: KernelPod;
  readonly app: Station;
  readonly agent: Station;
  readonly world: Station;
  readonly #root: Station;
  readonly #stations = new Map<string, Station>();
  readonly #scratch: string;

  static async open(wanted: Wanted): Promise<MeshPod> {
    const model = modelOf(wanted.name, {}, wanted.backEnd, wanted.options);
    const kernel = await openPod(planOf(wanted.name, model));
    try {
      await load(model, kernel);
      await kernel.peer().run('ip', ['route', 'add', 'blackhole', `${silent}/32`]);
      const proxy = ownerOf(model, 'Envoy');
      const stations = await Promise.all([
        Station.open(kernel.root, ownerOf(model, 'app')),
        Station.open(kernel.root, proxy),
        Station.open(kernel.peer(), { uid: 0, gid: 0 }),
        Station.open(kernel.root, { uid: 0, gid: 0 }),
      ]);
      const pod = new MeshPod(model, kernel, stations);
      await pod.#serve(familiesOf(wanted.name));
      if (wanted.envoy !== null) await pod.#startEnvoy(wanted.name, wanted.envoy, proxy);
      return pod;
    } catch (error) {
      await kernel.end();
      throw error;
    }
  }

  private constructor(model: Model, kernel: KernelPod, stations: readonly Station[]) {
    this.model = model;
    this.kernel = kernel;
    [this.app, this.agent, this.world, this.#root] = stations as [Station, Station, Station, Station];
    this.#scratch = mkdtempSync(join(tmpdir(), 'sidetrack-envoy-'));
    chmodSync(this.#scratch, 0o755);
  }

  async #serve(families: readonly Family[]): Promise<void> {
    const [everywhere, localhost] = [
      { v4: '0.0.0.0', v6: '::' },
      { v4: '127.0.0.1', v6: '::1' },
    ];
    await Promise.all(
      families.flatMap((family) => [
        ...appPorts.map(({ port, speaks, onLocalhost = false }) =>
          this.app.serve({ address: (onLocalhost ? localhost : everywhere)[family], port }, speaks),
        ),
        this.agent.serve({ address: everywhere[family], port: agentPort }, 'http'),
        ...elsewhere.map(({ address, port, speaks }) =>
          this.world.serve({ address: twin(address, family), port }, speaks),
        ),
      ]),
    );
  }

  async #startEnvoy(name: PodName, version: EnvoyVersion, { uid, gid }: Owner): Promise<void> {
    const file = (called: string) => join(this.#scratch, called);
    // The cache lies where only its owner may look.
    try {
      linkSync(envoyBinary(version), file('envoy'));
    } catch {
      copyFileSync(envoyBinary(version), file('envoy'));
    }
    copyFileSync(certificate, file('certificate.pem'));
    writeFileSync(file('access.log'), '');
    const files = { certificate: file('certificate.pem'), accessLog: file('access.log') };
    const told = bootstrapOf(answerOf(name), files);
    // Where nothing is captured Envoy wants ports that the app may have.
    const { bootstrap, served } = isUncaptured(name)
      ? servedFrom(file('listeners.json'), told)
      : { bootstrap: told, served: {} };
    writeFileSync(file('envoy.json'), JSON.stringify(bootstrap));
    writeFileSync(file('listeners.json'), JSON.stringify(served));
    for (const own of ['certificate.pem', 'access.log', 'envoy.json', 'listeners.json'])
      chownSync(file(own), uid, gid);
    const user = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', '--pdeathsig', 'KILL'];
    // One worker, no shared memory of another user's, and a log that is there when it is looked at.
    const usual = ['--disable-hot-restart', '--concurrency', '1', '--file-flush-interval-msec', '20'];
    await this.#root.start(
      'setpriv',
      [...user, file('envoy'), ...usual, '-l', 'warning', '-c', file('envoy.json')],
      file('envoy.log'),
    );
    const { address, port_value: port } = bootstrap.admin.address.socket_address;
    await this.#isReady({ address, port });
  }

  async #isReady(admin: End): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const said = await this.#root.call({
        to: admin,
        from: {},
        send: Buffer.from('GET /ready HTTP/1.1\r\nHost: admin\r\n\r\n').toString('base64'),
        patience: 1000,
      });
      if (Buffer.from(said.received, 'base64').includes('LIVE')) return;
      await pause(50);
    }
    throw new Error(`Envoy has not started: ${this.envoyLog()}`);
  }

  /** Key and certificate of a client that the pod's Envoy trusts. */
  get certificate(): string {
    return join(this.#scratch, 'certificate.pem');
  }

  /** A process of this owner in the pod. */
  async process({ uid, gid }: Owner): Promise<Station> {
    const key = `${uid}:${gid}`;
    const station = this.#stations.get(key) ?? (await Station.open(this.kernel.root, { uid, gid }));
    this.#stations.set(key, station);
    return station;
  }

  /** What Envoy logs of itself. */
  envoyLog(): string {
    const file = join(this.#scratch, 'envoy.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** What Envoy has logged of connections and requests so far. */
  accessLog(): readonly AccessLogEntry[] {
    const file = join(this.#scratch, 'access.log');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
  }

  /** Ends all stations, with them Envoy, and then the namespaces. */
  async end(): Promise<void> {
    const stations = [this.app, this.agent, this.world, this.#root, ...this.#stations.values()];
    await Promise.all(stations.map((station) => station.end()));
    await this.kernel.end();
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

/** As Istio has Envoy write it. */
export interface AccessLogEntry {
  readonly start_time: string;
  /** In milliseconds. */
  readonly duration: number | null;
  readonly path: string | null;
  readonly downstream_remote_address: string | null;
  readonly downstream_local_address: string | null;
  readonly upstream_cluster: string | null;
  readonly upstream_host: string | null;
  readonly upstream_local_address: string | null;
  readonly response_flags: string | null;
  readonly response_code: number | null;
  readonly response_code_details: string | null;
  readonly route_name: string | null;
  readonly upstream_transport_failure_reason: string | null;
}

/**
 * A client's port that no other call has, below those that the kernel gives: of two clients with one port, for two
 * destinations, redirected to the same port, Envoy would see the second with another (`get_unique_tuple` in
 * `net/netfilter/nf_nat_core.c`), and its log could not be told to be about it.
 */
export const ownPort = (call: number): number => 20_000 + (call % 12_000);

/** With nft, iptables has no rule: its tables are not made. */
async function load({ host: { rulesets } }: Model, kernel: KernelPod): Promise<void> {
  if (rulesets.nft !== undefined) return kernel.loadNft(printNft(rulesets.nft));
  for (const family of ['v4', 'v6'] as const) {
    const ruleset = rulesets[family];
    if (ruleset !== undefined) await kernel.load(printRuleset(ruleset), 'nft', family);
  }
}

function ownerOf(model: Model, process: string): Owner {
  const found = model.processes.find(({ name }) => name === process);
  return { uid: found?.uid ?? 0, gid: found?.gid ?? 0 };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Waits until nothing more is counted, three looks one after another, and what must come has come. Envoy logs a
 * connection when it ends, and on a busy machine that may be seconds later than its client's end; what never comes is
 * waited for ten seconds, and then missing.
 */
export async function quiet(count: () => number, hasCome: () => boolean): Promise<void> {
  let before = -1;
  let same = 0;
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(120)) {
    const now = count();
    same = now === before ? same + 1 : 0;
    before = now;
    if (same >= 3 && hasCome()) return;
  }
}
