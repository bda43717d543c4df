/**
 * The words for stops, and for the lifelines and messages of a diagram.
 */
import type { Journey, Leg, Party } from '../../journey/index.ts';
import { chainName, destinationOf, ruleName } from '../notation.ts';
import type { SaidLifeline, SaidMessage, SaidMisses, SaidParty, SaidStop } from '../said.ts';
import { rewriteWords, type Sentence, sentence, targetText } from './events.ts';

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

export function lifelineName(lifeline: SaidLifeline): string {
  switch (lifeline.kind) {
    case 'kernel':
      return 'Linux kernel';
    case 'hook':
      return lifeline.hook;
    case 'chain':
      return chainName(lifeline);
    default:
      return stopText(lifeline);
  }
}

/** A message of a diagram, and its reason where it has one, for the list. */
export function messageWords(
  { rulesets, legs }: Pick<Journey, 'rulesets' | 'legs'>,
  { says, leg: at }: { readonly says: SaidMessage; readonly leg: number },
): Sentence {
  const leg = legs[at] as Leg;
  const reason = () => ('event' in says ? sentence(rulesets, leg, says.event).reason : '');
  switch (says.code) {
    case 'sent':
      return { text: `to ${destinationOf(says.packet)}`, reason: leg.because };
    case 'received':
      return { text: `to ${destinationOf(says.packet)}`, reason: '' };
    case 'hook':
      return { text: hookWords(says.event), reason: '' };
    case 'not asked':
      return { text: `${says.event.table} is not asked`, reason: reason() };
    case 'misses':
      return { text: missesWords(lifelineName(says.at), says.misses), reason: '' };
    case 'rule':
      return { text: ruleWords(rulesets, says.event), reason: reason() };
    case 'returns':
      return { text: `${says.event.chain} ends: returns`, reason: reason() };
    case 'policy':
      return {
        text: `${says.event.table} policy ${says.event.verdict.kind === 'drop' ? 'DROP' : 'ACCEPT'}`,
        reason: '',
      };
    case 'rewrite':
      return { text: rewriteWords(says.event.before, says.event.packet), reason: reason() };
    case 'ends':
      return sentence(rulesets, leg, says.event);
  }
}

/** `ISTIO_OUTPUT 1 to 8 do not match`; `chain` is the chain's name. */
export function missesWords(chain: string, { first, last, count }: SaidMisses): string {
  return count === 1 ? `${chain} ${first} does not match` : `${chain} ${first} to ${last} do not match`;
}

function hookWords({ in: incoming, out, hook }: (SaidMessage & { readonly code: 'hook' })['event']): string {
  if (hook === 'PREROUTING') return `back in over ${incoming}`;
  return out === undefined ? `to ${hook}` : `to ${hook}, out by ${out}`;
}

function ruleWords(
  rulesets: Journey['rulesets'],
  event: (SaidMessage & { readonly code: 'rule' })['event'],
): string {
  if (event.matched === null) return `${ruleName(event)}: cannot tell`;
  return `${ruleName(event)}: ${targetText(rulesets, event)}`;
}
