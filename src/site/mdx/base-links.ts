/** Writers link from the root of the handbook, `[the lab](/lab/)`; this puts the base path before it. */
import { withBase } from '../addresses/base.ts';

interface Linking {
  readonly url: string;
}
interface Context {
  setProperty(node: Linking, name: 'url', value: string): void;
}

export function baseLinks(base: string) {
  const prefix = (node: Linking, context: Context) => {
    const url = withBase(node.url, base);
    if (url !== node.url) context.setProperty(node, 'url', url);
  };
  return { name: 'base-links', link: prefix, definition: prefix, image: prefix };
}
