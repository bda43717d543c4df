/**
 * The base path, in two functions. Pages and components write addresses from the root of the handbook
 * (`/lab/`); what the browser is given starts with the path that the handbook is published under.
 */

const base = import.meta.env.BASE_URL.replace(/\/+$/, '');

/** `/lab/` becomes `/handbook/lab/`; what is not an address of the handbook stays as it is. */
export function withBase(address: string): string {
  return address.startsWith('/') && !address.startsWith('//') ? base + address : address;
}

/** `/handbook/lab/` becomes `/lab/`. */
export function withoutBase(address: string): string {
  return base !== '' && `${address}/`.startsWith(`${base}/`) ? address.slice(base.length) || '/' : address;
}
