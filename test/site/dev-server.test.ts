/** What a writer sees while writing: the dev server shows a mistake on the page, at its place, until it is fixed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkPage } from '../../src/handbook/claims/index.ts';
import { astro, type Copy, copyHandbook, publishersEnvironment } from '../publisher/copy.ts';

const page = 'content/traffic/inside-envoy.mdx';
const seconds = 1000;

let copy: Copy;
let server: ChildProcess;
let origin: string;
let said = '';

beforeAll(async () => {
  copy = copyHandbook('dev');
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  server = spawn(process.execPath, [astro, 'dev', '--port', String(port), '--host', '127.0.0.1'], {
    cwd: copy.folder,
    env: publishersEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (said += text));
  await answer('/lab/');
}, 120 * seconds);

afterAll(async () => {
  if (server?.exitCode === null) {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  }
  copy?.remove();
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  return port;
}

async function answer(address: string): Promise<string> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the dev server ended:\n${said}`);
    const found = await fetch(`${origin}${address}`).catch(() => undefined);
    if (found !== undefined) return await found.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The page once the server has seen what was written last. */
async function seen(isThere: (document: Document) => boolean): Promise<Document> {
  for (let tries = 0; ; tries++) {
    const html = await answer('/traffic/inside-envoy/');
    const { document } = new JSDOM(html).window;
    if (isThere(document)) return document;
    if (tries > 200) throw new Error(`the page never came:\n${html.slice(0, 2000)}\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const problemsOn = (document: Document) => [...document.querySelectorAll('.claim-problem')];

test(
  'a mistake stands at its place with its message, until it is fixed',
  async () => {
    const file = join(copy.folder, page);
    const source = readFileSync(file, 'utf8');
    const mistaken = source
      .replace('ISTIO_OUTPUT 4 ▸', 'ISTIO_OUTPUT 8 ▸')
      .replace('<Rule role="output.passthrough" /> is for', '<Rule role="output.passtrough" /> is for')
      .replace('Each is one connection', 'Rule 4 says so. Each is one connection')
      .replace('## Try it', '## Try it on 15000')
      .replace('description: The verified', 'description: In Istio 1.17, the verified');
    const expected = checkPage(page, mistaken).map(({ message }) => message);
    expect(expected.length).toBe(5);

    writeFileSync(file, mistaken);
    const shown = await seen((document) => problemsOn(document).length === expected.length);
    const messages = problemsOn(shown).map((element) => element.textContent?.trim());
    expect(messages).toEqual(expected);
    expect(messages[1]).toContain('npm run docs:update');
    const [, path, rule, role, heading] = problemsOn(shown);
    expect(
      path?.nextElementSibling?.textContent ?? path?.closest('p')?.nextElementSibling?.textContent,
    ).toContain('ISTIO_OUTPUT');
    expect(rule?.nextSibling?.textContent).toContain('Rule 4 says so.');
    expect(role?.closest('li')?.textContent).toContain('is for what comes from 127.0.0.6');
    expect(heading?.closest('h2')?.textContent).toContain('Try it on');

    writeFileSync(file, source);
    const fixed = await seen((document) => problemsOn(document).length === 0);
    expect(fixed.querySelector('h1')?.textContent).toContain('What happens to traffic inside Envoy?');
  },
  120 * seconds,
);
