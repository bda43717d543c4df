/** The commands that get a pod's rules and whatever else the lab reads, and the kernel's own trace of a packet. */
import { CopiedCommand } from './CopiedCommand.tsx';
import { dumpWays } from './dump-ways.ts';

export function Commands() {
  return (
    <details class="lab-commands">
      <summary>How to get these texts from a pod, and the kernel’s own trace</summary>
      <p>
        Put your own names in the place of the words in capitals. What all of them print can be pasted as it
        is.
      </p>
      {dumpWays.map((way) => (
        <section key={way.title} aria-label={way.title}>
          <h3>{way.title}</h3>
          <CopiedCommand {...way} />
        </section>
      ))}
    </details>
  );
}
