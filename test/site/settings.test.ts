/** What is wrong in a `handbook.config.ts` is told before anything is made of it: each kind of mistake, with its words. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import handbook from '../../handbook.config.ts';
import { checkSettings } from '../../src/site/settings/check.ts';
import { contrast, readColour } from '../../src/site/settings/colour.ts';
import { settingProblemWords } from '../../src/words/index.ts';
import { handbook as publishers } from '../publisher/handbook.ts';

const place = { files: ['/favicon.svg', '/logo.svg'], ground: { light: '#fbfdfd', dark: '#14181a' } };
const said = (settings: unknown) => checkSettings(settings, place).map(settingProblemWords);
const withPod = (change: object) => ({ ...handbook, pod: { ...handbook.pod, ...change } });
const { title: _, ...untitled } = handbook;

test.each([
  ['the handbook as it is', handbook],
  ['a publisher’s', publishers],
  ['a colour in each form', { ...handbook, accent: { light: 'rgb(0 80 100)', dark: 'hsl(190, 80%, 70%)' } }],
  ['a release with its patch', { ...handbook, release: '1.20.3' }],
  [
    'a line for whom to ask, as mail',
    { ...handbook, contact: { text: 'Us', href: 'mailto:us@example.org' } },
  ],
  ['options of Istio', { ...handbook, options: { redirectDNS: true, outboundPortsExclude: '3306' } }],
])('%s can be published', (_, settings) => {
  expect(said(settings)).toEqual([]);
});

const mistakes: readonly (readonly [unknown, string])[] = [
  [null, 'handbook: found null, expected keys with values between { and }.'],
  [
    { ...handbook, titel: 'Mine' },
    'titel: the handbook has no such setting. Is "title" meant? Known: title, description, site, base, logo, accent, editBase, lastChange, contact, offline, release, options, pod.',
  ],
  [
    { ...handbook, redirectDNS: true },
    'redirectDNS: the handbook has no such setting. Is "options.redirectDNS" meant? Known: title, description, site, base, logo, accent, editBase, lastChange, contact, offline, release, options, pod.',
  ],
  [untitled, 'title: nothing found, expected a text that is not empty.'],
  [{ ...handbook, title: ' ' }, 'title: found " ", expected a text that is not empty.'],
  [
    { ...handbook, site: 'docs.example.org' },
    'site: found "docs.example.org", expected a scheme and a host without a path, such as https://docs.example.org; the path belongs in `base`.',
  ],
  [
    { ...handbook, site: 'https://docs.example.org/mesh/' },
    'site: found "https://docs.example.org/mesh/", expected a scheme and a host without a path, such as https://docs.example.org; the path belongs in `base`.',
  ],
  [
    { ...handbook, base: 'handbook' },
    'base: found "handbook", expected a path that begins and ends with a slash, such as /handbook/.',
  ],
  [
    { ...handbook, base: '/a/../b/' },
    'base: found "/a/../b/", expected a path that begins and ends with a slash, such as /handbook/.',
  ],
  [
    { ...handbook, logo: '/lgoo.svg' },
    'logo: found "/lgoo.svg", which is no file in public/. Is "/logo.svg" meant?',
  ],
  [
    { ...handbook, logo: 'logo.svg' },
    'logo: found "logo.svg", expected the path of a file in public/, such as /logo.svg.',
  ],
  [
    { ...handbook, accent: { light: 'teal', dark: '#6bd0db' } },
    'accent.light: found "teal", expected a colour such as #006678, rgb(0 102 120) or hsl(190 100% 24%).',
  ],
  [
    { ...handbook, accent: { light: '#6bd0db', dark: '#6bd0db' } },
    'accent.light: found "#6bd0db", with a contrast of 1.8 on #fbfdfd; expected 4.5 or more.',
  ],
  [
    { ...handbook, accent: { light: '#006678' } },
    'accent.dark: nothing found, expected a colour such as #006678, rgb(0 102 120) or hsl(190 100% 24%).',
  ],
  [
    { ...handbook, accent: { light: '#006678', drak: '#6bd0db', dark: '#6bd0db' } },
    'accent.drak: the handbook has no such setting. Is "dark" meant? Known: light, dark.',
  ],
  [
    { ...handbook, editBase: 'git.example.org' },
    'editBase: found "git.example.org", expected an address that begins with https:// or http://.',
  ],
  [
    { ...handbook, contact: { text: 'Us', href: 'chat.example.org' } },
    'contact.href: found "chat.example.org", expected an address that begins with https://, http:// or mailto:, or a path such as /help/.',
  ],
  [
    { ...handbook, contact: { text: 'Us', href: 'javascript:alert(1)' } },
    'contact.href: found "javascript:alert(1)", expected an address that begins with https://, http:// or mailto:, or a path such as /help/.',
  ],
  [{ ...handbook, contact: 'Ask us' }, 'contact: found "Ask us", expected keys with values between { and }.'],
  [{ ...handbook, offline: 'yes' }, 'offline: found "yes", expected true or false.'],
  [
    { ...handbook, release: 1.31 },
    'release: found 1.31, expected a release of Istio in quotes, such as "1.31".',
  ],
  [
    { ...handbook, release: '1.131' },
    'release: found "1.131", expected a release of Istio from 1.5 to 1.32. The nearest: 1.32.',
  ],
  [
    { ...handbook, release: '1.3' },
    'release: found "1.3", expected a release of Istio from 1.5 to 1.32. The nearest: 1.5, 1.6, 1.7.',
  ],
  [
    { ...handbook, options: [] },
    'options: found [], expected options of Istio with their values between { and }.',
  ],
  [
    withPod({ address: '10.244.1.5' }),
    'pod.address: found "10.244.1.5", expected an IPv4 address with the length of its prefix, such as 10.244.1.5/24.',
  ],
  [
    withPod({ address: '10.244.1.500/24' }),
    'pod.address: found "10.244.1.500/24", expected an IPv4 address with the length of its prefix, such as 10.244.1.5/24.',
  ],
  [withPod({ port: 80800 }), 'pod.port: found 80800, expected a port, 1 to 65535.'],
  [withPod({ port: '8080' }), 'pod.port: found "8080", expected a port, 1 to 65535.'],
  [withPod({ uid: -1 }), 'pod.uid: found -1, expected a number of a user or group, 0 to 4294967294.'],
  [
    withPod({ uuid: 1 }),
    'pod.uuid: the handbook has no such setting. Is "uid" meant? Known: name, address, port, uid, gid.',
  ],
];

test.each(mistakes.map(([settings, words]) => [words, settings] as const))('%s', (words, settings) => {
  expect(said(settings)).toContain(words);
});

test.each<[Readonly<Record<string, unknown>>, RegExp]>([
  [{ redirectDSN: true }, /^options\.redirectDSN: found true\. .*redirectDNS/],
  [{ outboundPortsExclude: '70000' }, /^options\.outboundPortsExclude: found "70000"\. /],
  [{ redirectDNS: 'yes' }, /^options\.redirectDNS: found "yes"\. /],
])('the option %j', (options, words) => {
  expect(said({ ...handbook, options })).toEqual([expect.stringMatching(words)]);
});

test('all mistakes are told at once', () => {
  expect(said({ ...withPod({ port: 0 }), release: '9', titel: '' })).toHaveLength(3);
});

describe('a colour', () => {
  test.each([
    ['#000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['rgb(255, 0, 0)', 'white', null],
    ['hsl(0 100% 50%)', '#ffffff', 4],
  ])('%s on %s has a contrast of %s', (one, other, expected) => {
    const [first, second] = [readColour(one), readColour(other)];
    expect(first && second ? Number(contrast(first, second).toFixed(2)) : null).toBe(expected);
  });

  test.each(['#00', '#12345678', 'rgb(256 0 0)', 'hsl(1 2 3)', 'red;}', 'var(--x)', ''])(
    '%s is none',
    (text) => {
      expect(readColour(text)).toBeNull();
    },
  );
});

test('the pages are not even looked at when the settings are wrong', () => {
  const copy = mkdtempSync(join(tmpdir(), 'sidetrack-settings-'));
  try {
    for (const name of ['src', 'test', 'content', 'components', 'public', 'node_modules', 'package.json'])
      symlinkSync(join(process.cwd(), name), join(copy, name));
    const text = readFileSync('handbook.config.ts', 'utf8').replace('port: 8080', 'prot: 8080');
    writeFileSync(join(copy, 'handbook.config.ts'), text);
    // A link to a file is the file: its own settings are those of the copy only where links are kept.
    const links = ['--preserve-symlinks', '--preserve-symlinks-main'];
    const run = () =>
      execFileSync(process.execPath, [...links, 'test/docs/check.ts'], {
        cwd: copy,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(run).toThrow(/handbook\.config\.ts cannot be published:\n {2}pod\.prot: .*Is "port" meant\?/);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
