/** Takes a journey elsewhere: as a link, or as text for a ticket. */
import { useState } from 'preact/hooks';
import { encodePermalink, type State } from '../../src/handbook/index.ts';
import type { Journey } from '../../src/journey/index.ts';
import { json, markdown, mermaid, text } from '../../src/render/index.ts';

export interface CopyingProps {
  readonly state: State;
  readonly journey: Journey;
}

export function Copying({ state, journey }: CopyingProps) {
  const [said, setSaid] = useState('');
  const replies = state.replies === true;
  const forms: readonly { readonly name: string; readonly make: () => string }[] = [
    { name: 'link', make: () => `${location.href.split('#')[0]}#${encodePermalink(state)}` },
    { name: 'Markdown', make: () => markdown(journey, { replies }) },
    { name: 'text', make: () => text(journey, { replies }) },
    { name: 'Mermaid', make: () => mermaid(journey, 'overview', { replies }) },
    { name: 'JSON', make: () => json(journey) },
  ];
  const copy = async (name: string, make: () => string) => {
    try {
      await navigator.clipboard.writeText(make());
      setSaid(`Copied as ${name}.`);
    } catch {
      setSaid('The browser does not let this page copy. Select the text and copy it by hand.');
    }
  };
  return (
    <p class="copying">
      <span>Copy as</span>
      {forms.map(({ name, make }) => (
        <button type="button" key={name} onClick={() => copy(name, make)}>
          {name}
        </button>
      ))}
      <span role="status">{said}</span>
    </p>
  );
}
