/** The cluster, or clusters, that a filter or a route names. */
import type { WeightedCluster } from '../model/config.ts';
import type { MessageFields } from './fields.ts';

/** `cluster`, or `weighted_clusters`. */
export function readClusters(fields: MessageFields): readonly WeightedCluster[] {
  const one = fields.text('cluster');
  if (one !== '') return [{ name: one, weight: 1 }];
  const several = fields.message('weighted_clusters');
  return (several?.messages('clusters') ?? []).map((cluster) => ({
    name: cluster.text('name'),
    weight: cluster.number('weight', 0),
  }));
}
