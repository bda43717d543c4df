/** The stop “Envoy” of the path, folded: what it opens into is loaded then. */
import { chooseInEnvoy, type Session } from '../../src/handbook/walk/index.ts';
import type { EnvoyStopsProps } from './EnvoyStops.tsx';
import { useLater } from './use-later.tsx';
import type { Tell } from './use-session.ts';

export function LaterEnvoy({
  session: { walked },
  tell,
}: {
  readonly session: Session;
  readonly tell: Tell;
}) {
  const [Stops, load] = useLater<EnvoyStopsProps>();
  return (
    <details
      class="opened-envoy"
      open={walked.state.envoy !== undefined}
      onToggle={() => load(import('./EnvoyStops.tsx'), 'EnvoyStops')}
    >
      <summary>Inside Envoy</summary>
      {Stops && <Stops walked={walked} onChoose={(chosen) => tell(chooseInEnvoy, chosen)} />}
    </details>
  );
}
