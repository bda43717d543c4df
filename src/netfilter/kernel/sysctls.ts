/** Settings of the kernel that steer a packet's way. */
import type { Host } from '../model/host.ts';

/** Of IPv4 and one interface: the greater of what is set for all interfaces and for this one (IN_DEV_MAXCONF). */
export function interfaceSetting(host: Host, name: string, device: string): number {
  const value = (scope: string) => host.sysctls?.[`net.ipv4.conf.${scope}.${name}`] ?? 0;
  return Math.max(value('all'), value(device));
}
