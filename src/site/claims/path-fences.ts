/**
 * Path fences on their way into a page: each is checked against the engine, so that a build cannot publish a
 * path that the engine does not walk, and stands in the page as stops.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPaths } from '../../handbook/index.ts';

interface CodeNode {
  readonly lang?: string | null;
  readonly meta?: string | null;
}

interface Context {
  readonly fileURL?: URL | string;
  readonly data: { pathFences?: number };
  readonly source: string;
  insertBefore(node: CodeNode, other: object): void;
  replaceNode(node: CodeNode, other: object): void;
}

/** The Markdown plugin. Throws with file, line, both paths and the mend where a fence is not what is walked. */
export function pathFences() {
  return {
    name: 'path-fences',
    code(node: CodeNode, context: Context) {
      if (node.lang !== 'path') return;
      const number = (context.data.pathFences ?? 0) + 1;
      context.data.pathFences = number;
      if (number === 1) check(context);
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

function check(context: Context): void {
  const { fileURL } = context;
  const file = fileURL === undefined ? 'a page' : relative(process.cwd(), fileURLToPath(fileURL));
  const problems = checkPaths(file, context.source);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n\n'));
}
