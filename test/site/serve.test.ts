import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textForms } from '../../src/render/index.ts';
import { type RunningServer, startServer } from '../../src/site/serve.ts';

const dir = mkdtempSync(join(tmpdir(), 'sidetrack-serve-'));
const long = 'A long sentence, so that it is worth packing. '.repeat(40);
let server: RunningServer;

beforeAll(async () => {
  const files = {
    'index.html': '<h1>start</h1>',
    '404.html': '<h1>no such page</h1>',
    'traffic/index.html': `<p>${long}</p>`,
    'traffic/type 1.md': '# One',
    '_astro/page.ab12.css': 'p{}',
    'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'scenario.json': '{}',
    'font.woff2': 'x',
    ...Object.fromEntries(Object.values(textForms).map(({ file }) => [file, 'x'])),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  writeFileSync(join(dir, '..', 'sidetrack-secret'), 'secret');
  server = await startServer({ dir, base: '/handbook/', port: 0, headers: { 'x-policy': 'strict' } });
});

afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
  rmSync(join(dir, '..', 'sidetrack-secret'));
});

const get = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, server.url), { redirect: 'manual', ...init });

describe('what is served', () => {
  test.each([
    ['index.html', 'text/html; charset=utf-8'],
    ['drawing.svg', 'image/svg+xml; charset=utf-8'],
    ['scenario.json', 'application/json; charset=utf-8'],
    ['traffic/type%201.md', 'text/markdown; charset=utf-8'],
    ['font.woff2', 'font/woff2'],
  ])('%s as %s', async (path, type) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
  });

  test.each(Object.entries(textForms))(
    'a journey as %s, here and by nginx',
    async (_, { file, mediaType }) => {
      expect((await get(file)).headers.get('content-type')).toBe(`${mediaType}; charset=utf-8`);
      const nginx = readFileSync(join(import.meta.dirname, '../../deploy/nginx/types.conf'), 'utf8');
      const [, endings = ''] = new RegExp(`^ *${mediaType} +(.+);$`, 'm').exec(nginx) ?? [];
      expect(endings.split(' ')).toContain(extname(file).slice(1));
    },
  );

  test('a folder is its index, and an address without the slash leads there', async () => {
    expect(await (await get('traffic/')).text()).toContain(long);
    const response = await get('traffic?x=1');
    expect([response.status, response.headers.get('location')]).toEqual([301, '/handbook/traffic/?x=1']);
  });

  test('an address outside of the base path leads to the start, or nowhere', async () => {
    const start = await get('/');
    expect([start.status, start.headers.get('location')]).toEqual([302, '/handbook/']);
    expect((await get('/handbook')).headers.get('location')).toBe('/handbook/');
    expect((await get('/traffic/')).status).toBe(404);
    expect((await get('/handbookish/')).status).toBe(404);
  });

  test('a page that is not there is the 404 page, and says so', async () => {
    for (const path of ['nowhere/', 'nowhere', 'index.html/', 'drawing.svg/']) {
      const response = await get(path);
      expect([response.status, await response.text()]).toEqual([404, '<h1>no such page</h1>']);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
  });

  test('text is packed for those who take it so', async () => {
    const packed = await raw('GET /handbook/traffic/ HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n');
    expect(packed.head).toContain('content-encoding: gzip');
    expect(gunzipSync(packed.body).toString()).toContain(long);
    const asked = 'GET /handbook/traffic/ HTTP/1.0\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\r\n';
    const smaller = await raw(asked);
    expect(smaller.head).toContain('content-encoding: br');
    expect(smaller.head).toContain('vary: accept-encoding');
    expect(brotliDecompressSync(smaller.body).toString()).toContain(long);
    const plain = await raw('GET /handbook/traffic/ HTTP/1.0\r\nAccept-Encoding: gzip;q=0\r\n\r\n');
    expect(plain.head).not.toContain('content-encoding');
    expect(plain.body.toString()).toContain(long);
  });

  test('what has its content in its name is kept for good, the rest is asked for again', async () => {
    expect((await get('_astro/page.ab12.css')).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    );
    const page = await get('index.html');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await get('index.html', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('a header that was asked for comes with every answer', async () => {
    expect((await get('index.html')).headers.get('x-policy')).toBe('strict');
    expect((await get('nowhere')).headers.get('x-policy')).toBe('strict');
  });

  test('HEAD has no body, and nothing can be written', async () => {
    expect(await (await get('index.html', { method: 'HEAD' })).text()).toBe('');
    expect((await get('index.html', { method: 'POST' })).status).toBe(405);
  });
});

test.each([
  '/handbook/../../sidetrack-secret',
  '/handbook/%2e%2e/sidetrack-secret',
  '/handbook/..%2fsidetrack-secret',
  '/handbook/%2e%2e%2f%2e%2e%2fsidetrack-secret',
  '/handbook/traffic/..%5c..%5csidetrack-secret',
  '/handbook/index.html%00',
  '/handbook/%zz',
])('no way out of the folder: %s', async (path) => {
  const { head, body } = await raw(`GET ${path} HTTP/1.0\r\n\r\n`);
  expect(head).toMatch(/^HTTP\/1\.1 40[04] /);
  expect(body.toString()).not.toContain('secret');
});

describe('requests that nobody means well with', () => {
  const attacks: Readonly<Record<string, string>> = {
    'a name of 4,000 letters': `GET /handbook/${'a'.repeat(4000)} HTTP/1.0`,
    'a path of 4,000 folders': `GET /handbook/${'a/'.repeat(4000)} HTTP/1.0`,
    'a file as a folder': 'GET /handbook/index.html/index.html HTTP/1.0',
    'a name with a zero': 'GET /handbook/%00 HTTP/1.0',
    'half a sign': 'GET /handbook/%e2%82 HTTP/1.0',
    'a sign encoded twice': 'GET /handbook/%252e%252e/sidetrack-secret HTTP/1.0',
    'another host in the path': 'GET //example.org/%2e%2e HTTP/1.0',
    'a whole address': 'GET http://example.org/handbook/ HTTP/1.0',
    'a new line in the path': 'GET /handbook/traffic%0d%0aset-cookie:%20a=b HTTP/1.0',
    'a range behind the end': 'GET /handbook/traffic/ HTTP/1.0\r\nRange: bytes=999999-',
    'ranges by the hundred': `GET /handbook/traffic/ HTTP/1.0\r\nRange: bytes=${'0-1,'.repeat(300)}0-1`,
    'a header of 20,000 letters': `GET /handbook/ HTTP/1.0\r\nX: ${'a'.repeat(20_000)}`,
    'a method that is none': 'BREW /handbook/ HTTP/1.0',
    'a method that writes': 'PUT /handbook/index.html HTTP/1.0\r\nContent-Length: 0',
    'a tunnel': 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org',
    'two lengths of one body':
      'POST /handbook/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\nabcd',
    'a body with a length and in pieces':
      'POST /handbook/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1',
    'a request without a host': 'GET /handbook/ HTTP/1.1\r\nConnection: close',
    'a header without end': `GET /handbook/ HTTP/1.0\r\n${'X: a\r\n'.repeat(3000)}`,
    'another protocol': 'GET /handbook/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c',
    'what it knows it has': 'GET /handbook/ HTTP/1.0\r\nIf-None-Match: *, "x", W/',
    'a range that goes back': 'GET /handbook/traffic/ HTTP/1.0\r\nRange: bytes=9-1',
    'a range of nothing': 'GET /handbook/traffic/ HTTP/1.0\r\nRange: bytes=-',
    'a trace of itself': 'TRACE /handbook/ HTTP/1.0\r\nX: <script>',
    'every name there is': 'OPTIONS * HTTP/1.0',
    'letters of another alphabet': 'GET /handbook/\u00e4\u2028 HTTP/1.0',
    'dots and slashes': `GET /handbook/${'/.'.repeat(2000)} HTTP/1.0`,
    'no HTTP at all': '\u0016\u0003\u0001',
    'encodings without end': `GET /handbook/traffic/ HTTP/1.0\r\nAccept-Encoding: ${'gzip;q=0.,'.repeat(800)}`,
  };
  test.each(Object.entries(attacks))('%s ends nothing and shows nothing', async (_, request) => {
    const { head, body } = await raw(`${request}\r\n\r\n`);
    expect(head).toMatch(/^(HTTP\/1\.1 [2-4]\d\d |$)/);
    expect(head).not.toMatch(/set-cookie|location: (?!\/[^/])/);
    expect(body.toString()).not.toContain('secret');
    expect((await get('index.html')).status).toBe(200);
  });
  test('two hundred who ask for nothing do not keep the next one waiting', async () => {
    const sockets = Array.from({ length: 200 }, () => connect(Number(new URL(server.url).port), 'localhost'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (const socket of sockets) socket.on('error', () => {}).write('GET /handbook/ HTTP/1.1\r\n');
    expect((await get('index.html')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
  test('who sends letter by letter is let go, and nobody waits for it', async () => {
    const patient = await startServer({ dir, base: '/', port: 0, patience: 400 });
    const { port } = new URL(patient.url);
    const slow = [
      'GET / HTTP/1.1\r\nHost: a\r\nX: ',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n',
      '',
    ];
    const ended = slow.map(async (beginning) => {
      const socket = connect(Number(port), 'localhost');
      let answer = '';
      socket
        .on('error', () => {})
        .on('data', (part) => {
          answer += part;
        });
      socket.write(beginning);
      const letters = setInterval(() => socket.write('a'), 50);
      await new Promise((done) => socket.once('close', done));
      clearInterval(letters);
      return answer;
    });
    expect((await fetch(patient.url)).status).toBe(200);
    for (const answer of await Promise.all(ended)) expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    await patient.close();
  });
  test('who never takes an answer keeps nobody waiting', async () => {
    const socket = connect(Number(new URL(server.url).port), 'localhost');
    socket.on('error', () => {}).pause();
    socket.write('GET /handbook/traffic/ HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(500));
    expect((await get('index.html')).status).toBe(200);
    socket.destroy();
  });
  test('many requests in one breath are each answered', async () => {
    const one = 'GET /handbook/ HTTP/1.1\r\nHost: a\r\n\r\n';
    const { head, body } = await raw(
      `${one.repeat(50)}GET /handbook/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(`${head}${body}`.toLowerCase().match(/http\/1\.1 200 ok/g)).toHaveLength(51);
  });
  test('who goes away in the middle of an answer ends nothing', async () => {
    const socket = connect(Number(new URL(server.url).port), 'localhost');
    socket.write('GET /handbook/traffic/ HTTP/1.1\r\nHost: a\r\n\r\n');
    socket.resetAndDestroy();
    expect((await get('index.html')).status).toBe(200);
  });
});

test('a busy port gives way to the next', async () => {
  const { port } = new URL(server.url);
  const second = await startServer({ dir, base: '/', port: Number(port) });
  expect(Number(new URL(second.url).port)).toBeGreaterThan(Number(port));
  await second.close();
});

test('without a built site there is nothing to serve', async () => {
  await expect(startServer({ dir: join(dir, 'traffic', 'none'), base: '/', port: 0 })).rejects.toThrow(
    /^There is no built site in .*none\. Build it first: npm run build$/,
  );
});

/** An answer as it comes over the wire, for a path that no well-behaved client would send. */
async function raw(request: string): Promise<{ head: string; body: Buffer }> {
  const socket = connect(Number(new URL(server.url).port), 'localhost');
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.write(request);
  await once(socket, 'close');
  const all = Buffer.concat(parts);
  const end = all.indexOf('\r\n\r\n');
  return {
    head: all.subarray(0, end).toString().toLowerCase().replace('http/1.1', 'HTTP/1.1'),
    body: all.subarray(end + 4),
  };
}
