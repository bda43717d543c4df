/** Path fences on their way into a page: each stands in it as stops. What they state has been checked by then. */
import { readPathQuestion } from '../../handbook/claims/index.ts';

interface CodeNode {
  readonly lang?: string | null;
  readonly meta?: string | null;
}

interface Context {
  readonly data: { pathFences?: number };
  insertBefore(node: CodeNode, other: object): void;
  replaceNode(node: CodeNode, other: object): void;
}

/** The Markdown plugin. A fence that names no scenario stays as it is: in the dev server the problem stands by it. */
export function pathFences() {
  return {
    name: 'path-fences',
    code(node: CodeNode, context: Context) {
      if (node.lang !== 'path' || typeof readPathQuestion(node.meta ?? '') === 'string') return;
      const number = (context.data.pathFences ?? 0) + 1;
      context.data.pathFences = number;
      // A page's imports are made of its fences; each import needs a name of its own.
      const name = `PathFence${number}`;
      context.insertBefore(node, {
        type: 'mdxjsEsm',
        value: `import ${name} from '@components/scenario/PathFence.astro'`,
      });
      context.replaceNode(node, {
        type: 'mdxJsxFlowElement',
        name,
        attributes: [{ type: 'mdxJsxAttribute', name: 'meta', value: node.meta ?? '' }],
        children: [],
      });
    },
  };
}
