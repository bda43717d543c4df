/** A part that is loaded when it is wanted. */
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';

/** The part, null until it has come, and how it is asked for. What did not come says so in its place. */
export function useLater<Props>() {
  const [Part, setPart] = useState<ComponentType<Props> | null>(null);
  const load = <Name extends string>(
    loading: Promise<Readonly<Record<Name, ComponentType<Props>>>>,
    name: Name,
  ) =>
    loading.then(
      (loaded) => setPart(() => loaded[name]),
      () => setPart(() => Missing),
    );
  return [Part, load] as const;
}

function Missing() {
  return (
    <p class="simulator-problem" role="alert">
      This part could not be loaded: load the page again.
    </p>
  );
}
