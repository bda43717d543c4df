/** The lab with what an Envoy was told: a connection through it, linked to and taken into a ticket. */
import { expect } from 'vitest';
import { decodeDump } from '../../src/handbook/lab/index.ts';
import { goldenCalls } from '../handbook/walk/golden-links.ts';
import { desktop } from './browser.ts';
import { test } from './site-test.ts';

/** On a busy machine a walk takes its time. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000 });
}

test('a link to a connection through a pasted Envoy opens at that, and leads back to it', async ({
  visit,
}) => {
  const [[link, , text]] = goldenCalls as [(typeof goldenCalls)[number]];
  const page = await visit(`lab/${link}`, { width: desktop });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const own = page.getByRole('form', { name: 'A connection through this Envoy' });
  await eventually(() => own.innerText()).toContain('The app calls 203.0.113.5:8443, and sends TLS');
  expect(page.url()).toContain(link);
  await own.getByLabel('Port').fill('9999');
  await own.getByRole('button', { name: 'Walk it' }).click();
  await eventually(() => own.innerText()).toContain('The app calls 203.0.113.5:9999');
  await own.getByRole('button', { name: 'Copy link' }).click();
  await eventually(() => own.innerText()).toContain('Copied as link.');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const fragment = copied.slice(copied.indexOf('#'));
  expect(fragment.split('&dump=')[0]).toBe(link.replace(':8443', ':9999').split('&dump=')[0]);
  // Another compressor, the same text.
  expect(await decodeDump(fragment)).toEqual({ kind: 'dump', text });
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toContain(
    'The app calls 203.0.113.5:9999, and sends TLS for elsewhere.example first.',
  );
});
