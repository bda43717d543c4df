/** A command with its note, and a button that copies it. */
import { useState } from 'preact/hooks';
import type { DumpWay } from './dump-ways.ts';

/** Its parts, for a section around them. */
export function CopiedCommand({ title, note, lines }: DumpWay) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${lines}\n`);
      setSaid('Copied.');
    } catch {
      setSaid('The browser does not let this page copy: select the text and copy it.');
    }
  };
  return (
    <>
      <p>{note}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{lines}</pre>
      <p class="lab-copy">
        <button type="button" onClick={copy} aria-label={`Copy the commands: ${title}`}>
          Copy
        </button>{' '}
        <span role="status">{said}</span>
      </p>
    </>
  );
}
