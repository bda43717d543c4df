/** Links and names that nobody means well with, in a real browser: each is text or refused, and the page lives on. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { longestDumpLink } from '../../src/handbook/lab/index.ts';
import { desktop } from './browser.ts';
import { drawingOf, openSimulator, pathOf } from './simulator-page.ts';
import { test } from './site-test.ts';

const names = {
  'an image': '<img src=x onerror=alert(1)>',
  'a script that ends a drawing': '</svg><script>alert(1)</script>',
  'a link': '[x](javascript:alert(1))',
  'an entity': '&lt;b&gt;&#60;i&#62;&amp;nbsp;',
  'a style': 'x;}</style><style>*{display:none}',
  'letters of a terminal': '\u001b[31mred\u001b]0;title\u0007',
  'letters that turn': '\u202egnp.exe',
  'a place in another folder': '../../etc/passwd\\..\\x',
  'marks of Mermaid': 'end;%%{init:{}}%% $$x$$ #35;',
  'half a letter': '\ud800',
  zero: 'a\u0000b',
} as const;

const coded = (text: string) => encodeURIComponent(text.replace('\ud800', '\ufffd'));

describe('a hostile name', () => {
  test.for(Object.entries(names))('of who sends: %s', async ([, name], { visit }) => {
    const link = `v=1&scenario=local-to-remote&from=uid:1000:1000:${coded(name)}&to=10.96.0.7:81`;
    const page = await visit(`traffic/local-to-remote/#${link}`, { width: desktop });
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const simulator = await openSimulator(page);
    // On a busy machine Mermaid takes its time.
    page.setDefaultTimeout(30_000);
    await drawingOf(simulator);
    expect((await pathOf(simulator)).length).toBeGreaterThan(0);
    const added = '.simulator img, .simulator script, .simulator style, .simulator a[href^="javascript"]';
    expect(await page.locator(added).count()).toBe(await page.locator('.redrawn svg > style').count());
    const download = page.waitForEvent('download');
    await simulator.getByRole('button', { name: 'SVG', exact: true }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^[\p{L}\p{N}-]+\.svg$/u);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const errors = await page.evaluate((svg) => {
      const read = new DOMParser().parseFromString(svg, 'image/svg+xml');
      return [...read.querySelectorAll('parsererror, script, img, foreignObject')].map(
        ({ nodeName }) => nodeName,
      );
    }, Buffer.concat(chunks).toString());
    expect(errors).toEqual([]);
    expect(dialogs).toEqual([]);
  });
});

describe('a link to the lab', () => {
  const packed = (bytes: Buffer) => deflateRawSync(bytes, { level: 9 }).toString('base64url');
  const links = {
    'that unfolds to 16 MB': [packed(Buffer.alloc(16 * 1024 * 1024, 'a')), 'unfold'],
    'that is longer than links are': ['A'.repeat(longestDumpLink + 1), `${longestDumpLink}`],
    'of letters that no link has': ['%3Cscript%3E', ''],
    'of noise': ['zzzzzzzz', ''],
    'of nothing': ['', ''],
    'of bytes that are no text': [packed(Buffer.from(Array.from({ length: 4000 }, (_, at) => at & 255))), ''],
  } as const;
  test.for(Object.entries(links))('%s', async ([name, [part, said]], { visit }) => {
    const page = await visit(`lab/#v=1&dump=${part}`, { width: desktop });
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    const alerts = page.locator('.lab-input [role="alert"]');
    if (said !== '')
      await expect.poll(() => alerts.allTextContents()).toEqual([expect.stringContaining(said)]);
    await page.locator('#lab-text').fill('*nat\n-A OUTPUT -j ACCEPT\nCOMMIT\n');
    await expect
      .poll(() => page.locator('.lab-summary').allTextContents(), { timeout: 15_000 })
      .toEqual(['None of these rules is Istio’s.']);
    expect(name).not.toBe('');
  });
});
