/**
 * What a tab keeps of texts that were pasted one after the other: the heaps of the page and of its workers, after
 * their garbage was collected.
 */
import type { Page } from 'playwright-core';
import type { Task } from '../long/parts.ts';
import { desktop, openSite } from './browser.ts';
import { hugeDump } from './huge-dump.ts';

const megabyte = 1024 * 1024;

/** By how much the heaps may be larger after many pastes than after two; one paste that is kept is 100 MB. */
export const mostGrown = 24 * megabyte;

/** Milliseconds until a paste is given up: beside other work one takes minutes. */
const longest = 900_000;

interface Message {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number };
}

/** Bytes in use on the heaps of the page and of its workers. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // Workers that ended with an earlier text are not asked.
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  const workers = new Set<string>();
  const waiting = new Map<string, (message: Message) => void>();
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.add(sessionId);
  });
  session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
    const read = JSON.parse(message) as Message;
    waiting.get(`${sessionId} ${read.id}`)?.(read);
  });
  let last = 0;
  const ask = (sessionId: string, method: string) =>
    new Promise<Message>((done) => {
      const id = ++last;
      waiting.set(`${sessionId} ${id}`, done);
      void session.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id, method }),
      });
    });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  await page.waitForTimeout(200);
  let used = 0;
  for (let round = 0; round < 2; round++) {
    await session.send('HeapProfiler.collectGarbage');
    for (const one of workers) await ask(one, 'HeapProfiler.collectGarbage');
  }
  used += (await session.send('Runtime.getHeapUsage')).usedSize;
  for (const one of workers) used += (await ask(one, 'Runtime.getHeapUsage')).result?.usedSize ?? 0;
  await session.detach();
  return used;
}

/** The heaps after the second paste and after the last, each another text of so many rules. */
export async function heapsOver(
  page: Page,
  pastes: number,
  services: number,
  pasted: (at: number, used: number) => boolean = () => true,
): Promise<{ readonly before: number; readonly after: number }> {
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  const text = hugeDump(services);
  await page.evaluate((dumped) => Object.assign(window, { dumped }), text);
  let before = 0;
  let after = 0;
  for (let at = 1; at <= pastes; at++) {
    // Another number of rules each time: what was read before is still shown when the next is begun.
    const read = await page.locator('.lab-read').allTextContents();
    await page.evaluate((number) => {
      const field = document.querySelector('#lab-text') as HTMLTextAreaElement;
      const data = new DataTransfer();
      const { dumped } = window as unknown as { dumped: string };
      const more = '-A KUBE-MARK-MASQ -j ACCEPT\n'.repeat(number);
      data.setData('text/plain', dumped.replace(/(?=^COMMIT$)/m, more).replaceAll('1.9:', `${number}.9:`));
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    }, at % 250);
    await page.waitForFunction(
      (before) =>
        document.querySelector('.lab-progress') === null &&
        (document.querySelector('.lab-read')?.textContent ?? before) !== before &&
        document.querySelector('.lab-walks > li') !== null &&
        document.querySelector('.lab-own .simulator') !== null,
      read[0] ?? '',
      { timeout: longest, polling: 100 },
    );
    if (at > 2 && at !== pastes && at % 5 !== 0) continue;
    after = await heapOf(page);
    if (at === 2) before = after;
    if (!pasted(at, after)) break;
  }
  return { before, after };
}

/** `npm run test:long memory`: needs a built site and a browser. */
export async function comparePastes(task: Task): Promise<boolean> {
  const site = await openSite();
  try {
    const { page, problems } = await site.visit('lab/', { width: desktop });
    const told = (bytes: number) => `${(bytes / megabyte).toFixed(1)} MB`;
    const { before, after } = await heapsOver(page, task.amount, 12_500, (at, used) => {
      console.log(`${at} pastes of 50,000 rules: ${told(used)} in use`);
      task.reached(at);
      return !task.isStopped();
    });
    console.log(`from ${told(before)} to ${told(after)}; at most ${told(mostGrown)} more`);
    for (const problem of problems) console.log(problem);
    return after - before < mostGrown && problems.length === 0;
  } finally {
    await site.close();
  }
}
