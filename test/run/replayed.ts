/** One line where a real Envoy is not asked on this machine. */
import { whyReplayed } from '../mesh/recorded.ts';

/** To be called when the programs are there that can be had. */
export function sayWhatIsReplayed(steps: readonly string[]): void {
  const why = steps.includes('mesh') ? whyReplayed() : null;
  if (why !== null) console.log(`  mesh replays what Envoy said before: ${why}`);
}
