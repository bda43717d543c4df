/**
 * Prints the built handbook into one PDF, with contents, bookmarks and links.
 *
 *     node src/site/pdf/pdf.ts [--out handbook.pdf] [--dir dist]
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import handbook from '../../../handbook.config.ts';
import { type PageEntry, pageAddress, sectionsOf } from '../addresses/sections.ts';
import { builtSite, configuredBase, startServer } from '../serve.ts';
import { bindBook, bookParts, bookStyle, writePageNumbers } from './book.ts';
import { launch } from './chromium.ts';
import { pageNumbers } from './page-numbers.ts';

export interface PrintOptions {
  /** The folder of the built site, and the path that it was built for. */
  readonly dir: string;
  readonly base: string;
  /** The file that is written. */
  readonly out: string;
  /** The pages as they are written. */
  readonly content?: string;
}

/** Throws where a page is missing, or where a link of the book leads nowhere. */
export async function printHandbook({ dir, base, out, content = 'content' }: PrintOptions): Promise<void> {
  const isBuilt = ({ id }: PageEntry) => existsSync(join(dir, pageAddress(id), 'index.html'));
  const sections = sectionsOf(pageEntries(content).filter(isBuilt));
  const server = await startServer({ dir, base, port: 0 });
  const browser = await launch();
  try {
    const page = await browser.newPage({ bypassCSP: true, colorScheme: 'light' });
    await page.goto(server.url, { waitUntil: 'networkidle' });
    await page.emulateMedia({ media: 'print' });
    const nowhere = await page.evaluate(bindBook, {
      title: handbook.title,
      description: handbook.description,
      release: handbook.release,
      root: server.url,
      site: handbook.site ?? null,
      parts: bookParts(sections),
    });
    if (nowhere.length > 0)
      throw new Error(`The book has links that lead nowhere: ${[...new Set(nowhere)].join(', ')}`);
    await page.addStyleTag({ content: bookStyle });
    const paper = {
      format: 'A4',
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate:
        '<div style="width:100%;padding:0 16mm;font:8pt sans-serif;color:#555;text-align:right"><span class="pageNumber"></span></div>',
      margin: { top: '18mm', bottom: '18mm', left: '16mm', right: '16mm' },
    };
    // Printed once to see where each page comes to stand, and once with that in the contents, where it has its room.
    const draft = await page.pdf(paper);
    await page.evaluate(writePageNumbers, [...pageNumbers(draft.toString('latin1'))]);
    await page.pdf({ ...paper, path: out, tagged: true, outline: true });
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The front matter of every page, as far as the order of the pages needs it. */
function pageEntries(content: string): readonly PageEntry[] {
  return readdirSync(content, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.mdx?$/.test(name))
    .map((name) => {
      const head = /^---\n(.*?)\n---\n/s.exec(readFileSync(join(content, name), 'utf8'));
      const {
        title = name,
        description,
        sidebar = {},
        draft,
      } = (parse(head?.[1] ?? '') ?? {}) as {
        readonly title?: string;
        readonly description?: string;
        readonly draft?: boolean;
        readonly sidebar?: Partial<PageEntry['data']['sidebar']>;
      };
      const hidden = sidebar.hidden === true || draft === true;
      const id = name.replace(/\.mdx?$/, '').replace(/(?:^|\/)index$/, '') || 'index';
      return { id, data: { title, description, sidebar: { ...sidebar, hidden } } };
    });
}

const isStarted = process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename;
if (isStarted) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'handbook.pdf' },
      dir: { type: 'string', default: builtSite },
    },
  });
  try {
    await printHandbook({ dir: values.dir, base: configuredBase(), out: values.out });
    console.log(`The handbook is in ${values.out}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
