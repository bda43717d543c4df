/** An address and a port, as people write them. */
import { readAddress } from '../../netfilter/index.ts';

/** `10.96.0.7:80` or `[::1]:80`; null for anything else. */
export function readEndpoint(text: string): { readonly address: string; readonly port: number } | null {
  const found = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text.trim());
  const address = found?.[1] ?? found?.[2] ?? '';
  const port = Number(found?.[3]);
  return found === null || readAddress(address) === null || port > 65535 ? null : { address, port };
}
