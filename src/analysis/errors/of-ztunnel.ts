/** What ztunnel writes into its access log where a connection came to nothing, and about the pods that it is given. */
import type { ErrorForm } from './error-form.ts';
import { rest, word, wording } from './wording.ts';

/** An access log's own field, quoted or, in JSON, escaped. */
const field = String.raw`error\\?"?[=:] ?\\?"`;

export const errorsOfZtunnel = {
  'ztunnel.policy': {
    program: 'ztunnel',
    meaning: 'doubt',
    // ztunnel src/proxy.rs, AuthorizationPolicyRejection and AuthorizationPolicyLateRejection
    wordings: [
      wording`connection closed due to policy rejection: explicitly denied by: ${word('name')}`,
      wording`connection closed due to policy rejection: (?<reason>allow policies exist, but none allowed)`,
      wording`connection closed due to policy (?:rejection|change)`,
    ],
  },
  'ztunnel.no-answer': {
    program: 'ztunnel',
    meaning: 'doubt',
    // ztunnel src/proxy.rs, MaybeHBONENetworkPolicyError, since 1.24; before that tokio's own words
    wordings: [
      wording`connection timed out, maybe a NetworkPolicy is blocking HBONE port`,
      wording`${field}(?:io error|connection failed): deadline has elapsed`,
    ],
  },
  'ztunnel.app-refused': {
    program: 'ztunnel',
    meaning: 'doubt',
    // ztunnel src/proxy.rs, ConnectionFailed, of the app's socket
    wordings: [wording`${field}(?:connection failed|io error): (?<reason>Connection refused)`],
  },
  'ztunnel.peer-answered': {
    program: 'ztunnel',
    meaning: 'doubt',
    // ztunnel src/proxy.rs, HttpStatus: what the other ztunnel or the waypoint answered to CONNECT
    wordings: [wording`${field}http status: (?<status>[1-5]\d\d)`],
  },
  'ztunnel.certificate': {
    program: 'ztunnel',
    meaning: 'doubt',
    // ztunnel src/proxy.rs, Identity and Tls
    wordings: [
      wording`${field}identity error: ${rest('reason')}`,
      wording`${field}tls error: ${rest('reason')}`,
    ],
  },
  'ztunnel.unknown-source': {
    program: 'ztunnel',
    meaning: 'doubt',
    // ztunnel src/proxy.rs, UnknownSourceWorkload, until 1.22 UnknownSource
    wordings: [
      wording`failed to fetch information about local workload: ${rest('reason')}`,
      wording`${field}unknown source: ${rest('reason')}`,
    ],
  },
  'ztunnel.nowhere': {
    program: 'ztunnel',
    meaning: 'doubt',
    // ztunnel src/proxy.rs, NoHealthyUpstream, NoValidDestination, UnknownWaypoint, NoService
    wordings: [
      wording`${field}no healthy upstream: ${rest('value')}`,
      wording`${field}unknown waypoint: ${rest('value')}`,
      wording`${field}no valid routing destination for workload: ${rest('value')}`,
      wording`${field}no (?:service for target address|service or workload for hostname|endpoints for workload): ${rest('value')}`,
    ],
  },
} as const satisfies Readonly<Record<string, ErrorForm>>;
