/**
 * The rules on a node of ambient mode, as iptables takes them: what a process of the node sends to an enrolled pod gets an
 * address by which the pod knows it.
 * Source: AppendHostRules of cni/pkg/iptables/iptables.go; for the sets cni/pkg/nodeagent and cni/pkg/ipset.
 */
import type { Family } from '../../netfilter/index.ts';
import { at, isSince, type ReleaseNumber } from '../history/release.ts';
import { ambientChanges } from './changes.ts';
import { probeSet } from './marks.ts';
import type { AmbientBuilding, AmbientCommand, AmbientStep } from './pod.ts';

/** A set of the addresses of the node's enrolled pods, which stands before the rules that name it. */
export interface PodSet {
  readonly name: string;
  readonly family: Family;
  /** The table that it stands in with native nftables; null for one of `ipset`. */
  readonly table: string | null;
  /** What makes it: a line for `ipset restore`, or for `nft -f`. */
  readonly made: string;
}

/** The name of the set of a family, with either back end. */
export function setName(release: ReleaseNumber, family: Family): string {
  return isSince(release, ambientChanges.families) ? `${probeSet}-${family}` : probeSet;
}

/** Source: ipsetIPHashCreate of cni/pkg/ipset/nldeps_linux.go. */
export function ipSet({ release, family }: AmbientBuilding): PodSet {
  const name = setName(release, family);
  const made = `create ${name} hash:ip family ${family === 'v4' ? 'inet' : 'inet6'} comment`;
  return { name, family, table: null, made };
}

const chain = 'ISTIO_POSTRT';
const jump = { table: 'nat', chain: 'POSTROUTING', words: `-j ${chain}`, role: 'node.jump' } as const;

const jumpStep: AmbientStep = [
  { by: ambientChanges.inPod, is: () => [jump] },
  { by: ambientChanges.hostFirst, is: () => [{ ...jump, insertAt: 1 }] },
];

/** The rules of the node. */
export function nodeCommands(building: AmbientBuilding): readonly AmbientCommand[] {
  const { release, family, options } = building;
  const source = family === 'v4' ? options.hostProbeSNATAddress : options.hostProbeV6SNATAddress;
  return [
    ...(at(jumpStep, release, family)?.(building) ?? []),
    {
      table: 'nat',
      chain,
      words: `-m owner --socket-exists -p tcp -m set --match-set ${setName(release, family)} dst -j SNAT --to-source ${source}`,
      role: 'node.probe',
    },
  ];
}
