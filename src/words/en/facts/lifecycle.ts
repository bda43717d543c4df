import type { lifecycle } from '../../../istio/facts/index.ts';

export const lifecycleTemplates: Readonly<Record<keyof typeof lifecycle, string>> = {
  'ready-status': '{subject} answers `{path}` with {status} until Envoy has its configuration',
  'hold-the-app':
    '{subject} heeds `{setting}` where the proxy is no {kind}: the proxy is then the first container, and the app waits for it',
  'native-holds-by-probe':
    '{subject} gives the proxy a `{probe}`, for which a native sidecar lets the app wait',
  'native-end': '{subject} of a {kind} goes on until the containers of the app have ended',
  'drain-duration':
    '{subject} lets Envoy live for `{setting}` when the pod ends; the default is {seconds} seconds',
  'drain-and-kill': '{subject} kills what is left when `{setting}` is over',
  'idle-tcp':
    '{subject} takes the time after which an idle TCP connection is ended from `{setting}` of a DestinationRule, or else from `{variable}`',
  'idle-tcp-by-default':
    '{subject} ends a TCP connection that was idle for {hours} hour, unless another time is set',
  'exit-without-connections': '{subject} waits with `{setting}` until the last connection has ended',
  'stranger-in-vain': '{subject} takes the connection of the app first, and dials then',
};
