/**
 * What has been published about a scenario beside what is so: stop by stop, with a verdict and its reason.
 * Both are computed: the stops are laid side by side, and the reason is the event that decided.
 */
import { decisiveRule, type Journey, journey } from '../../journey/index.ts';
import { type Event, hooks, type RuleEvent } from '../../netfilter/index.ts';
import { isParty, type Stop, stopLines } from '../../render/index.ts';
import type { SaidUnmet } from '../../words/index.ts';
import { unknown } from './did-you-mean.ts';
import type { Published, Scenario } from './scenario.ts';
import { handbookSetting, podUnder } from './setting.ts';
import { scenarios } from './traffic.ts';

export type StepVerdict = 'holds' | 'differs' | 'never happens' | 'left out';

/** A published stop, a computed one, or both side by side. */
export interface ComparedStep {
  readonly published?: string;
  readonly computed?: Stop;
  readonly verdict: StepVerdict;
  readonly reason: SaidUnmet | null;
}

/** A published stop, read. */
export type Claim =
  | { readonly kind: 'hook'; readonly hook: string }
  | { readonly kind: 'chain'; readonly chain: string; readonly position: number | null }
  | { readonly kind: 'envoy'; readonly port: number }
  | { readonly kind: 'party'; readonly place: 'network' | 'process' };

/** The published stops beside those of the journey, in order; every stop of both is in one of the steps. */
export function comparePublished(published: Published, journey: Journey): readonly ComparedStep[] {
  const claims = published.stops.map((text) => ({ text, claim: readStop(text) }));
  const stops = comparedStops(published, journey);
  const pairs = align(
    claims.map(({ claim }) => claim),
    stops,
  );
  let last: Stop | undefined = stops[0];
  return pairs.map(([at, number]): ComparedStep => {
    const said = at === null ? undefined : claims[at];
    const computed = number === null ? undefined : stops[number];
    last = computed ?? last;
    if (said === undefined) {
      return {
        ...(computed === undefined ? {} : { computed }),
        verdict: 'left out',
        reason: reasonOf(journey, computed),
      };
    }
    if (computed === undefined) {
      return { published: said.text, verdict: 'never happens', reason: whyNever(journey, said.claim, last) };
    }
    const holds = score(said.claim, computed) === same;
    return {
      published: said.text,
      computed,
      verdict: holds ? 'holds' : 'differs',
      reason: holds ? null : whyNever(journey, said.claim, computed),
    };
  });
}

/** True where every published stop is met, in order. */
export function publishedHolds(steps: readonly ComparedStep[]): boolean {
  return steps.every(({ verdict }) => verdict === 'holds' || verdict === 'left out');
}

/** True where the handbook has the options that the publication speaks of: the defaults. */
export function isPublishedSetting(): boolean {
  return Object.keys(handbookSetting.options).length === 0;
}

/** A scenario's journey with the handbook's release and the options that the publication speaks of. */
export function publishedJourney({ request }: Scenario): Journey {
  return journey(podUnder({ release: handbookSetting.release, options: {} }), request);
}

/** Whether what has been published about a scenario is met there; undefined where nothing was. */
export function publishedVerdict(scenario: Scenario): 'holds' | 'errs' | undefined {
  if (scenario.published === undefined) return undefined;
  return publishedHolds(comparePublished(scenario.published, publishedJourney(scenario))) ? 'holds' : 'errs';
}

/** How many of the published paths hold, or err, with the handbook's release; a text is what is wrong. */
export function publishedCount(verdict: string): number | string {
  const verdicts = ['holds', 'errs'];
  if (!verdicts.includes(verdict)) return unknown('verdict', verdict, verdicts);
  return scenarios.filter((scenario) => publishedVerdict(scenario) === verdict).length;
}

/** The stops that the publication speaks of. A process that takes a connection and dials on is one stop. */
function comparedStops({ legs, replies }: Published, journey: Journey): readonly Stop[] {
  const lines = stopLines(journey, { replies: replies === true });
  const spoken = lines.filter((line) => (line[0]?.leg ?? 0) < (legs ?? journey.legs.length)).flat();
  return spoken.filter((stop, at) => {
    const before = spoken[at - 1];
    const dialsOn = before !== undefined && isParty(before) && isParty(stop) && before.name === stop.name;
    return !(dialsOn && stop.event === 0);
  });
}

export function readStop(text: string): Claim {
  const chain = /^(ISTIO_\w+)(?: (\d+))?$/.exec(text);
  if (chain !== null) {
    return {
      kind: 'chain',
      chain: chain[1] as string,
      position: chain[2] === undefined ? null : Number(chain[2]),
    };
  }
  if ((hooks as readonly string[]).includes(text)) return { kind: 'hook', hook: text };
  const port = /^Envoy (\d+)$/.exec(text);
  if (port !== null) return { kind: 'envoy', port: Number(port[1]) };
  return { kind: 'party', place: /^(Remote|Prometheus|Istiod)/.test(text) ? 'network' : 'process' };
}

const same = 3;

/** How well a published stop fits a computed one: `same`, the same chain with another rule, or nothing. */
function score(claim: Claim, stop: Stop): number {
  switch (claim.kind) {
    case 'hook':
      return stop.kind === 'hook' && stop.hook === claim.hook ? same : 0;
    case 'chain':
      if (stop.kind !== 'chain' || stop.chain !== claim.chain) return 0;
      return claim.position === null || claim.position === stop.position ? same : 1;
    case 'envoy':
      return stop.kind === 'envoy' && stop.port === claim.port ? same : 0;
    case 'party':
      if (!isParty(stop)) return 0;
      return (stop.kind === 'network') === (claim.place === 'network') ? same : 0;
  }
}

type Pair = readonly [claim: number | null, stop: number | null];

/** The alignment with the highest score, in which both keep their order. */
function align(claims: readonly Claim[], stops: readonly Stop[]): readonly Pair[] {
  const best = Array.from({ length: claims.length + 1 }, () => new Array<number>(stops.length + 1).fill(0));
  const at = (i: number, j: number) => best[i]?.[j] ?? 0;
  for (let i = claims.length - 1; i >= 0; i--) {
    for (let j = stops.length - 1; j >= 0; j--) {
      const fit = score(claims[i] as Claim, stops[j] as Stop);
      (best[i] as number[])[j] = Math.max(at(i + 1, j), at(i, j + 1), fit === 0 ? 0 : fit + at(i + 1, j + 1));
    }
  }
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < claims.length || j < stops.length) {
    const fit = i < claims.length && j < stops.length ? score(claims[i] as Claim, stops[j] as Stop) : 0;
    if (fit > 0 && at(i, j) === fit + at(i + 1, j + 1)) pairs.push([i++, j++]);
    else if (i < claims.length && (j >= stops.length || at(i, j) === at(i + 1, j))) pairs.push([i++, null]);
    else pairs.push([null, j++]);
  }
  return pairs;
}

function reasonOf(journey: Journey, stop: Stop | undefined): SaidUnmet | null {
  const event = stop === undefined ? undefined : eventsAt(journey, stop)[stop.event];
  return event?.kind === 'rule' ? { code: 'rule', event } : null;
}

function eventsAt({ legs }: Journey, { leg, passage }: Stop): readonly Event[] {
  return legs[leg]?.passages[passage]?.traversal.events ?? [];
}

/** Why a published stop is not met where it would have to be: by the packet that was on its way there. */
function whyNever(journey: Journey, claim: Claim, near: Stop | undefined): SaidUnmet | null {
  if (near === undefined) return null;
  const events = eventsAt(journey, near);
  if (claim.kind !== 'chain') return whyNoParty(journey, claim, near);
  const tested = events.find(
    (event): event is RuleEvent =>
      event.kind === 'rule' && event.chain === claim.chain && event.position === claim.position,
  );
  if (tested !== undefined) return { code: 'does not match', event: tested };
  const decided = events.find(
    (event): event is RuleEvent =>
      event.kind === 'rule' && event.chain === claim.chain && event.matched === true && event.table === 'nat',
  );
  if (decided !== undefined) return { code: 'decides before', event: decided };
  const hook = 'hook' in near ? near.hook : undefined;
  const skipped = events.find(
    (event) => event.kind === 'skip' && (hook === undefined || event.hook === hook),
  );
  if (skipped?.kind === 'skip') return { code: 'never asked', event: skipped };
  return { code: 'no packet there' };
}

function whyNoParty({ legs }: Journey, claim: Claim, near: Stop): SaidUnmet | null {
  const leg = legs[near.leg];
  if (leg === undefined) return null;
  if (claim.kind === 'envoy') {
    const rule = decisiveRule(leg.passages[near.passage]?.traversal.events ?? []);
    return { code: 'no connection there', event: rule };
  }
  return near.passage > 0
    ? { code: 'answer elsewhere', client: leg.client }
    : { code: 'no connection there', event: null };
}
