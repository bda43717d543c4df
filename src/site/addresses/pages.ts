/** The pages of `content/` that this build publishes. A draft is seen in the dev server only. */
import { type CollectionEntry, getCollection } from 'astro:content';

export type Page = CollectionEntry<'docs'>;

export function publishedPages(): Promise<Page[]> {
  return getCollection('docs', ({ data }) => import.meta.env.DEV || !data.draft);
}
