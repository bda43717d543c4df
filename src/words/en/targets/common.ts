/** The words for the targets of `iptables/targets/common.ts`. */
import { endpoint, type TargetWordings } from './wording.ts';

export const targets = {
  'no address to redirect to': ({ interface: name }) => `${name} has no address to redirect to`,
  'handed to a socket': ({ socket }) => `it is handed to the socket on ${endpoint(socket)}`,
  'socket not transparent': ({ socket }) => `the socket on ${endpoint(socket)} is not transparent`,
  'no socket': ({ protocol, socket }) => `no ${protocol} socket listens on ${endpoint(socket)}`,
  'no connection to mark': () => 'the packet belongs to no connection, so nothing changes',
  'unknown target': ({ target }) => `Sidetrack does not know the target ${target}`,
  'not in this place': ({ target, places }) => `the kernel takes ${target} only in ${places.join(', ')}`,
} satisfies Partial<TargetWordings>;
