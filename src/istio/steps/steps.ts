/**
 * How Istio builds the rules of a sidecar: the steps, in the order in which they add rules, each with what it
 * did from release to release. A change of Istio's is one entry in the timeline of the step that it touched, and
 * its record may stand in that entry: whatever lists releases and changes takes them from the timelines. Records
 * that several timelines share stand in `changes.ts`.
 * Source: tools/istio-iptables/pkg/capture/run.go, before 1.13 tools/istio-iptables/pkg/cmd/run.go.
 */
import type { Timeline } from '../history/release.ts';
import type { BuildStep } from './command.ts';
import { answerFlag, dnsEarly, dnsLate, dnsWanted, groupsHeeded } from './dns.ts';
import {
  dropInvalid,
  establishedMatch,
  inboundCapture,
  inboundExclude,
  inboundJump,
  inboundSsh,
  redirect,
  redirectInbound,
  tcpDnsInRedirect,
  tproxy,
  tunnel,
} from './inbound.ts';
import {
  excludedInterfaces,
  virtualCapture,
  virtualInterfacesFirst,
  virtualInterfacesLate,
} from './interfaces.ts';
import {
  appCallPorts,
  appCallReturns,
  outputExclude,
  outputExcludeRanges,
  outputGroups,
  outputIncludePorts,
  outputIncludeRanges,
  outputJump,
  outputLoopback,
  outputPassthrough,
  outputProxy,
  restReturns,
  selfCallPorts,
} from './outbound.ts';
import { tproxyEnd } from './tproxy.ts';

/** All steps, in Istio's order. */
export const steps = {
  excludedInterfaces,
  virtualInterfacesFirst,
  dropInvalid,
  tunnel,
  tcpDnsInRedirect,
  redirect,
  redirectInbound,
  tproxy,
  inboundJump,
  inboundSsh,
  inboundExclude,
  inboundCapture,
  outputJump,
  outputExclude,
  outputPassthrough,
  outputProxy,
  outputGroups,
  dnsEarly,
  outputLoopback,
  outputExcludeRanges,
  virtualInterfacesLate,
  outputIncludePorts,
  outputIncludeRanges,
  dnsLate,
  tproxyEnd,
} as const satisfies Readonly<Record<string, BuildStep>>;

/** What the steps ask for on their way, and the steps themselves: all that changes from release to release. */
export const timelines: readonly Timeline<unknown>[] = [
  ...Object.values(steps),
  ...[virtualCapture, establishedMatch, dnsWanted, selfCallPorts, appCallPorts, appCallReturns],
  ...[restReturns, answerFlag, groupsHeeded],
];

/** Steps by their names, in order; `steps` are Istio's. */
export type Steps = Readonly<Record<string, BuildStep>>;
