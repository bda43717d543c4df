import type { sniffing } from '../../../istio/facts/index.ts';

export const sniffingTemplates: Readonly<Record<keyof typeof sniffing, string>> = {
  'ports-taken-for-tcp':
    '{subject} takes the ports {smtp}, {dns}, {mysql} and {mongodb} for {protocol} unless their Service declares a protocol',
  'detection-timeout': '{subject} waits for the first bytes for as long as it takes: `{setting}` is {value}',
  'connect-timeout': '{subject} tries to connect for {seconds} seconds',
  'outbound-policy': '{subject} sets `{setting}` to `{value}` by default',
  'black-hole-status': '{subject} answers {status} to HTTP that goes to an unknown host with `{mode}`',
};
