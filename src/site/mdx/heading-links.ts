/**
 * Gives each heading of a page a link to itself, for whoever wants to send the place to somebody. The link stands
 * beside the heading and not in it, so that the heading's text stays what the writer wrote.
 */

interface Heading {
  readonly tagName: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface Context {
  textContent(node: Heading): string;
}

const element = (tagName: string, properties: object, ...children: object[]) => {
  return { type: 'element', tagName, properties, children };
};

/** What a heading was called once, by its id: links to the old name still come to it. */
const formerIds: Readonly<Record<string, string>> = { 'fix-it': 'mend-it' };

/** The plugin for HTML. It has to stand behind the one that gives headings their ids. */
export function headingLinks() {
  return {
    name: 'heading-links',
    element: {
      filter: ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
      visit(node: Heading, context: Context) {
        const id = node.properties?.id;
        if (typeof id !== 'string' || id === '') return undefined;
        const label = `Section titled “${context.textContent(node)}”`;
        const former = Object.hasOwn(formerIds, id) ? [element('span', { id: formerIds[id] })] : [];
        return element(
          'div',
          { class: `heading level-${node.tagName}` },
          // The heading comes first: it is what the style sheet knows its wrapper by.
          node,
          ...former,
          element('a', { class: 'heading-link', href: `#${id}`, 'aria-label': label }),
        );
      },
    },
  };
}
