/**
 * The base path, in two functions. Pages and components write addresses from the root of the handbook
 * (`/lab/`); what the browser is given starts with the path that the handbook is published under.
 */

/** `/lab/` becomes `/handbook/lab/`; what is not an address of the handbook stays as it is. */
export function withBase(address: string, base: string = import.meta.env.BASE_URL): string {
  return address.startsWith('/') && !address.startsWith('//') ? base.replace(/\/+$/, '') + address : address;
}

/** `/handbook/lab/` becomes `/lab/`. */
export function withoutBase(address: string, base: string = import.meta.env.BASE_URL): string {
  const front = base.replace(/\/+$/, '');
  return front !== '' && `${address}/`.startsWith(`${front}/`) ? address.slice(front.length) || '/' : address;
}
