/**
 * The marks, ports and the routing table of ambient mode. No option gives them another value.
 * Source: the constants of cni/pkg/config/config.go; for ztunnel's own mark, PACKET_MARK of its src/inpod/config.rs.
 */
import { portOf } from '../pod/ports.ts';

const hex = (value: number): string => `0x${value.toString(16)}`;

/** The low twelve bits of a mark are Istio's. */
export const ambientMask = 0xfff;
/** On all that ztunnel's sockets send in a pod. */
export const ztunnelMark = 0x539;
/** On a connection over which ztunnel has sent, and on the app's answers in it. */
export const returnMark = 0x111;

export const ztunnelMarked = `${hex(ztunnelMark)}/${hex(ambientMask)}`;
export const returnMarked = `${hex(returnMark)}/${hex(ambientMask)}`;
export const wholeMark = '0xffffffff';

/** Where what has the return mark is routed: to lo. */
export const returnTable = '100';
export const returnPriority = 32764;

/** ztunnel listens at the same numbers as a sidecar's processes. */
export const ztunnelPorts = {
  outbound: portOf('envoy-outbound'),
  inbound: portOf('envoy-inbound'),
  hbone: portOf('hbone'),
  dns: portOf('agent-dns'),
} as const;

/** The set of the pods of a node, by release and family. */
export const probeSet = 'istio-inpod-probes';
