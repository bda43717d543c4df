/**
 * The words for stops and parties. A page says these without an engine.
 */
import type { Party } from '../../journey/index.ts';
import { chainName } from '../rule-name.ts';
import type { SaidParty, SaidStop } from '../said.ts';

/** A stop as its parts are set apart in a path: a name, a note in thinner letters, a position in a box. */
export interface StopParts {
  readonly name: string;
  readonly note?: string;
  readonly position?: number;
}

export function stopParts(stop: SaidStop): StopParts {
  switch (stop.kind) {
    case 'hook':
      return { name: stop.hook };
    case 'chain':
      return { name: chainName(stop), position: stop.position };
    case 'drop':
      return { name: stop.outcome };
    default:
      return partyParts(stop);
  }
}

function partyParts({ name, uid, port }: SaidParty): StopParts {
  if (name === null) return { name: 'a local socket' };
  if (uid !== undefined) return { name, note: `uid ${uid}` };
  return port === undefined ? { name } : { name, note: `:${port}` };
}

/** `app uid 1000`, `OUTPUT`, `ISTIO_OUTPUT 9`, `Envoy :15001`, `dropped`. */
export function stopText(stop: SaidStop): string {
  const { name, note, position } = stopParts(stop);
  return [name, note, position].filter((part) => part !== undefined).join(' ');
}

/** `app uid 1000`, `Envoy uid 1337`, `Prometheus`: who sends. */
export function clientName(party: Party): string {
  return party.kind === 'process' ? `${party.name} uid ${party.uid}` : party.name;
}

/** `Envoy :15001`, `app :8080`, `10.244.2.9:9080`: who receives. */
export function serverName(party: Party): string {
  if (party.kind === 'network' || party.port === undefined) return party.name;
  return `${party.name} :${party.port}`;
}
