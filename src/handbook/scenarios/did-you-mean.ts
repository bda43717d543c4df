/** What to say of a name that is none of those that there are. */
import { nearest } from '../../netfilter/index.ts';

/** So many names are listed; of more only those that begin alike. */
const fewNames = 12;

/** `found role "x"; did you mean "y"?`, or what there is where nothing is near. */
export function unknown(what: string, found: string, names: readonly string[]): string {
  const meant = nearest(found, names);
  if (meant !== null) return `found ${what} "${found}"; did you mean "${meant}"?`;
  const kin = names.filter((name) => name.split('.')[0] === found.split('.')[0]);
  const told = names.length <= fewNames ? names : kin.slice(0, fewNames);
  const rest = names.length - told.length;
  const list = told.join(', ');
  if (told.length === 0)
    return `found ${what} "${found}", which is none of the ${names.length} that there are`;
  return `found ${what} "${found}"; there are ${list}${rest === 0 ? '' : ` and ${rest} others`}`;
}
