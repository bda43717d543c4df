/**
 * The engine's own cases (`test/netfilter/cases`), put to the kernel: what the engine says of each packet is what
 * the kernel's trace shows, on both back ends.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { type Case, readCaseFile } from '../netfilter/case-file.ts';
import { stepsOf } from './case-steps.ts';
import { runCrafted, socketsFor } from './crafted.ts';
import { compareEvents, eventsOfEngine } from './engine.ts';
import { eventLines, readEventLines } from './event.ts';
import { openKernel } from './kernel.ts';
import { type PodPlan, usualPod } from './pod-plan.ts';

const folder = new URL('../netfilter/cases/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.case'));
const kernel = openKernel('cases');
afterAll(() => kernel.end());

const casesOf = (file: string) => readCaseFile(file, readFileSync(new URL(file, folder), 'utf8'));
const isAsked = (one: Case) => stepsOf(one).steps.length > 0;

describe.each(files.filter((file) => casesOf(file).some(isAsked)))('%s', (file) => {
  for (const one of casesOf(file).filter(isAsked)) {
    const { steps } = stepsOf(one);
    test(`${one.title} (${file}:${one.line})`, async () => {
      const { sockets: given, connections: _connections, backend: only, ...host } = one.host;
      const isConnected = given?.some(({ remoteAddress }) => remoteAddress !== undefined) === true;
      const plan: PodPlan = isConnected && usualPod.peers ? { ...host, peers: usualPod.peers } : host;
      const rulesets = {
        ...(one.rules.v4 === undefined ? {} : { v4: `${one.rules.v4.text}\n` }),
        ...(one.rules.v6 === undefined ? {} : { v6: `${one.rules.v6.text}\n` }),
      };
      const sockets = socketsFor(rulesets, given);
      const packets = steps.map(({ crafted }) => crafted);
      const answers = await kernel.answer(
        `${file}: ${one.title}`,
        { plan, rulesets, sockets, packets },
        async (pod, backend) => (await runCrafted(pod, backend, rulesets, sockets, packets)).map(eventLines),
      );
      for (const backend of only === undefined ? (['nft', 'legacy'] as const) : [only]) {
        for (const [index, { line, crafted, traversal }] of steps.entries()) {
          const lines = answers[backend][index] ?? [];
          const seen = readEventLines(lines, crafted.packet.protocol);
          const difference = compareEvents(eventsOfEngine(traversal), seen);
          expect.soft(difference, `${file}:${line}, ${backend}\n${difference}`).toBeNull();
        }
      }
    });
  }
});

/** What the kernel cannot be asked is no skipped test: it is a list that somebody has to change by hand. */
test('these cases are not put to the kernel, for these reasons', async () => {
  const leftOut = files.flatMap((file) =>
    casesOf(file).flatMap((one) => {
      const { steps, leftOut: reason } = stepsOf(one);
      return reason === null
        ? []
        : [`${file}: ${one.title}: ${steps.length} asked, then ${reason.replace(/^line \d+: /, '')}`];
    }),
  );
  await expect(`${leftOut.join('\n')}\n`).toMatchFileSnapshot('left-out.txt');
});
