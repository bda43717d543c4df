/** The settings under which releases are compared; apart, because the lab's page has no engine. */
import type { Options } from '../../istio/index.ts';

/** Settings that show what a release changed where the default rules do not. */
export const settings: readonly {
  readonly name: string;
  readonly options: Partial<Options>;
  /** Nothing but what the handbook is set to. */
  readonly isOwn?: true;
}[] = [
  { name: 'as the handbook is set', options: {}, isOwn: true },
  {
    name: 'with DNS capture',
    options: { redirectDNS: true, dnsServersV4: ['10.96.0.10'], dnsConntrackZone: true },
  },
  { name: 'in TPROXY mode', options: { inboundInterceptionMode: 'TPROXY' } },
  {
    name: 'with ranges, ports and interfaces',
    options: {
      outboundIPRangesInclude: '10.96.0.0/12',
      outboundPortsInclude: '8443',
      outboundPortsExclude: '3306',
      excludeInterfaces: 'net1',
      rerouteVirtualInterfaces: 'virt0',
    },
  },
  { name: 'with listed inbound ports', options: { inboundPortsInclude: '8080' } },
  { name: 'with a loopback range included', options: { outboundIPRangesInclude: '127.0.0.1/32' } },
  { name: 'with owner groups', options: { ownerGroupsExclude: '888' } },
  { name: 'with another loopback range', options: { hostIPv4LoopbackCidr: '127.0.0.0/8' } },
  { name: 'with invalid packets dropped', options: { dropInvalid: true } },
  {
    name: 'with IPv6, DNS capture and TPROXY',
    options: {
      enableIPv6: true,
      inboundInterceptionMode: 'TPROXY',
      redirectDNS: true,
      dnsServersV6: ['fd00:10:96::a'],
      outboundPortsInclude: '8443',
      outboundIPRangesInclude: '',
    },
  },
];
