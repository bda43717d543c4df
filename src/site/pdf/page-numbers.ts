/** On which page of a PDF a name stands, as Chromium writes one: its objects are not packed, and names lead to pages. */

/** The number of the page that each named destination leads to, from 1. */
export function pageNumbers(pdf: string): ReadonlyMap<string, number> {
  const objects = new Map<number, string>();
  for (const [, number, body = ''] of pdf.matchAll(/^(\d+) 0 obj\n(<<[^\0]*?>>)(?: stream)?\n/gm))
    objects.set(Number(number), body);
  const catalog = [...objects.values()].find((body) => body.includes('/Type /Catalog')) ?? '';
  const referred = (body: string, key: string): number =>
    Number(new RegExp(`/${key} (\\d+) 0 R`).exec(body)?.[1] ?? -1);

  const pages = new Map<number, number>();
  const walk = (at: number): void => {
    const body = objects.get(at) ?? '';
    const kids = /\/Kids \[([^\]]*)\]/.exec(body)?.[1];
    if (kids === undefined) pages.set(at, pages.size + 1);
    else for (const [, kid] of kids.matchAll(/(\d+) 0 R/g)) walk(Number(kid));
  };
  walk(referred(catalog, 'Pages'));

  const names = objects.get(referred(catalog, 'Dests')) ?? '';
  return new Map(
    [...names.matchAll(/\/([\w.~%#-]+) \[(\d+) 0 R/g)].flatMap(([, name = '', at]) => {
      const page = pages.get(Number(at));
      return page === undefined ? [] : [[name, page]];
    }),
  );
}
