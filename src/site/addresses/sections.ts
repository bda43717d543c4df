/**
 * The tree of the handbook: its sections, and the pages of each. The header, the menu, the links at the foot of a
 * page and `llms.txt` are all made of it.
 */

/** A section is a folder of `content/`, or a single page of it. In the order of the header and of the menu. */
const places: readonly Place[] = [
  { label: 'Traffic types', folder: 'traffic' },
  { label: 'Ambient mode', folder: 'ambient' },
  { label: 'Lab', page: 'lab' },
  { label: 'Runbooks', folder: 'runbooks' },
  { label: 'Learn', folder: 'learn' },
  { label: 'Reference', folder: 'reference' },
  { label: 'Options', folder: 'options' },
];

type Place = { readonly label: string } & ({ readonly folder: string } | { readonly page: string });

/** What the tree needs to know of a page: its place below `content/`, and its front matter. */
export interface PageEntry {
  readonly id: string;
  readonly data: {
    readonly title: string;
    readonly description?: string | undefined;
    readonly sidebar: {
      readonly label?: string | undefined;
      readonly order?: number | undefined;
      readonly hidden: boolean;
    };
  };
}

export interface SectionPage {
  readonly id: string;
  /** From the root of the handbook: `/learn/lo/`. */
  readonly address: string;
  /** Its name in the menu, shorter than its title. */
  readonly label: string;
  readonly title: string;
  readonly description: string | undefined;
}

export interface Section {
  readonly label: string;
  /** True: one page, which the section's own name links to. */
  readonly isPage: boolean;
  /** Never empty. The first is where the header leads. */
  readonly pages: readonly [SectionPage, ...SectionPage[]];
}

/** The sections that have a page in this handbook. */
export function sectionsOf(entries: readonly PageEntry[]): readonly Section[] {
  const shown = entries.filter(({ data }) => !data.sidebar.hidden).sort(inOrder);
  return places.flatMap((place) => {
    const isPage = 'page' in place;
    const [first, ...others] = shown
      .filter(({ id }) => (isPage ? id === place.page : isIn(id, place.folder)))
      .map((entry) => sectionPage(entry, isPage ? place.label : undefined));
    return first === undefined ? [] : [{ label: place.label, isPage, pages: [first, ...others] }];
  });
}

/** The pages before and after one, across sections. The 404 page and the first page have none. */
export function neighbours(
  sections: readonly Section[],
  id: string,
): { readonly before: SectionPage | undefined; readonly next: SectionPage | undefined } {
  const pages = sections.flatMap((section) => section.pages);
  const at = pages.findIndex((page) => page.id === id);
  return at < 0 ? { before: undefined, next: undefined } : { before: pages[at - 1], next: pages[at + 1] };
}

/** Where a page of `content/` is read, from the root of the handbook. */
export function pageAddress(id: string): string {
  return id === 'index' ? '/' : `/${id}/`;
}

function sectionPage({ id, data }: PageEntry, label = data.sidebar.label ?? data.title): SectionPage {
  const { title, description } = data;
  return { id, address: pageAddress(id), label, title, description };
}

/** `learn/index.mdx` has the id `learn`. */
function isIn(id: string, folder: string): boolean {
  return id === folder || id.startsWith(`${folder}/`);
}

/** By the number in the front matter; pages without one come last, by name. */
function inOrder(a: PageEntry, b: PageEntry): number {
  const last = Number.MAX_VALUE;
  return (a.data.sidebar.order ?? last) - (b.data.sidebar.order ?? last) || a.id.localeCompare(b.id, 'en');
}
