/** The sections of the handbook, in the order of the sidebar and of the header. */

export const sections = [
  { label: 'Traffic types', items: [{ autogenerate: { directory: 'content/traffic' } }] },
  { label: 'Lab', link: '/lab/' },
  { label: 'Runbooks', items: [{ autogenerate: { directory: 'content/runbooks' } }] },
  { label: 'Learn', items: [{ autogenerate: { directory: 'content/learn' } }] },
  { label: 'Reference', items: [{ autogenerate: { directory: 'content/reference' } }] },
  { label: 'Options', items: [{ autogenerate: { directory: 'content/options' } }] },
];
