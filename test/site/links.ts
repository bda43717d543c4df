/**
 * Checks a built site's links: each leads somewhere, each fragment is there, each asset exists, and nothing is
 * loaded from another host.
 *
 *     node test/site/links.ts [dist] [/base/]
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { builtSite, configuredBase } from '../../src/site/serve.ts';

type Element = DefaultTreeAdapterTypes.Element;
type ParentNode = DefaultTreeAdapterTypes.ParentNode;

export interface LinkProblem {
  /** Below the site's folder. */
  readonly file: string;
  /** From 1; 0 where there is none to tell. */
  readonly line: number;
  readonly message: string;
}

interface Page {
  readonly file: string;
  /** As a browser has it: `/handbook/traffic/`. */
  readonly path: string;
  readonly ids: ReadonlySet<string>;
  readonly repeatedIds: readonly { readonly id: string; readonly line: number }[];
  readonly links: readonly Link[];
  /** Links with no blank between them and a word. */
  readonly glued: readonly { readonly words: string; readonly line: number }[];
}

interface Link {
  readonly line: number;
  /** How it is written: `<img src="…">`. */
  readonly shown: string;
  readonly target: string;
  /** False for what a reader has to click. */
  readonly isLoaded: boolean;
}

/** Looked up as pages are: no network, no server. `base` is the path that the site was built for. */
export function checkLinks(dir: string, base: string): LinkProblem[] {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => statSync(join(dir, file)).isFile())
    .sort();
  const known = new Set(files);
  const pages = files.filter((file) => file.endsWith('.html')).map((file) => readPage(dir, base, file));
  const sheets = files.filter((file) => file.endsWith('.css')).map((file) => sheetOf(dir, base, file));
  const pageOfFile = new Map(pages.map((page) => [page.file, page]));

  return [...pages, ...sheets].flatMap((page) => [
    ...page.repeatedIds.map(({ id, line }) => {
      return { file: page.file, line, message: `id="${id}" stands on this page more than once.` };
    }),
    ...page.glued.map(({ words, line }) => {
      return { file: page.file, line, message: `A link touches the word beside it: “${words}”.` };
    }),
    ...page.links.flatMap((link) => {
      const wrong = wrongWith(link, page, base, known, pageOfFile);
      return wrong === undefined
        ? []
        : [{ file: page.file, line: link.line, message: `${link.shown} ${wrong}` }];
    }),
  ]);
}

/** What a fragment keeps that is no place on the page: the simulator's state, as `#v1;from=…`. */
const stateFragment = /=/;

function wrongWith(
  { target, isLoaded }: Link,
  page: Page,
  base: string,
  known: ReadonlySet<string>,
  pageOfFile: ReadonlyMap<string, Page>,
): string | undefined {
  if (target === '') return 'is empty.';
  if (!URL.canParse(target, `http://site${page.path}`)) return 'is no address.';
  const url = new URL(target, `http://site${page.path}`);
  if (url.protocol === 'javascript:') return 'is a script: use a button.';
  if (['data:', 'blob:', 'mailto:', 'tel:'].includes(url.protocol)) return undefined;
  if (url.origin !== 'http://site') return isLoaded ? `is loaded from another host, ${url.host}.` : undefined;
  if (page.file === '404.html' && !/^[/#]/.test(target)) {
    return 'is relative, but this page is shown at every address: begin it with the base path.';
  }
  if (!url.pathname.startsWith(base)) return `lies outside of the base path ${base}.`;
  const path = decodeURIComponent(url.pathname.slice(base.length));
  const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  if (!known.has(file)) {
    return known.has(`${path}/index.html`)
      ? `leads to a page without the "/" at its end: ${base}${path}/`
      : `leads nowhere: there is no ${file}.`;
  }
  const fragment = decodeURIComponent(url.hash.slice(1));
  const there = pageOfFile.get(file);
  const isPlace = fragment !== '' && fragment !== 'top' && !stateFragment.test(fragment);
  if (there === undefined || !isPlace || there.ids.has(fragment)) return undefined;
  return `leads to a place that is not on ${there.path}: no id="${fragment}".`;
}

function readPage(dir: string, base: string, file: string): Page {
  const document = parse(readFileSync(join(dir, file), 'utf8'), { sourceCodeLocationInfo: true });
  const ids = new Set<string>();
  const repeatedIds: { id: string; line: number }[] = [];
  const links: Link[] = [];
  const glued: { words: string; line: number }[] = [];
  for (const element of elementsOf(document)) {
    const attributes = new Map(
      element.attrs.map(({ name, prefix, value }) => [prefix ? `${prefix}:${name}` : name, value]),
    );
    const line = element.sourceCodeLocation?.startLine ?? 0;
    const id = attributes.get('id');
    if (id !== undefined) {
      if (ids.has(id)) repeatedIds.push({ id, line });
      ids.add(id);
    }
    const words = element.tagName === 'a' ? gluedWords(element) : null;
    if (words !== null) glued.push({ words, line });
    const name = element.tagName === 'a' ? attributes.get('name') : undefined;
    if (name !== undefined) ids.add(name);
    for (const { attribute, target, isLoaded } of targetsOf(element, attributes)) {
      links.push({ line, shown: `<${element.tagName} ${attribute}="${target}">`, target, isLoaded });
    }
    if (element.tagName === 'style') {
      const text = element.childNodes.map((node) => ('value' in node ? node.value : '')).join('');
      for (const target of urlsInCss(text))
        links.push({ line, shown: `url(${target})`, target, isLoaded: true });
    }
  }
  return { file, path: base + file.replace(/(^|\/)index\.html$/, '$1'), ids, repeatedIds, links, glued };
}

/** What a lost blank makes of a link in a sentence; the end of a word may stand behind one: `ports`. */
function gluedWords(link: Element): string | null {
  const beside = link.parentNode?.childNodes ?? [];
  const at = beside.indexOf(link);
  const textOf = (node: DefaultTreeAdapterTypes.ChildNode | undefined) =>
    node !== undefined && 'value' in node ? node.value : '';
  const [before, own, behind] = [
    textOf(beside[at - 1]),
    textOf(link.childNodes.at(-1)),
    textOf(beside[at + 1]),
  ];
  const isGlued = /[a-z]{3}$/.test(before) || (/[a-z]$/.test(own) && /^[a-z]{3}/.test(behind));
  return isGlued ? `${before.slice(-20)}${own}${behind.slice(0, 20)}` : null;
}

function sheetOf(dir: string, base: string, file: string): Page {
  const links = urlsInCss(readFileSync(join(dir, file), 'utf8')).map((target) => {
    return { line: 0, shown: `url(${target})`, target, isLoaded: true };
  });
  return { file, path: base + file, ids: new Set(), repeatedIds: [], links, glued: [] };
}

const linkRelationsThatLoad =
  /\b(stylesheet|icon|preload|modulepreload|prefetch|preconnect|dns-prefetch|manifest|apple-touch-icon|mask-icon)\b/;

/** Every address in an element, and whether a browser fetches it unasked. */
function* targetsOf(
  { tagName }: Element,
  attributes: ReadonlyMap<string, string>,
): Generator<{ attribute: string; target: string; isLoaded: boolean }> {
  for (const [attribute, value] of attributes) {
    const isLoaded =
      tagName === 'link'
        ? linkRelationsThatLoad.test(attributes.get('rel') ?? '')
        : tagName !== 'a' && tagName !== 'area';
    if (['href', 'xlink:href', 'src', 'poster', 'action', 'formaction', 'data'].includes(attribute)) {
      if (attribute !== 'data' || tagName === 'object') yield { attribute, target: value.trim(), isLoaded };
    } else if (attribute === 'srcset' || attribute === 'imagesrcset') {
      for (const candidate of value.split(/,\s+/)) {
        yield { attribute, target: candidate.trim().split(/\s/)[0] ?? '', isLoaded: true };
      }
    } else if (attribute === 'style') {
      for (const target of urlsInCss(value)) yield { attribute, target, isLoaded: true };
    }
  }
  if (tagName === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'refresh') {
    const target = /url=(.*)$/i.exec(attributes.get('content') ?? '')?.[1];
    if (target !== undefined) yield { attribute: 'content', target, isLoaded: true };
  }
}

function urlsInCss(css: string): string[] {
  const code = css.replace(/\/\*.*?\*\//gs, '');
  const found = code.matchAll(
    /url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')/g,
  );
  return [...found]
    .map(
      (match) =>
        match
          .slice(1)
          .find((target) => target !== undefined)
          ?.trim() ?? '',
    )
    .filter((target) => !target.startsWith('#'));
}

function* elementsOf(parent: ParentNode): Generator<Element> {
  for (const node of parent.childNodes) {
    if (!('tagName' in node)) continue;
    yield node;
    yield* elementsOf('content' in node ? (node as DefaultTreeAdapterTypes.Template).content : node);
  }
}

function main([dir = builtSite, base = configuredBase()]: readonly string[]): void {
  const problems = checkLinks(dir, base);
  for (const { file, line, message } of problems) {
    console.error(`${join(relative('.', dir), file)}${line > 0 ? `:${line}` : ''}: ${message}`);
  }
  console.log(problems.length === 0 ? 'Every link leads somewhere.' : `${problems.length} links are broken.`);
  if (problems.length > 0) process.exitCode = 1;
}

if (realpathSync(process.argv[1] ?? '.') === import.meta.filename) main(process.argv.slice(2));
