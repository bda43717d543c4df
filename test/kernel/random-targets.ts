/**
 * The targets of random rules: a new one is one more entry. SET has no place here: what the kernel answers by itself,
 * to a REJECT say, meets the rules too, and nobody walks it.
 */
import type { Entry } from './random-place.ts';
import { values } from './random-values.ts';

const nat = ['nat'] as const;

export const targets: readonly Entry[] = [
  { name: 'ACCEPT', extension: 'standard', weight: 2, make: () => '-j ACCEPT' },
  { name: 'RETURN', extension: 'standard', weight: 3, make: () => '-j RETURN' },
  {
    name: 'DROP',
    extension: 'standard',
    weight: 0.5,
    // iptables refuses to drop in nat
    tables: ['raw', 'mangle', 'filter'],
    make: () => '-j DROP',
  },
  {
    name: 'jump',
    extension: 'standard',
    weight: 6,
    applies: ({ below }) => below.length > 0,
    make: (draw, { below }) => `-j ${draw.pick(below)}`,
  },
  {
    name: 'goto',
    extension: 'standard',
    weight: 1,
    applies: ({ below }) => below.length > 0,
    make: (draw, { below }) => `-g ${draw.pick(below)}`,
  },
  { name: 'no target', extension: 'standard', weight: 1, make: () => '' },
  {
    extension: 'REDIRECT',
    weight: 3,
    tables: nat,
    hooks: ['PREROUTING', 'OUTPUT'],
    protocol: ['tcp', 'udp'],
    make: (draw) => `-j REDIRECT --to-ports ${draw.pick([15001, 15006, 8080, 9999])}`,
  },
  {
    extension: 'REDIRECT',
    weight: 0.5,
    tables: nat,
    hooks: ['PREROUTING', 'OUTPUT'],
    make: () => '-j REDIRECT',
  },
  {
    extension: 'DNAT',
    weight: 2,
    tables: nat,
    hooks: ['PREROUTING', 'OUTPUT'],
    protocol: ['tcp', 'udp'],
    make: (draw, { family }) => {
      const { pod, remote, behind } = values[family];
      const to = draw.pick([pod, ...remote, ...behind]);
      if (draw.chance(0.4)) return `-j DNAT --to-destination ${to}`;
      return `-j DNAT --to-destination ${family === 'v4' ? to : `[${to}]`}:${draw.pick([80, 8080, 15001])}`;
    },
  },
  {
    extension: 'SNAT',
    weight: 2,
    tables: nat,
    hooks: ['INPUT', 'POSTROUTING'],
    make: (draw, { family }) =>
      `-j SNAT --to-source ${draw.pick([values[family].pod, values[family].second, values[family].snat])}`,
  },
  { extension: 'MASQUERADE', weight: 1.5, tables: nat, hooks: ['POSTROUTING'], make: () => '-j MASQUERADE' },
  {
    extension: 'MARK',
    weight: 3,
    make: (draw) =>
      `-j MARK ${draw.pick(['--set-xmark 0x1/0x1', '--set-xmark 0x539/0xffffffff', '--set-xmark 0x100/0xff00', '--set-xmark 0x0/0x500'])}`,
  },
  {
    extension: 'CONNMARK',
    weight: 2,
    tables: ['mangle', 'filter'],
    make: (draw) =>
      `-j CONNMARK ${draw.pick(['--save-mark', '--restore-mark', '--set-xmark 0x1/0xffffffff', '--save-mark --nfmask 0xff --ctmask 0xff'])}`,
  },
  { extension: 'NOTRACK', weight: 1, tables: ['raw'], make: () => '-j NOTRACK' },
  {
    extension: 'CT',
    weight: 1.5,
    tables: ['raw'],
    make: (draw) => `-j CT ${draw.pick(['--zone 1', '--zone 2', '--notrack'])}`,
  },
  {
    extension: 'REJECT',
    weight: 0.5,
    tables: ['filter'],
    make: (_draw, { family }) =>
      `-j REJECT --reject-with ${family === 'v4' ? 'icmp' : 'icmp6'}-port-unreachable`,
  },
  {
    name: 'tcp-reset',
    extension: 'REJECT',
    weight: 0.5,
    tables: ['filter'],
    protocol: ['tcp'],
    make: () => '-j REJECT --reject-with tcp-reset',
  },
  { extension: 'LOG', weight: 0.5, make: () => '-j LOG --log-prefix "seen "' },
  { extension: 'TOS', weight: 0.5, tables: ['mangle'], make: () => '-j TOS --set-tos 0x10/0x3f' },
  { extension: 'DSCP', weight: 0.5, tables: ['mangle'], make: () => '-j DSCP --set-dscp 0x0a' },
  { extension: 'TTL', weight: 0.5, tables: ['mangle'], families: ['v4'], make: () => '-j TTL --ttl-set 65' },
  { extension: 'HL', weight: 0.5, tables: ['mangle'], families: ['v6'], make: () => '-j HL --hl-set 65' },
  {
    extension: 'TPROXY',
    weight: 3,
    isCrafted: true,
    tables: ['mangle'],
    hooks: ['PREROUTING'],
    protocol: ['tcp', 'udp'],
    make: (draw, { family }) => {
      const port = draw.pick([15008, 15008, 15001, 9999]);
      const ip = draw.chance(0.2) ? ` --on-ip ${draw.pick(values[family].loopback)}` : '';
      const mark = draw.pick(['0x539/0xffffffff', '0x0/0x0', '0x1/0x1']);
      return `-j TPROXY --on-port ${port}${ip} --tproxy-mark ${mark}`;
    },
  },
  {
    name: 'zones',
    extension: 'CT',
    weight: 0.5,
    tables: ['raw'],
    make: (draw) => `-j CT ${draw.pick(['--zone-orig 1', '--zone-reply 2'])}`,
  },
  {
    extension: 'NETMAP',
    weight: 0.5,
    tables: nat,
    hooks: ['PREROUTING', 'OUTPUT'],
    make: (_draw, { family }) => `-j NETMAP --to ${family === 'v4' ? '10.96.0.0/24' : 'fd00:10:96::/64'}`,
  },
];
