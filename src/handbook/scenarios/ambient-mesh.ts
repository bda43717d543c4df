/** What a reader chooses of the mesh around an enrolled pod; what is absent is as the scenario has it. */
import type { EnrolledWorkload } from '../../istio/index.ts';

/** What can be chosen among, by its name in links; the first is how a mesh is without any setting. */
export const meshChoices = {
  peerAuthentication: ['PERMISSIVE', 'STRICT'],
  /** Whether the Services that are called have one. */
  waypoint: ['none', 'of the Service'],
  ztunnel: ['running', 'missing'],
} as const;

type Chosen = { readonly [name in keyof typeof meshChoices]: (typeof meshChoices)[name][number] };

export type AmbientMeshChoice = Partial<Chosen>;

/** Where the examples have their waypoint. */
export const waypoint = { name: 'waypoint', address: '10.244.3.20' } as const;

/** How the mesh is around this pod. */
export function meshAround({ isStrict, waypoints = {}, ztunnelRuns }: EnrolledWorkload): Chosen {
  return {
    peerAuthentication: isStrict === true ? 'STRICT' : 'PERMISSIVE',
    waypoint: Object.keys(waypoints).length > 0 ? 'of the Service' : 'none',
    ztunnel: ztunnelRuns === false ? 'missing' : 'running',
  };
}

/** The pod with the mesh around it that is chosen. */
export function inMesh(workload: EnrolledWorkload, choice: AmbientMeshChoice): EnrolledWorkload {
  const mesh = { ...meshAround(workload), ...choice };
  const { isStrict: _, waypoints, ztunnelRuns: __, ...own } = workload;
  return {
    ...own,
    ...(mesh.peerAuthentication === 'STRICT' ? { isStrict: true } : {}),
    ...(mesh.waypoint === 'none'
      ? {}
      : {
          waypoints: {
            ...Object.fromEntries(workload.services.map(({ name }) => [name, waypoint.address])),
            ...waypoints,
          },
        }),
    ...(mesh.ztunnel === 'missing' ? { ztunnelRuns: false } : {}),
  };
}
