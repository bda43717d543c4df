/** Takes a journey elsewhere: as a link, as text for a ticket, or as a picture. */
import { useState } from 'preact/hooks';
import type { Walked } from '../../src/handbook/walk/index.ts';
import { type TextForm, textForms } from '../../src/render/index.ts';
import type { RemoteWalker } from '../engine/remote-walker.ts';

export interface CopyingProps {
  readonly walked: Walked;
  /** The fragment that leads to what is shown, with its `#`. */
  readonly address: string;
  readonly walker: RemoteWalker;
}

export function Copying({ walked: { state, scenario }, address, walker }: CopyingProps) {
  const [said, setSaid] = useState('');
  const wake = () => walker.wake();
  const forms: readonly { readonly name: string; readonly make: () => string | Promise<string> }[] = [
    { name: 'link', make: () => `${location.href.split('#')[0]}${address}` },
    ...(Object.keys(textForms) as TextForm[]).map((form) => ({
      name: form,
      make: () => walker.text(state, form),
    })),
  ];
  const copy = async (name: string, make: () => string | Promise<string>) => {
    let text: string;
    try {
      text = await make();
    } catch (error) {
      setSaid(`It could not be copied. ${words(error)}`);
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      setSaid(`Copied as ${name}.`);
    } catch {
      setSaid('The browser does not let this page copy: select the text and copy it.');
    }
  };
  const save = async (kind: 'SVG' | 'PNG') => {
    setSaid('Drawing…');
    try {
      const sequence = await walker.sequence(state, 'overview');
      const { saveDrawing } = await import('./save-drawing.ts');
      await saveDrawing(kind, sequence, scenario.title);
      setSaid(`Saved as ${kind}.`);
    } catch (error) {
      setSaid(`The picture could not be made: ${words(error)}`);
    }
  };
  return (
    <fieldset class="copying" aria-label="Take it elsewhere" onPointerEnter={wake} onFocusIn={wake}>
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

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
