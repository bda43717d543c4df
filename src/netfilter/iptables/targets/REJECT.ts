/** REJECT: the packet is thrown away, and its sender is told (ipt_REJECT.c, ip6t_REJECT.c). */

import type { Family } from '../../model/ruleset.ts';
import { optionValue, type TargetExtension, targetOption, withDefault } from '../extension.ts';
import { oneWord } from '../values.ts';

const kinds: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  v4: {
    'icmp-net-unreachable': 'net-unreach',
    'icmp-host-unreachable': 'host-unreach',
    'icmp-proto-unreachable': 'proto-unreach',
    'icmp-port-unreachable': 'port-unreach',
    'icmp-net-prohibited': 'net-prohib',
    'icmp-host-prohibited': 'host-prohib',
    'tcp-reset': 'tcp-rst',
    'icmp-admin-prohibited': 'admin-prohib',
  },
  v6: {
    'icmp6-no-route': 'no-route',
    'icmp6-adm-prohibited': 'adm-prohibited',
    'icmp6-addr-unreachable': 'addr-unreach',
    'icmp6-port-unreachable': 'port-unreach',
    'tcp-reset': 'tcp-reset',
    'icmp6-policy-fail': 'policy-fail',
    'icmp6-reject-route': 'reject-route',
  },
};

const kind = oneWord<string>(
  { oneOf: [...new Set([...Object.keys(kinds.v4), ...Object.keys(kinds.v6)])] },
  (text, family) => Object.entries(kinds[family]).find((pair) => pair.includes(text))?.[0] ?? null,
  (text) => text,
);

export const REJECT: TargetExtension = {
  name: 'REJECT',
  tables: ['filter'],
  hooks: ['INPUT', 'FORWARD', 'OUTPUT'],
  options: [targetOption<string>({ name: '--reject-with', negatable: false, value: kind })],
  settle: (options, family) =>
    withDefault(
      options,
      '--reject-with',
      family === 'v4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable',
    ),
  act: (options, { family }) => ({
    verdict: {
      kind: 'reject',
      with:
        optionValue<string>(options, '--reject-with') ??
        (family === 'v4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'),
    },
  }),
};
