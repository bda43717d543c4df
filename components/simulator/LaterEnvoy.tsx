/** The stop “Envoy” of the path, folded: what it opens into is loaded then. */
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { chooseInEnvoy, type Session } from '../../src/handbook/walk/index.ts';
import type { EnvoyStopsProps } from './EnvoyStops.tsx';
import type { Tell } from './use-session.ts';

export function LaterEnvoy({
  session: { walked },
  tell,
}: {
  readonly session: Session;
  readonly tell: Tell;
}) {
  const [Stops, setStops] = useState<ComponentType<EnvoyStopsProps> | null>(null);
  return (
    <details
      class="opened-envoy"
      open={walked.state.envoy !== undefined}
      onToggle={() =>
        import('./EnvoyStops.tsx').then(
          (loaded) => setStops(() => loaded.EnvoyStops),
          () => setStops(() => Missing),
        )
      }
    >
      <summary>Inside Envoy</summary>
      {Stops && <Stops walked={walked} onChoose={(chosen) => tell(chooseInEnvoy, chosen)} />}
    </details>
  );
}

function Missing() {
  return <p role="alert">It could not be loaded: load the page again.</p>;
}
