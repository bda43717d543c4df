/** The words for what ztunnel's log says of a connection that came to nothing. */
import type { ErrorCodesOf } from '../../../analysis/index.ts';
import { portOf } from '../../../istio/index.ts';
import { code, inParts, type Part } from '../../parts.ts';
import { asTold, type ErrorWordsOf } from './error-words.ts';

const workloads: Part = { code: 'istioctl ztunnel-config workloads' };
const certificates: Part = { code: 'istioctl ztunnel-config certificates' };
const policies: Part = { code: 'istioctl ztunnel-config policies' };

export const wordsOfZtunnel = {
  'ztunnel.policy': ({ name, reason }) => ({
    says: inParts`ztunnel closed a connection because a policy does not let it through${name === undefined ? '' : inParts` (${code(name)})`}`,
    because: name?.endsWith('istio_converted_static_strict')
      ? inParts`that is STRICT mutual TLS as a policy: the caller came in plain text, from outside the mesh or from a pod that is not in it`
      : reason === undefined
        ? inParts`an AuthorizationPolicy denies the caller, or STRICT mutual TLS does not take plain text`
        : inParts`there are ALLOW policies for the pod, and none of them names this caller`,
    fix: inParts`compare src.identity of the line with what ${policies} shows; a caller without src.identity is in plain text`,
    page: '/runbooks/ambient-strict-refuses/',
  }),
  'ztunnel.no-answer': () => ({
    says: inParts`ztunnel got no answer from the other side in time`,
    because: inParts`something drops packets to port ${String(portOf('hbone'))} of the pod, such as a NetworkPolicy or a firewall between nodes`,
    fix: inParts`let TCP port ${String(portOf('hbone'))} in for the pods in ambient mode, beside the ports of their apps`,
    page: '/runbooks/ambient-calls-time-out/',
  }),
  'ztunnel.app-refused': ({ reason }) => ({
    says: inParts`ztunnel called and was refused${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`inbound: the app does not listen on that port, or listens on 127.0.0.1 alone; outbound: nothing listens at the address that was called`,
    fix: inParts`look at dst.addr and direction of the line, and at what listens there with ss -ltn`,
    page: '/runbooks/connection-refused/',
  }),
  'ztunnel.peer-answered': ({ status }) => ({
    says: inParts`The other ztunnel, or the waypoint, answered the tunnel with ${asTold(status, 'an error')}`,
    because: inParts`401 is a policy that does not let the caller in, 503 that the other side does not reach the app, 400 that it does not know the address`,
    fix: inParts`look at the log of what is at dst.addr, the ztunnel of that node or the waypoint, at the same time`,
    page: '/ambient/hbone/',
  }),
  'ztunnel.certificate': ({ reason }) => ({
    says: inParts`ztunnel has no certificate for the connection, or the peer’s is not taken${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`istiod did not sign it, is not reached, or the two sides trust other roots`,
    fix: inParts`look at ${certificates} on both nodes, and at the log of istiod`,
    page: '/ambient/ztunnel/',
  }),
  'ztunnel.unknown-source': ({ reason }) => ({
    says: inParts`ztunnel does not know the pod that calls${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`istiod has not told ztunnel of the pod within 5 seconds, as where it is not reached`,
    fix: inParts`see whether ${workloads} shows the pod on its node`,
    page: '/runbooks/ambient-not-enrolled/',
  }),
  'ztunnel.nowhere': ({ value }) => ({
    says: inParts`ztunnel knows of nothing to send the connection to${value === undefined ? '' : ` (${value})`}`,
    because: inParts`the Service has no ready pod, the waypoint that it names is not there, or istiod has not told of it`,
    fix: inParts`look at the Service’s endpoints and, where it has the label istio.io/use-waypoint, at that Gateway; then at ${workloads}`,
    page: '/ambient/service/',
  }),
} as const satisfies Readonly<Record<ErrorCodesOf['ztunnel'], ErrorWordsOf>>;
