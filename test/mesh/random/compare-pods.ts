/** The model against a real Envoy with istiod's own configuration, by random connections: a part of `npm run test:long envoy-pods`. */
import { connect } from '../../../src/envoy/index.ts';
import type { Task } from '../../long/parts.ts';
import { envoyVersions } from '../envoy/binary.ts';
import { podNames } from '../istiod/pods.ts';
import { MeshPod } from '../lab/mesh-pod.ts';
import { releaseOf } from './compare.ts';
import { askPod, drawPodCalls, podDisagreements } from './pod-calls.ts';

/** Connections to one Envoy before the next pod is opened. */
const lot = 300;

export async function comparePods(task: Task): Promise<boolean> {
  let asked = 0;
  let faults = 0;
  for (let from = task.from; from < task.from + task.amount && !task.isStopped(); from += lot) {
    const amount = Math.min(lot, task.from + task.amount - from);
    for (const name of podNames)
      for (const version of envoyVersions) {
        if (task.isStopped()) break;
        const calls = drawPodCalls(name, task.seed, from, amount);
        const pod = await MeshPod.open({ name, envoy: version });
        try {
          const seen = await askPod(pod, name, calls, releaseOf(version));
          const found = podDisagreements(connect, name, calls, seen, releaseOf(version));
          asked += seen.length;
          faults += found.length;
          for (const one of found) console.log(version, JSON.stringify(one));
        } finally {
          await pod.end();
        }
      }
    task.reached(from + amount);
  }
  console.log(
    `${asked} connections asked of Envoy ${envoyVersions.join(' and ')} in ${podNames.length} pods, ${faults} disagreements`,
  );
  return faults === 0;
}
