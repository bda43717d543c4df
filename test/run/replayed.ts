/** One line for each real program that is not asked on this machine. */
import { whyReplayed } from '../mesh/recorded.ts';
import { whyZtunnelReplayed } from '../mesh/ztunnel/recording.ts';

/** To be called when the programs are there that can be had. */
export function sayWhatIsReplayed(steps: readonly string[]): void {
  if (!steps.includes('mesh')) return;
  for (const [name, why] of [
    ['Envoy', whyReplayed()],
    ['ztunnel', whyZtunnelReplayed()],
  ])
    if (why !== null) console.log(`  mesh replays what ${name} said before: ${why}`);
}
