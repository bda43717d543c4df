import type { ambient } from '../../../istio/facts/index.ts';

export const ambientTemplates: Readonly<Record<keyof typeof ambient, string>> = {
  'ztunnel-keeps-the-caller':
    '{subject} calls the app from the address of the caller, by `{one}` and `{other}`',
  'ztunnel-marks': '{subject} marks its sockets in a pod with {mark}, the default of `{option}`',
  'ztunnel-ends-a-tunnel': '{subject} answers {status} to {method} when the app has taken the connection',
  'ztunnel-refuses-by-policy': '{subject} answers {status} to a peer by {protocol} that a policy denies',
  'ztunnel-app-refuses':
    '{subject} answers {status} to the peer when the app refuses, or is silent for {seconds} seconds',
  'ztunnel-blocked-port': '{subject} logs `{message}`',
  'ambient-strict-closes':
    'With `{mode}` {subject} closes what comes in plain text, and logs the policy `{policy}`',
  'ztunnel-hbone-port': '{subject} calls a peer that has {protocol} at its port {port}',
  'ambient-told-by-annotation':
    '{subject} takes a pod for one with {protocol} where `{annotation}` is `{value}`',
  'ztunnel-no-healthy': '{subject} closes a call to a Service whose endpoints are gone, and logs `{message}`',
  'ztunnel-access-log':
    '{subject} logs `{message}` at the end of a connection, with `{source}` and `{destination}`',
  'ambient-not-on-the-host': '{subject} does not enrol a pod with `{field}`',
};
