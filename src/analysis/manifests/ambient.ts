/** What is wrong with manifests that are meant for ambient mode. */
import { type ReadObject, ztunnelPorts } from '../../istio/index.ts';
import type { Weight } from '../findings/finding.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

export type AmbientIssue =
  /** It shapes the rules of a sidecar, and there is none. */
  | { readonly id: 'ambient.annotation-idle'; readonly key: string }
  | { readonly id: 'ambient.switch-unread'; readonly key: string; readonly value: string }
  | {
      readonly id: 'ambient.mode-unread';
      readonly key: string;
      readonly value: string;
      readonly as: 'label' | 'annotation';
    }
  | { readonly id: 'ambient.sidecar-wins'; readonly key: string; readonly value: string }
  | { readonly id: 'ambient.port-of-ztunnel'; readonly port: number }
  /** A NetworkPolicy names ports, and not the one that all comes by. */
  | { readonly id: 'ambient.policy-shuts-tunnel'; readonly direction: 'ingress' | 'egress' };

export const ambientWeights: Readonly<Record<AmbientIssue['id'], Weight>> = {
  'ambient.annotation-idle': 'doubtful',
  'ambient.switch-unread': 'doubtful',
  'ambient.mode-unread': 'doubtful',
  'ambient.sidecar-wins': 'doubtful',
  'ambient.port-of-ztunnel': 'wrong',
  'ambient.policy-shuts-tunnel': 'wrong',
};

/** Ports on which ztunnel listens at every address of the pod. */
const taken: ReadonlySet<number> = new Set([ztunnelPorts.outbound, ztunnelPorts.inbound, ztunnelPorts.hbone]);

export interface Meant {
  /** The pod is, by its own label or its namespace's. */
  readonly isMeant: boolean;
  readonly isNamespaceMeant: boolean;
}

export function ambientIssues(
  { ambient, appPorts }: ReadObject,
  { isMeant, isNamespaceMeant }: Meant,
): readonly (readonly [AmbientIssue, Place])[] {
  const { ofSidecar, unread, mode, isForBoth, shut } = ambient;
  const ports = new Map(
    appPorts
      .filter(({ port, protocol }) => protocol === 'tcp' && taken.has(port))
      .map((one) => [one.port, one]),
  );
  return [
    ...(mode === null
      ? []
      : [[{ id: 'ambient.mode-unread', ...said(mode), as: mode.as }, mode.place] as const]),
    ...(isForBoth === null
      ? []
      : [[{ id: 'ambient.sidecar-wins', ...said(isForBoth) }, isForBoth.place] as const]),
    ...(shut === null || !isNamespaceMeant
      ? []
      : [[{ id: 'ambient.policy-shuts-tunnel', direction: shut.direction }, shut.place] as const]),
    ...(isMeant
      ? [
          ...ofSidecar.map(({ key, place }) => [{ id: 'ambient.annotation-idle', key }, place] as const),
          ...unread.map((one) => [{ id: 'ambient.switch-unread', ...said(one) }, one.place] as const),
          ...[...ports.values()].map(
            ({ port, place }) => [{ id: 'ambient.port-of-ztunnel', port }, place] as const,
          ),
        ]
      : []),
  ];
}

function said({ key, value }: { readonly key: string; readonly value: string }) {
  return { key, value };
}
