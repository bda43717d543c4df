/**
 * Serves the built site from `dist/`, under the base path that it was built for.
 *
 *     node src/site/serve.ts [--build] [--port 4321] [--dir dist] [--base /handbook/]
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { constants } from 'node:zlib';
import compression from 'compression';
import sirv from 'sirv';
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
  const answer = answering(dir, base);
  // Who sends no request in this time is let go.
  const limits = {
    headersTimeout: patience,
    requestTimeout: 2 * patience,
    connectionsCheckingInterval: patience / 2,
  };
  const server = createServer(limits, (request, response) => {
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    try {
      answer(request, response);
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

type Packing = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Files are sirv's, packing is compression's: here is where a page stands, and what is said of one that does not. */
function answering(dir: string, base: string): Answering {
  const files = sirv(dir, { etag: true, extensions: [], setHeaders: describeFile });
  // The types are express's, which ask for more than it looks at. Brotli at 7 takes as long as gzip, and a tenth off.
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } };
  const pack = compression({ threshold: 512, level: 9, brotli }) as unknown as Packing;
  const missing = readFileSync(join(dir, '404.html'));
  const folders = new Set(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => basename(name) === 'index.html')
      .map((name) => `/${dirname(name)}/`.replaceAll(sep, '/')),
  );
  const notThere = (response: ServerResponse): void => {
    describeFile(response, '404.html');
    response.writeHead(404).end(missing);
  };
  return (request, response) => {
    const [asked = '/', query] = (request.url ?? '/').split('?');
    const search = query === undefined ? '' : `?${query}`;
    const leadTo = (status: number, path: string): void => {
      response.writeHead(status, { location: encodeURI(path) + search }).end();
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const path = decoded(asked);
    if (path === undefined) {
      response.writeHead(400).end();
      return;
    }
    if (`${path}/` === base || (path === '/' && base !== '/')) return leadTo(302, base);
    // No piece of a file: nobody needs one of a page.
    const { range: _, ...headers } = request.headers;
    request.headers = headers;
    withoutDate(response);
    // sirv reads on for somebody who went away
    response.on('pipe', (source: Readable) => response.once('close', () => source.destroy()));
    pack(request, response, () => {
      if (!path.startsWith(base)) return notThere(response);
      const file = path.slice(base.length - 1);
      if (folders.has(`${file}/`)) return leadTo(301, `${path}/`);
      request.url = encodeURI(file.endsWith('/') ? `${file}index.html` : file);
      files(request, response, () => notThere(response));
    });
  };
}

/** A file's ETag says what its date would say again, in fewer bytes of each answer. */
function withoutDate(response: ServerResponse): void {
  const { writeHead } = response;
  response.writeHead = ((...head: Parameters<typeof writeHead>) => {
    response.removeHeader('last-modified');
    return writeHead.apply(response, head);
  }) as typeof writeHead;
}

function describeFile(response: ServerResponse, path: string): void {
  response.setHeader(
    'content-type',
    mediaTypes.get(extname(path).toLowerCase()) ?? 'application/octet-stream',
  );
  // Astro names what it bundles after its content: such a file never changes.
  const isImmutable = path.includes('/_astro/');
  response.setHeader('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('x-content-type-options', 'nosniff');
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
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
