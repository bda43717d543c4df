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

/** Two links of a chain. */
const chain =
  'm12.11 15.39-3.88 3.88a2.52 2.52 0 0 1-3.5 0 2.47 2.47 0 0 1 0-3.5l3.88-3.88a1 1 0 1 0-1.42-1.42l-3.88 3.89a4.48 4.48 0 0 0 6.33 6.33l3.89-3.88a1 1 0 0 0-1.42-1.42m8.58-12.08a4.49 4.49 0 0 0-6.33 0l-3.89 3.88a1 1 0 1 0 1.42 1.42l3.88-3.88a2.52 2.52 0 0 1 3.5 0 2.47 2.47 0 0 1 0 3.5l-3.88 3.88a1 1 0 0 0 0 1.42 1 1 0 0 0 1.42 0l3.88-3.89a4.49 4.49 0 0 0 0-6.33M8.83 15.17a1 1 0 0 0 .71.29 1 1 0 0 0 .71-.29l4.92-4.92a1 1 0 1 0-1.42-1.42l-4.92 4.92a1 1 0 0 0 0 1.42';

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
        const icon = element(
          'span',
          { class: 'heading-icon', 'aria-hidden': 'true' },
          element(
            'svg',
            { width: '16', height: '16', viewBox: '0 0 24 24', fill: 'currentColor' },
            element('path', { d: chain }),
          ),
        );
        const label = element(
          'span',
          { class: 'sr-only', 'data-not-searched': true },
          { type: 'text', value: `Section titled “${context.textContent(node)}”` },
        );
        const former = Object.hasOwn(formerIds, id) ? [element('span', { id: formerIds[id] })] : [];
        return element(
          'div',
          { class: `heading level-${node.tagName}` },
          ...former,
          node,
          element('a', { class: 'heading-link', href: `#${id}` }, icon, label),
        );
      },
    },
  };
}
