/**
 * nginx with the very configuration of `deploy/nginx`: only its port and the folder that it serves are the test's.
 * Where the machine allows it, it runs as the container would have it: as another user, on a file system that
 * nothing can be written to but /tmp.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningNginx {
  /** `http://127.0.0.1:34567` */
  readonly origin: string;
  /** True where it runs without privileges and cannot write. */
  readonly isConfined: boolean;
  /** What it said: its accesses and its errors. */
  readonly said: () => string;
  close(): Promise<void>;
}

const configuration = join(import.meta.dirname, '../../deploy/nginx');
const nobody = 65534;

export function nginxPath(): string | undefined {
  return ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find(
    (path) => existsSync(path),
  );
}

/** `dist` was built for `base`. */
export async function startNginx(dist: string, base: string): Promise<RunningNginx> {
  const nginx = nginxPath();
  if (nginx === undefined) throw new Error('nginx is not installed. Run once: apt-get install nginx-light');
  // Not below /tmp, over which the confined nginx has an empty one.
  const folder = mkdtempSync(join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'sidetrack-nginx-'));
  chmodSync(folder, 0o755);
  const served = join(folder, 'srv');
  execFileSync('sh', [join(configuration, '../stage.sh'), dist, base, served], { stdio: 'pipe' });
  cpSync(configuration, folder, { recursive: true });
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  const text = readFileSync(file, 'utf8')
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace('root /srv;', `root ${served};`);
  writeFileSync(file, text);

  // nginx opens its log by name, which a socket, as Node's own pipes are, does not allow.
  const words = ['sh', '-c', '"$@" 2>&1 | cat', 'sh', nginx, '-c', file, '-g', 'daemon off;'];
  const isConfined = mayConfine();
  const [command = '', ...args] = isConfined ? confined(words) : words;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const heard: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  const origin = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    const ended = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined);
    if (answer?.ok) return { origin, isConfined, said: () => heard.join(''), close };
    await new Promise((done) => setTimeout(done, 50));
  }
  await close();
  throw new Error(`nginx did not start:\n${heard.join('')}`);
}

function confined(words: readonly string[]): string[] {
  const script =
    'mount --bind / / && mount -o remount,bind,ro / && mount -t tmpfs tmpfs /tmp && exec setpriv --reuid "$0" --regid "$0" --clear-groups --no-new-privs --bounding-set -all "$@"';
  return ['unshare', '--mount', 'sh', '-c', script, String(nobody), ...words];
}

function mayConfine(): boolean {
  if (process.getuid?.() !== 0) return false;
  const [command = '', ...args] = confined(['true']);
  return spawnSync(command, args).status === 0;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
