/**
 * The addresses that this handbook has published, one a line in `addresses.txt`. None of them goes away: what has
 * moved leads on, see `src/site/addresses/moved.ts`.
 *
 *     node test/site/addresses.ts          checks the built site against the file
 *     node test/site/addresses.ts --add    adds what is new to the file; it takes nothing out
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import handbook from '../../handbook.config.ts';
import { ambientToldSince } from '../../src/handbook/scenarios/index.ts';
import { isSince, readRelease } from '../../src/istio/index.ts';
import { builtSite } from '../../src/site/serve.ts';

const file = join(import.meta.dirname, 'addresses.txt');

/** Files of the frame, which nobody links to, and what is only there where the handbook knows its host. */
const unpromised =
  /^\/(_astro\/|search\/|404\.html$|first\.js$|moved\.js$|offline\.js$|sitemap\.xml$|favicon|apple-touch-icon|card\.png$)/;

/** From the root of the handbook: `/lab/`, `/traffic/prometheus/trace.json`, `/reference/ports/#15006`. */
export function builtAddresses(dir: string): readonly string[] {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(dir, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'));
  return files
    .flatMap((name) => {
      const address = `/${name.replace(/(^|\/)index\.html$/, '$1')}`;
      const entries = hasEntries.test(name) ? entriesOf(readFileSync(join(dir, name), 'utf8')) : [];
      return [address, ...entries.map((id) => `${address}#${id}`)];
    })
    .filter((address) => !unpromised.test(address))
    .sort();
}

/** Pages whose entries are linked to one by one: rules, ports, processes, words, matches and targets, options. */
const hasEntries = /^(?:reference|options)\/.*index\.html$/;

/** The ids of a page's entries. */
function entriesOf(html: string): readonly string[] {
  const entry = /<\w+(?=[^>]*\sclass="(?:reference-row|term|option-facts)\b)[^>]*\sid="([^"]+)"/g;
  return [...html.matchAll(entry)].map(([, id = '']) => id);
}

/** Pages that are told from a release on, and what stands beside them. */
const ofAmbient = /^\/(?:ambient\/|(?:runbooks|embed)\/ambient-)/;

/** What a handbook of a release promises: one of before ambient mode is told has no pages of it. */
export function promisedAddresses(release: string = handbook.release): readonly string[] {
  const number = readRelease(release);
  const hasAmbient = number !== null && isSince(number, ambientToldSince);
  return listedAddresses().filter((address) => hasAmbient || !ofAmbient.test(address));
}

function listedAddresses(): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** What is wrong, one line each, with what to do about it. */
export function brokenPromises(built: readonly string[], promised: readonly string[]): readonly string[] {
  const gone = promised.filter((address) => !built.includes(address));
  const unlisted = built.filter((address) => !promised.includes(address));
  return [
    ...gone.map(
      (address) =>
        `${address} was published and is gone. Give it back, or let it lead on: src/site/addresses/moved.ts`,
    ),
    ...unlisted.map((address) => `${address} is new. To promise it: node test/site/addresses.ts --add`),
  ];
}

function main(words: readonly string[]): void {
  if (!existsSync(join(builtSite, 'index.html'))) {
    console.error(`There is no built site in ${builtSite}. Build it first: npm run build`);
    process.exitCode = 2;
    return;
  }
  const built = builtAddresses(builtSite);
  if (words.includes('--add')) {
    const known = existsSync(file) ? listedAddresses() : [];
    const all = [...new Set([...known, ...built])].sort();
    writeFileSync(file, `${all.join('\n')}\n`);
    console.log(`${all.length - known.length} new of ${all.length}.`);
    return;
  }
  const broken = brokenPromises(built, promisedAddresses());
  for (const line of broken) console.error(line);
  console.log(broken.length === 0 ? `All ${built.length} addresses stand.` : `${broken.length} are wrong.`);
  if (broken.length > 0) process.exitCode = 1;
}

if (realpathSync(process.argv[1] ?? '.') === import.meta.filename) main(process.argv.slice(2));
