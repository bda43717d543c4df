/**
 * One stop of a path, the same markup on still pages and in the simulator. Its look is in src/styles/stops.css.
 */
import type { ComponentChildren } from 'preact';
import type { Stop as StopShape } from '../../src/render/index.ts';
import { stopParts } from '../../src/words/index.ts';

export interface StopProps {
  readonly stop: StopShape;
  /** What it is called, where it is no stop of a journey. */
  readonly called?: string;
  /** A link's address; without it and without `onSelect` the stop is plain text. */
  readonly href?: string;
  /** Makes the stop a button. */
  readonly onSelect?: () => void;
  /** The step that the reader is at. */
  readonly current?: boolean;
  /** Where the published path errs: why, in a sentence. */
  readonly differs?: string | undefined;
}

/** A last stop with more letters than that may stand alone on its line. */
const longestEnd = 18;

export function Stop({ stop, called, href, onSelect, current, differs }: StopProps) {
  const { name, note, position } = called === undefined ? stopParts(stop) : { name: called };
  // A name with nothing beside it is the whole face.
  const isWhole = note === undefined && position === undefined && !stop.inVain && differs === undefined;
  const face = (
    <>
      {isWhole ? name : <span class="stop-name">{name}</span>}
      {note !== undefined && <span class="stop-note"> {note}</span>}
      {position !== undefined && (
        <span class="stop-number">
          <span class="sr-only"> rule </span>
          {position}
        </span>
      )}
      {stop.inVain && <span class="sr-only">, no rule applies there</span>}
      {differs !== undefined && <span class="sr-only">, the published path errs here</span>}
    </>
  );
  return (
    <li
      class={stop.quiet ? 'stop quiet' : 'stop'}
      data-kind={stop.kind}
      data-in-vain={stop.inVain}
      data-long={(note ?? '').length + name.length > longestEnd ? true : undefined}
      data-differs={differs}
      aria-current={current ? 'step' : undefined}
    >
      <Face
        class={isWhole ? 'stop-face stop-name' : 'stop-face'}
        href={href}
        onSelect={onSelect}
        title={differs ?? (stop.kind === 'chain' ? stop.rule : undefined)}
      >
        {face}
      </Face>
      {stop.rewritten && (
        <span class="stop-rewritten">
          <span class="sr-only">rewritten from </span>
          <del>{stop.rewritten.before}</del>
          <span class="sr-only"> to </span>
          <ins>{stop.rewritten.after}</ins>
        </span>
      )}
    </li>
  );
}

interface FaceProps {
  readonly class: string;
  readonly href: string | undefined;
  readonly onSelect: (() => void) | undefined;
  readonly title: string | undefined;
  readonly children: ComponentChildren;
}

function Face({ class: kind, href, onSelect, title, children }: FaceProps) {
  if (onSelect) {
    return (
      <button type="button" class={kind} title={title} onClick={onSelect}>
        {children}
      </button>
    );
  }
  if (href !== undefined) {
    return (
      <a class={kind} href={href} title={title}>
        {children}
      </a>
    );
  }
  return (
    <span class={kind} title={title}>
      {children}
    </span>
  );
}
