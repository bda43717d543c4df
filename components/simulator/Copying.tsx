/** Takes a journey elsewhere: as a link, as text for a ticket, or as a picture. */
import { useState } from 'preact/hooks';
import { encodePermalink, type State } from '../../src/handbook/index.ts';
import type { Journey } from '../../src/journey/index.ts';
import { json, markdown, mermaid, text } from '../../src/render/index.ts';

export interface CopyingProps {
  readonly state: State;
  readonly journey: Journey;
  readonly title: string;
  readonly alsoInAddress?: string;
}

export function Copying({ state, journey, title, alsoInAddress }: CopyingProps) {
  const [said, setSaid] = useState('');
  const replies = state.replies === true;
  const also = alsoInAddress === undefined ? '' : `&${alsoInAddress}`;
  const forms: readonly { readonly name: string; readonly make: () => string }[] = [
    { name: 'link', make: () => `${location.href.split('#')[0]}#${encodePermalink(state)}${also}` },
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
  const save = async (kind: 'SVG' | 'PNG') => {
    setSaid('Drawing…');
    try {
      const { saveDrawing } = await import('./save-drawing.ts');
      await saveDrawing(kind, mermaid(journey, 'overview', { replies }), title);
      setSaid(`Saved as ${kind}.`);
    } catch (error) {
      setSaid(`The picture could not be made: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <fieldset class="copying" aria-label="Take it elsewhere">
      <span>Copy as</span>
      {forms.map(({ name, make }) => (
        <button type="button" key={name} onClick={() => copy(name, make)}>
          {name}
        </button>
      ))}
      <span>Save as</span>
      {(['SVG', 'PNG'] as const).map((kind) => (
        <button type="button" key={kind} onClick={() => save(kind)}>
          {kind}
        </button>
      ))}
      <span role="status">{said}</span>
    </fieldset>
  );
}
