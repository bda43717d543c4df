/** Shell fences that are not for every pod say so to the reader: `for="sidecar gateway"` becomes a line above. */
import { notForWords } from '../../words/index.ts';

interface CodeNode {
  readonly lang?: string | null;
  readonly meta?: string | null;
}

interface Context {
  insertBefore(node: CodeNode, other: object): void;
}

/** The Markdown plugin. */
export function fencePods() {
  return {
    name: 'fence-pods',
    code(node: CodeNode, context: Context) {
      const named = /\bfor="([^"]*)"/.exec(node.meta ?? '')?.[1];
      const words = named === undefined ? null : notForWords(named.split(' '));
      if (words === null) return;
      context.insertBefore(node, {
        type: 'paragraph',
        children: [{ type: 'emphasis', children: [{ type: 'text', value: words }] }],
      });
    },
  };
}
