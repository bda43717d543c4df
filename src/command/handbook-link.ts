/** Where the handbook's pages are for whoever reads a command's answer. */
import handbook from '../../handbook.config.ts';
import { type Terminal, UseError } from './terminal.ts';

/** Makes an address of a page's path: whole where the handbook's own is known, else the path alone. */
export type LinkTo = (page: string) => string;

/** By `--handbook`, SIDETRACK_HANDBOOK, or where the handbook says that it is published. */
export function linksTo(given: string | undefined, { environment }: Pick<Terminal, 'environment'>): LinkTo {
  const { site, base } = handbook;
  const named = given ?? environment.SIDETRACK_HANDBOOK;
  const address = named ?? (site === undefined ? '' : `${site.replace(/\/$/, '')}${base}`);
  if (named !== undefined && !(URL.canParse(named) && /^https?:$/.test(new URL(named).protocol)))
    throw new UseError({ code: 'no address of a handbook', text: named });
  const root = address.replace(/\/+$/, '');
  return (page) => `${root}${page}`;
}
