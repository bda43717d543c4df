/** What stands a second time in a file that can import nothing, or that is read before anything is: a copy is the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cardColours } from '../../src/site/card/card.ts';
import { mediaTypes } from '../../src/site/serve.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

/** The two colours of a token, light and dark. */
function token(name: string): readonly string[] {
  const [, light = '', dark = ''] =
    new RegExp(`^  --${name}: light-dark\\((#\\w+), (#\\w+)\\);$`, 'm').exec(read('src/styles/tokens.css')) ??
    [];
  expect([light, dark], name).not.toContain('');
  return [light, dark];
}

test('the card has the site’s colours in the dark', () => {
  const { ground, ink, soft, accent, line } = cardColours;
  expect([ground, ink, soft, accent, line]).toEqual(
    ['ground', 'ink', 'ink-soft', 'accent', 'line'].map((name) => token(name)[1]),
  );
});

test('the mark has the site’s colours, light and dark', () => {
  const colours = [
    ...read('public/favicon.svg').matchAll(/(path|circle|through) \{ (?:stroke|fill): (#\w+) \}/g),
  ];
  const [accent, through] = [token('accent'), [token('line-strong')[0], token('ink-faint')[1]]];
  const of = (part: string) => colours.filter(([, name]) => name === part).map(([, , colour]) => colour);
  expect([of('path'), of('circle'), of('through')]).toEqual([accent, accent, through]);
});

test('nginx calls every file what the other server calls it, and packs every text', () => {
  const conf = read('deploy/nginx/types.conf');
  const [, block = ''] = /^types \{\n(.*?)^\}/ms.exec(conf) ?? [];
  const ofNginx = [...block.matchAll(/^\s+(\S+)\s+(.+);$/gm)].flatMap(([, type, endings = '']) =>
    endings.split(' ').map((ending) => [`.${ending}`, type]),
  );
  const ours = [...mediaTypes].map(([ending, type]) => [ending, type.split(';')[0]]);
  expect(ofNginx.sort()).toEqual(ours.sort());

  const texts = [...mediaTypes.values()]
    .filter((type) => type.endsWith('; charset=utf-8'))
    .map((type) => type.split(';')[0]);
  const listed = (name: string, text: string) =>
    (new RegExp(`^${name} ([^;]+);`, 'm').exec(text)?.[1] ?? '').split(/\s+/);
  // text/html is among them without being named (ngx_http_gzip_module, ngx_http_charset_module).
  const named = [...new Set(texts)].filter((type) => type !== 'text/html').sort();
  expect(listed('gzip_types', read('deploy/nginx/handbook.conf')).sort()).toEqual(named);
  expect(listed('charset_types', conf).sort()).toEqual(named);

  const packed = [...read('deploy/stage.sh').matchAll(/-name '\*(\.\w+)'/g)].map(([, ending]) => ending);
  const isText = (ending: string) => mediaTypes.get(ending)?.endsWith('; charset=utf-8') === true;
  // What the built site has no file of, or a small one, is packed as it is sent.
  const rare = ['.mjs', '.map', '.webmanifest'];
  const endings = [...mediaTypes.keys()].filter((ending) => isText(ending) && !rare.includes(ending));
  expect(packed.sort()).toEqual(endings.sort());
});

test('every image of Node is the same, and has the release that the package asks for', () => {
  const files = ['deploy/Dockerfile', 'deploy/gitlab-ci.yml', 'deploy/gitlab-check.yml'];
  const images = files.flatMap((file) => [...read(file).matchAll(/node:(\d+)([\w-]*)/g)]);
  expect(images.length).toBeGreaterThanOrEqual(5);
  expect(new Set(images.map(([image]) => image)).size).toBe(1);
  const release = Number(images[0]?.[1]);
  const set = [...read('deploy/check/action.yml').matchAll(/node-version: (\d+)/g)];
  const pages = [...read('deploy/github-pages.yml').matchAll(/node-version: (\d+)/g)];
  expect([...set, ...pages].map(([, version]) => Number(version))).toEqual([release, release]);
  const [, least] = /"node": ">=(\d+)/.exec(read('package.json')) ?? [];
  expect(release).toBeGreaterThanOrEqual(Number(least));
});
