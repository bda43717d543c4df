/** Above the box: the one command that gets the text, by what the reader has. */
import { useState } from 'preact/hooks';
import { CopiedCommand } from './CopiedCommand.tsx';
import { firstWays } from './dump-ways.ts';

export function FirstCommand() {
  const [chosen, setChosen] = useState(0);
  const way = firstWays[chosen];
  return (
    <section class="lab-first" aria-label="The command that gets the text">
      <label>
        <span>I have</span>{' '}
        <select value={String(chosen)} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          {firstWays.map(({ title }, at) => (
            <option value={String(at)} key={title}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {way !== undefined && <CopiedCommand key={way.title} {...way} />}
    </section>
  );
}
