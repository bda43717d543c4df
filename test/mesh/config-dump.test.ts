/** What a live Envoy prints of what it was served, read without a loss: listeners and clusters come from files, as a control plane's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect, type EnvoyConfig, parseEnvoyConfig, readEnvoyConfig } from '../../src/envoy/index.ts';
import { type EnvoyVersion, envoyBinary, envoyVersions } from './envoy/binary.ts';
import { bootstrapOf } from './envoy/bootstrap.ts';
import { answerOf, type Message } from './istiod/answer.ts';
import { pause } from './lab/mesh-pod.ts';
import { envoyMode } from './recorded.ts';

const isLive = envoyMode() !== 'recorded';
const type = (name: string) => `type.googleapis.com/envoy.config.${name}`;
const certificate = join(import.meta.dirname, 'envoy/certificate.pem');

test.skipIf(!isLive).each(envoyVersions)('Envoy %s', { timeout: 60_000 }, async (version) => {
  const scratch = mkdtempSync(join(tmpdir(), 'sidetrack-dump-'));
  const file = (name: string) => join(scratch, name);
  copyFileSync(certificate, file('certificate.pem'));
  const files = { certificate: file('certificate.pem'), accessLog: file('access.log') };
  const { static_resources: told } = bootstrapOf(answerOf('permissive'), files);
  // Nothing is bound: other tests, and other programs, have these ports.
  const listeners = told.listeners.map((one: Message) => ({ ...one, bind_to_port: false }));
  const served = (name: string, resources: readonly Message[]) =>
    writeFileSync(file(name), JSON.stringify({ version_info: '1', resources }));
  served(
    'lds.json',
    listeners.map((one: Message) => ({ '@type': type('listener.v3.Listener'), ...one })),
  );
  served(
    'cds.json',
    told.clusters.map((one: Message) => ({ '@type': type('cluster.v3.Cluster'), ...one })),
  );
  const from = (name: string) => ({ resource_api_version: 'V3', path_config_source: { path: file(name) } });
  const bootstrap = {
    node: { id: 'pod', cluster: 'pod' },
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } },
    dynamic_resources: { lds_config: from('lds.json'), cds_config: from('cds.json') },
  };
  writeFileSync(file('envoy.json'), JSON.stringify(bootstrap));
  const envoy = start(version, file);
  try {
    const dumps = await ask(file('admin'), told.listeners.length);
    const wanted = readEnvoyConfig([{ ...told, listeners }]);
    expect(wanted.problems).toEqual([]);
    for (const [asked, text] of Object.entries(dumps)) {
      const { config, problems } = parseEnvoyConfig(text);
      expect(problems, asked).toEqual([]);
      const sorted = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).sort();
      expect(sorted(config.listeners), asked).toEqual(sorted(wanted.config.listeners));
      expect(sorted(config.clusters), asked).toEqual(sorted(wanted.config.clusters));
      expect(text, asked).not.toMatch(/-----BEGIN [A-Z ]*PRIVATE KEY/);
      expect(JSON.stringify(config), asked).not.toContain('-----BEGIN');
      for (const listener of config.listeners)
        expect(plainOf(listener), `${asked} ${listener.name}`).toEqual(
          plainOf(wanted.config.listeners.find(({ name }) => name === listener.name)),
        );
      expect(outcomes(config), asked).toEqual(outcomes(wanted.config));
    }
  } finally {
    envoy.kill('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
  }
});

function start(version: EnvoyVersion, file: (name: string) => string): ChildProcess {
  const usual = ['--disable-hot-restart', '--concurrency', '1', '-l', 'error'];
  const own = ['--admin-address-path', file('admin'), '-c', file('envoy.json')];
  return spawn(envoyBinary(version), [...usual, ...own], { stdio: 'ignore' });
}

/** Both forms of the dump, as soon as all listeners are there. */
async function ask(addressFile: string, listeners: number): Promise<Readonly<Record<string, string>>> {
  let last = '';
  for (let tries = 0; tries < 200; tries++) {
    await pause(100);
    try {
      const address = readFileSync(addressFile, 'utf8').trim();
      const get = async (path: string) => (await fetch(`http://${address}${path}`)).text();
      last = await get('/config_dump');
      const { config } = parseEnvoyConfig(last);
      if (config.listeners.filter(({ state }) => state === 'active').length < listeners) continue;
      return { '/config_dump': last, '/config_dump?include_eds': await get('/config_dump?include_eds') };
    } catch {
      // It has not started yet.
    }
  }
  throw new Error(`Envoy has not got its listeners: ${last.slice(0, 500)}`);
}

/** What decides; in what is left a dump has what Envoy adds, and defaults that it leaves out. */
function plainOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'rest' ? undefined : one)));
}

/** What becomes of a few connections: to the pod, to a Service, to nobody, by plain HTTP and TLS. */
function outcomes(config: EnvoyConfig): readonly unknown[] {
  const sends = [
    { nothing: true } as const,
    { http: { method: 'GET', path: '/', host: 'elsewhere.example' } },
    { tls: { serverName: 'own', alpn: ['istio'] } },
  ];
  const places = [
    { destination: '10.244.1.5', destinationPort: 8080 },
    { destination: '10.244.1.5', destinationPort: 9000 },
    { destination: '203.0.113.5', destinationPort: 80 },
    { destination: '203.0.113.5', destinationPort: 4444 },
  ];
  return places.flatMap((place) =>
    sends.flatMap((one) =>
      [15001, 15006].map(
        (listener) =>
          connect(unbound(config), {
            source: '10.244.2.9',
            sourcePort: 40000,
            listener,
            ...place,
            sends: one,
          }).outcome,
      ),
    ),
  );
}

/** The two that the test does not bind, bound as they are in a pod. */
function unbound(config: EnvoyConfig): EnvoyConfig {
  const listeners = config.listeners.map((one) => ({ ...one, bindToPort: one.name.startsWith('virtual') }));
  return { ...config, listeners };
}
