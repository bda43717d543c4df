/**
 * What the processes of a pod do with a connection, and why they dial, in sentences.
 */
import type { BehaviourReason, DialReason } from '../../istio/index.ts';
import { ztunnelDialWords, ztunnelWords } from './ztunnel/index.ts';

/** A process as a sentence begins with it: `The app`, `Envoy`. */
export function subject(process: string): string {
  return process === 'app' ? 'The app' : process;
}

/** What a process does with the connection that it took: `Envoy takes the request in and hands it to the app.` */
export function behaviourWords(reason: BehaviourReason): string {
  switch (reason.code) {
    case 'answers':
      return `${subject(reason.process)} answers${reason.port === undefined ? '' : ` on ${reason.port}`}.`;
    case 'answers as admin':
      return "Envoy's admin port answers.";
    case 'fetches':
      return 'Envoy fetches its statistics from its admin port.';
    case 'forwards':
      return 'Envoy forwards the readiness probe to pilot-agent.';
    case 'outbound listener itself':
      return 'The connection was made to the outbound listener itself and has no other destination.';
    case 'inbound listener itself':
      return 'The connection was made to the inbound listener itself, which would go round in a circle.';
    case 'knows the Service':
      return `Envoy knows the Service ${reason.service} and picks an endpoint.`;
    case 'no endpoint':
      return `Envoy knows the Service ${reason.service}, which has no endpoint.`;
    case 'plain text, refused':
      return 'Mutual TLS is STRICT, and no filter chain of Envoy takes plain text.';
    case 'no Service, refused':
      return 'Envoy knows no such Service, and REGISTRY_ONLY sends it to BlackHoleCluster.';
    case 'no Service, passed on':
      return 'Envoy knows no such Service and passes the connection on (PassthroughCluster).';
    case 'hands in':
      return 'Envoy takes the request in and hands it to the app.';
    case 'asks Envoy':
      return 'pilot-agent asks Envoy whether it is ready.';
    case 'collects':
      return 'pilot-agent collects the metrics of Envoy and of the app and answers with both.';
    case 'no port':
      return 'pilot-agent knows of no port of the app.';
    case 'puts':
      return `pilot-agent puts the ${reason.what} to the app.`;
    case 'by ztunnel':
      return ztunnelWords(reason.does);
  }
}

/** Why a connection is made, in a sentence; none for the one that was asked for. */
export function dialWords(reason: DialReason | null): string {
  return reason === null ? '' : `${dialPhrase(reason)}.`;
}

/** The same without its full stop: `An endpoint of reviews`. */
export function dialPhrase(reason: DialReason | null): string {
  if (reason === null) return '';
  switch (reason.code) {
    case 'Prometheus listener':
      return 'The Prometheus listener forwards to the admin port';
    case 'health listener':
      return 'The health listener forwards to pilot-agent';
    case 'endpoint':
      return `An endpoint of ${reason.service}`;
    case 'original destination':
      return 'The original destination, unchanged';
    case 'app by pod address':
      return `The app, by the address of the pod, from ${reason.source}`;
    case 'app from client address':
      return `The app, from the address of the client, ${reason.source}, and with the mark 0x${reason.mark.toString(16)}`;
    case 'app on localhost':
      return `The app on ${reason.address}: releases before ${minorOf(reason.since)} ${reason.does} it there`;
    case 'readiness of Envoy':
      return "Envoy's own statistics say whether it has its configuration";
    case 'statistics of Envoy':
      return "Envoy's statistics";
    case 'metrics of the app':
      return "The app's own metrics";
    case 'by ztunnel':
      return ztunnelDialWords(reason.dial);
  }
}

/** `1.10` of `1.10.0`. */
function minorOf(release: string): string {
  return release.split('.').slice(0, 2).join('.');
}
