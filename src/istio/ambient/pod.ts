/**
 * The rules in a pod of ambient mode, as iptables takes them, in the order in which Istio adds them.
 * Source: AppendInpodRules of cni/pkg/iptables/iptables.go, until 1.24 appendInpodRules.
 */
import type { Family } from '../../netfilter/index.ts';
import type { Since } from '../history/changes.ts';
import { isSince, type ReleaseNumber, type Timeline } from '../history/release.ts';
import { splitList } from '../options/options.ts';
import type { Command } from '../steps/command.ts';
import { ambientChanges } from './changes.ts';
import { returnMarked, wholeMark, ztunnelMarked, ztunnelPorts } from './marks.ts';
import { type AmbientOptionName, type AmbientOptions, redirectsDns } from './options.ts';
import type { AmbientRole } from './roles.ts';

export type AmbientCommand = Command<AmbientRole, AmbientOptionName>;

/** What a step builds rules from. */
export interface AmbientBuilding {
  readonly release: ReleaseNumber;
  readonly family: Family;
  /** Complete, and as the release heeds them. */
  readonly options: AmbientOptions;
}

export type AmbientStep = Timeline<(building: AmbientBuilding) => readonly AmbientCommand[], Since>;

const prerouting = 'ISTIO_PRERT';
const output = 'ISTIO_OUTPUT';

const loopback: Readonly<Record<Family, string>> = { v4: '127.0.0.1/32', v6: '::1/128' };
const unmarked = `-m mark ! --mark ${ztunnelMarked}`;
const marked = `-m mark --mark ${ztunnelMarked}`;

function rule(
  table: AmbientCommand['table'],
  chain: string,
  words: string,
  role: AmbientRole,
  from?: AmbientCommand['from'],
): AmbientCommand {
  return { table, chain, words, role, ...(from === undefined ? {} : { from }) };
}

function probeAddress({ family, options }: AmbientBuilding): string {
  return family === 'v4' ? options.hostProbeSNATAddress : options.hostProbeV6SNATAddress;
}

/** One command, or more, for each interface of a virtual machine. */
export function eachInterface<Made>(
  { virtualInterfaces }: AmbientOptions,
  make: (name: string, from: NonNullable<AmbientCommand['from']>) => readonly Made[],
): readonly Made[] {
  return splitList(virtualInterfaces).flatMap((value) => make(value, { option: 'virtualInterfaces', value }));
}

const start = ambientChanges.inPod;

const jumps: AmbientStep = [
  {
    by: start,
    is: ({ release, options }) => [
      rule('mangle', 'PREROUTING', `-j ${prerouting}`, 'pod.jump-in'),
      rule('mangle', 'OUTPUT', `-j ${output}`, 'pod.jump-out'),
      rule('nat', 'OUTPUT', `-j ${output}`, 'pod.jump-out'),
      ...(redirectsDns(options) && isSince(release, ambientChanges.dnsFromPod)
        ? [
            rule('raw', 'PREROUTING', `-j ${prerouting}`, 'pod.jump-in'),
            rule('raw', 'OUTPUT', `-j ${output}`, 'pod.jump-out'),
          ]
        : []),
      ...(options.tproxyRedirection ? [] : [rule('nat', 'PREROUTING', `-j ${prerouting}`, 'pod.jump-in')]),
    ],
  },
];

const virtualInterfaces: AmbientStep = [
  {
    by: ambientChanges.podOverrides,
    is: ({ options }) =>
      eachInterface(options, (name, from) => [
        rule(
          'nat',
          prerouting,
          `-i ${name} -p tcp -j REDIRECT --to-ports ${ztunnelPorts.outbound}`,
          'pod.virtual-capture',
          from,
        ),
        rule('nat', prerouting, `-i ${name} -p tcp -j RETURN`, 'pod.virtual-return', from),
      ]),
  },
];

const markConnection = (): AmbientCommand =>
  rule('mangle', prerouting, `${marked} -j CONNMARK --set-xmark ${returnMarked}`, 'pod.mark-connection');

const connectionMark: AmbientStep = [
  { by: start, is: ({ options }) => (options.ingressMode ? [] : [markConnection()]) },
  { by: ambientChanges.ingressTakesHbone, is: () => [markConnection()] },
];

const probes: AmbientStep = [
  {
    by: start,
    is: (building) => [
      ...(building.options.ingressMode
        ? []
        : [
            rule(
              building.options.tproxyRedirection ? 'mangle' : 'nat',
              prerouting,
              `-s ${probeAddress(building)} -p tcp -m tcp -j ACCEPT`,
              'pod.probe',
            ),
          ]),
      rule('nat', output, `-d ${probeAddress(building)} -p tcp -m tcp -j ACCEPT`, 'pod.probe-address'),
    ],
  },
];

const inbound: AmbientStep = [
  {
    by: start,
    is: ({ family, options }) => {
      const elsewhere = `! -d ${loopback[family]} -p tcp`;
      const toPort = (port: number): string => `-j TPROXY --on-port ${port} --tproxy-mark ${returnMarked}`;
      if (options.tproxyRedirection)
        return [
          rule('mangle', prerouting, `${elsewhere} -i lo -j ACCEPT`, 'pod.own-address-in'),
          rule(
            'mangle',
            prerouting,
            `-p tcp -m tcp --dport ${ztunnelPorts.hbone} ${unmarked} ${toPort(ztunnelPorts.hbone)}`,
            'pod.hbone',
          ),
          rule(
            'mangle',
            prerouting,
            '-p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
            'pod.established',
          ),
          rule(
            'mangle',
            prerouting,
            `${elsewhere} ${unmarked} ${toPort(ztunnelPorts.inbound)}`,
            'pod.inbound',
          ),
        ];
      if (options.ingressMode) return [];
      return [
        rule(
          'nat',
          prerouting,
          `${elsewhere} ! --dport ${ztunnelPorts.hbone} ${unmarked} -j REDIRECT --to-ports ${ztunnelPorts.inbound}`,
          'pod.inbound',
        ),
      ];
    },
  },
];

const restoreMark: AmbientStep = [
  {
    by: start,
    is: () => [
      rule(
        'mangle',
        output,
        `-m connmark --mark ${returnMarked} -j CONNMARK --restore-mark --nfmask ${wholeMark} --ctmask ${wholeMark}`,
        'pod.restore-mark',
      ),
    ],
  },
];

const dns: AmbientStep = [
  {
    by: start,
    is: ({ options }) =>
      redirectsDns(options)
        ? [
            rule(
              'nat',
              output,
              `! -o lo -p udp -m udp --dport 53 -j REDIRECT --to-port ${ztunnelPorts.dns}`,
              'pod.dns-udp',
            ),
          ]
        : [],
  },
  {
    by: ambientChanges.dnsFromPod,
    is: ({ family, options }) =>
      redirectsDns(options)
        ? [
            rule(
              'nat',
              output,
              `! -o lo -p udp ${unmarked} -m udp --dport 53 -j REDIRECT --to-port ${ztunnelPorts.dns}`,
              'pod.dns-udp',
            ),
            rule(
              'nat',
              output,
              `! -d ${loopback[family]} -p tcp --dport 53 ${unmarked} -j REDIRECT --to-ports ${ztunnelPorts.dns}`,
              'pod.dns-tcp',
            ),
            rule('raw', output, `-p udp ${marked} -m udp --dport 53 -j CT --zone 1`, 'pod.zone-question'),
            rule('raw', prerouting, `-p udp ${unmarked} -m udp --sport 53 -j CT --zone 1`, 'pod.zone-answer'),
          ]
        : [],
  },
];

const outbound: AmbientStep = [
  {
    by: start,
    is: ({ family }) => [
      rule('nat', output, `-p tcp -m mark --mark ${returnMarked} -j ACCEPT`, 'pod.marked'),
      rule('nat', output, `! -d ${loopback[family]} -o lo -j ACCEPT`, 'pod.own-address'),
      rule(
        'nat',
        output,
        `! -d ${loopback[family]} -p tcp ${unmarked} -j REDIRECT --to-ports ${ztunnelPorts.outbound}`,
        'pod.outbound',
      ),
    ],
  },
];

/** All steps, in Istio's order. */
export const podSteps: readonly AmbientStep[] = [
  jumps,
  virtualInterfaces,
  connectionMark,
  probes,
  inbound,
  restoreMark,
  dns,
  outbound,
];
