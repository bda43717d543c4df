/**
 * Serves the built site from `dist/`, under the base path that it was built for.
 *
 *     node src/site/serve.ts [--build] [--port 4321] [--dir dist] [--base /handbook/]
 */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, realpathSync, type Stats, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import handbook from '../../handbook.config.ts';

export interface ServeOptions {
  /** The folder of the built site. */
  readonly dir: string;
  /** The path that the site was built for, as `/` or `/handbook/`. */
  readonly base: string;
  /** 0 takes any free port. A port that is busy gives way to the next free one. */
  readonly port: number;
  /** Sent with every answer: a content security policy, say. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds in which the head of a request has to be there, and twice as many for all of it; 10,000. */
  readonly patience?: number;
}

export interface RunningServer {
  /** Where the site begins, base path included: `http://localhost:4321/handbook/`. */
  readonly url: string;
  /** Ends at once, open connections too. */
  close(): Promise<void>;
}

/** Starts the server on this machine only. Throws when there is no built site. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const dir = resolve(options.dir);
  const base = withSlashes(options.base);
  if (!existsSync(join(dir, 'index.html'))) {
    throw new Error(`There is no built site in ${options.dir}. Build it first: npm run build`);
  }
  const { patience = 10_000 } = options;
  // Who sends no request in this time is let go.
  const limits = {
    headersTimeout: patience,
    requestTimeout: 2 * patience,
    connectionsCheckingInterval: patience / 2,
  };
  const server = createServer(limits, (request, response) => {
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    try {
      answer(request, response, dir, base);
    } catch {
      // No request ends the server, whatever is asked.
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}${base}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Where the built site is. `HANDBOOK_DIST` names another folder, for two builds side by side. */
export const builtSite = process.env.HANDBOOK_DIST ?? 'dist';

/** The base path of this handbook, which `HANDBOOK_BASE` overrides as it does for the build. */
export function configuredBase(): string {
  return withSlashes(process.env.HANDBOOK_BASE ?? handbook.base);
}

function withSlashes(path: string): string {
  return `/${path.split('/').filter(Boolean).join('/')}/`.replace('//', '/');
}

const portsToTry = 50;

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isLast = port === 0 || port + 1 >= Math.min(65536, port + portsToTry);
      if (error.code !== 'EADDRINUSE' || isLast) fail(error);
      else listen(server, port + 1).then(done, fail);
    });
    server.listen(port, 'localhost', done);
  });
}

/** What a file is, by its ending; `deploy/nginx/types.conf` says the same. */
export const mediaTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.mjs': 'text/javascript; charset=utf-8',
    '.json': 'application/json; charset=utf-8',
    '.map': 'application/json; charset=utf-8',
    '.webmanifest': 'application/manifest+json; charset=utf-8',
    '.md': 'text/markdown; charset=utf-8',
    '.mmd': 'text/plain; charset=utf-8',
    '.txt': 'text/plain; charset=utf-8',
    '.xml': 'application/xml; charset=utf-8',
    '.svg': 'image/svg+xml; charset=utf-8',
    '.png': 'image/png',
    '.jpg': 'image/jpeg',
    '.webp': 'image/webp',
    '.avif': 'image/avif',
    '.ico': 'image/x-icon',
    '.woff': 'font/woff',
    '.woff2': 'font/woff2',
  }),
);

function answer(request: IncomingMessage, response: ServerResponse, dir: string, base: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const [asked = '/', query] = (request.url ?? '/').split('?');
  const path = decoded(asked);
  if (path === undefined) {
    response.writeHead(400).end();
    return;
  }
  const search = query === undefined ? '' : `?${query}`;
  if (`${path}/` === base || (path === '/' && base !== '/')) {
    response.writeHead(302, { location: base + search }).end();
    return;
  }
  const file = path.startsWith(base) ? join(dir, path.slice(base.length)) : '';
  if (!isInside(file, dir)) {
    send(request, response, 404, join(dir, '404.html'));
    return;
  }
  const found = stats(file);
  if (found?.isDirectory() && !path.endsWith('/')) {
    response.writeHead(301, { location: encodeURI(`${path}/`).replace(/^\/+/, '/') + search }).end();
    return;
  }
  const wanted = found?.isDirectory() ? join(file, 'index.html') : file;
  const isThere = stats(wanted)?.isFile() === true && !(path.endsWith('/') && wanted === file);
  send(request, response, isThere ? 200 : 404, isThere ? wanted : join(dir, '404.html'));
}

function send(request: IncomingMessage, response: ServerResponse, status: number, file: string): void {
  const found = stats(file);
  if (found === undefined) {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found.\n');
    return;
  }
  const type = mediaTypes.get(extname(file).toLowerCase()) ?? 'application/octet-stream';
  const etag = `W/"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`;
  // Astro names what it bundles after its content: such a file never changes.
  const isImmutable = file.includes(`${sep}_astro${sep}`);
  response.setHeader('content-type', type);
  response.setHeader('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('etag', etag);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('vary', 'accept-encoding');
  if (status === 200 && request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  const isText = /^text\/|json|xml|svg/.test(type);
  const acceptsGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?![.\d]))/.test(
    String(request.headers['accept-encoding'] ?? ''),
  );
  const isZipped = isText && acceptsGzip && found.size > 512;
  if (isZipped) response.setHeader('content-encoding', 'gzip');
  else response.setHeader('content-length', found.size);
  response.writeHead(status);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // A reader who went away is no error of ours.
  const gone = (): void => {};
  if (isZipped) pipeline(createReadStream(file), createGzip(), response, gone);
  else pipeline(createReadStream(file), response, gone);
}

function decoded(path: string): string | undefined {
  try {
    const text = decodeURIComponent(path);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function isInside(file: string, dir: string): boolean {
  return file === dir || file === `${dir}${sep}` || file.startsWith(`${dir}${sep}`);
}

/** Undefined for what is not there, and for what can be no file: a name that is too long, say. */
function stats(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Builds the site and says how far it is: a line that counts the pages, or Astro's own words when it fails. */
function build(base: string, dir: string): Promise<void> {
  const started = Date.now();
  const script = join(import.meta.dirname, '../../node_modules/astro/bin/astro.mjs');
  const child = spawn(process.execPath, [script, 'build', '--outDir', resolve(dir)], {
    env: { ...process.env, HANDBOOK_BASE: base },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  let pages = 0;
  const tell = (): void => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = `Building the handbook … ${pages > 0 ? `${pages} pages, ` : ''}${seconds} s`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
    else if (seconds === 0) console.log('Building the handbook …');
  };
  const hear = (chunk: Buffer): void => {
    const text = chunk.toString();
    said.push(text);
    pages += text.match(/\.html\b/g)?.length ?? 0;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  tell();
  const clock = setInterval(tell, 1000);
  const stop = (): boolean => child.kill();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => {
      clearInterval(clock);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (process.stdout.isTTY) process.stdout.write('\n');
      if (code === 0) done();
      else fail(new Error(`${said.join('')}\nThe handbook could not be built: see above.`));
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      build: { type: 'boolean', default: false },
      port: { type: 'string', default: '4321' },
      dir: { type: 'string', default: builtSite },
      base: { type: 'string', default: configuredBase() },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port must be a number from 0 to 65535, found ${JSON.stringify(values.port)}.`);
  }
  if (values.build) await build(withSlashes(values.base), values.dir);
  const server = await startServer({ dir: values.dir, base: values.base, port });
  console.log(`${handbook.title} is at ${server.url}`);
  const stop = (): void => void server.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

// `import.meta.main` would say the same, from Node 24.2 on.
if (realpathSync(process.argv[1] ?? '.') === import.meta.filename) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
