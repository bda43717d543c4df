/** Which hosts of a cluster chance may take, where some are sick or stand behind others. */
import type { Cluster, UpstreamHost } from '../model/config.ts';

const sick: readonly string[] = ['UNHEALTHY', 'TIMEOUT', 'DRAINING'];

/** In percent: what a priority with sick hosts still carries. */
const overprovisioning = 140;

/**
 * Those of whom chance takes one: source/extensions/load_balancing_policies/common/load_balancer_impl.cc
 * recalculatePerPriorityState and recalculatePerPriorityPanic. What a priority cannot carry goes to the next one; what healthy
 * hosts cannot, to degraded ones. Where they cannot carry it all, a priority with too few of them takes sick ones as well.
 */
export function usable(
  hosts: readonly UpstreamHost[],
  { healthyPanicThreshold: panic }: Cluster,
): readonly UpstreamHost[] {
  const levels = [...new Set(hosts.map(({ priority }) => priority))]
    .sort((a, b) => a - b)
    .map((priority) => {
      const all = hosts.filter((host) => host.priority === priority);
      const degraded = all.filter(({ health }) => health === 'DEGRADED');
      const healthy = all.filter(({ health }) => !sick.includes(health) && health !== 'DEGRADED');
      return {
        priority,
        all,
        kinds: [healthy, degraded].map((some) => ({
          some,
          carries: Math.min(100, Math.floor((overprovisioning * some.length) / all.length)),
        })),
        panics: (healthy.length + degraded.length) * 100 < panic * all.length,
      };
    });
  const carried = levels.flatMap(({ kinds }) => kinds.map(({ carries }) => carries));
  const available = Math.min(
    100,
    carried.reduce((sum, one) => sum + one, 0),
  );
  if (available < 100 && levels.every(({ panics }) => panics))
    // By their number: a priority that has less than a hundredth of them has no share.
    return levels.flatMap(({ all }, at) => (at === 0 || all.length * 100 >= hosts.length ? all : []));
  // Nobody carries anything, and there is no panic: the first priority, as it is.
  if (available === 0) return levels.find(({ priority }) => priority === 0)?.kinds[0]?.some ?? [];
  let left = 100;
  return [0, 1].flatMap((kind) =>
    levels.flatMap(({ all, kinds, panics }) => {
      const { some, carries } = kinds[kind] as (typeof kinds)[number];
      const share = Math.min(left, Math.floor((carries * 100) / available));
      left -= share;
      return share === 0 ? [] : available < 100 && panics ? all : some;
    }),
  );
}
