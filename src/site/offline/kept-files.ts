/**
 * What a reader without a network needs: pages, styles, letters, the search, and the scripts that a page can come
 * to load. Of Mermaid that is what draws sequences; its other kinds of diagrams are 5 MB that nobody here asks for.
 */
import { searchFile } from '../search/pages.ts';

/** Names one of the other kinds: the script that does is Mermaid's table of them. */
const otherKind = /\bganttDiagram-/;
const sequences = /\/sequenceDiagram-/;
/** Other forms of what the pages say. */
const otherForms =
  /\.(?:md|mmd|txt|xml|json|map)$|\/diagram(?:-light|-dark)?\.svg$|^card\.png$|^offline\.js$/;

/** In the order of `names`. `read` answers with a script's text. */
export async function keptFiles(
  names: readonly string[],
  read: (name: string) => Promise<string>,
): Promise<readonly string[]> {
  const scripts = await reachable(names, read);
  return names.filter((name) => {
    if (name === searchFile) return true;
    if (name.startsWith('_astro/') && name.endsWith('.js')) return scripts.has(name);
    return !otherForms.test(name);
  });
}

/** The scripts that pages name, several in one attribute, too, and those that such a script names in turn. */
async function reachable(
  names: readonly string[],
  read: (name: string) => Promise<string>,
): Promise<ReadonlySet<string>> {
  const all = new Set(names.filter((name) => /^_astro\/.*\.js$/.test(name)));
  const found = new Set<string>();
  const open = names.filter((name) => name.endsWith('.html'));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const text = await read(name);
    const isTable = otherKind.test(text);
    for (const [mention, file] of text.matchAll(
      /(?:\bfrom|\bimport)?\s*["'`\s](?:[^"'`\s]*\/)?([\w.$-]+\.js)(?=["'`\s])/g,
    )) {
      const script = `_astro/${file}`;
      const isStatic = /^(?:from|import)/.test(mention);
      const isAsked = !isTable || isStatic || sequences.test(script);
      if (!all.has(script) || found.has(script) || !isAsked) continue;
      found.add(script);
      open.push(script);
    }
  }
  return found;
}
