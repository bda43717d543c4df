/**
 * The published paths of the six types on pasted rules: for which packets each is taken, of all that open a connection,
 * or the first stop that none comes to; beside the same on the rules as Istio means them.
 */
import { type Survey, survey } from '../../analysis/index.ts';
import { allPlaces, roleAt, rulesFor, type SidecarRules } from '../../istio/index.ts';
import { findChain, printRule, type Ruleset } from '../../netfilter/index.ts';
import {
  packetExampleWords,
  pathMeantWords,
  pathVerdictWords,
  placingWords,
  publishedPathsSummary,
  type SaidPath,
  type SaidPlacing,
  takersWords,
} from '../../words/index.ts';
import { type Bound, bind } from '../scenarios/bind.ts';
import { readStop } from '../scenarios/published.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { handbookSetting, type Setting } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';
import {
  type Placing,
  pathVerdict,
  publishedLegs,
  senderOf,
  takersOfLeg,
  textPlaced,
} from '../tables/index.ts';
import { mostWaysOf } from './all-packets.ts';
import type { Inspected } from './inspection.ts';
import { asIstioMeansIt } from './pod.ts';

/** All that is shown of them, in words. */
export interface ShownPaths {
  readonly summary: string;
  readonly paths: readonly ShownPath[];
  /** Rules that a path names by a position which they do not have here. */
  readonly placings: readonly string[];
}

export interface ShownPath {
  readonly scenario: string;
  readonly title: string;
  readonly verdict: SaidPath['verdict'];
  /** `ends before ISTIO_OUTPUT 8` */
  readonly answer: string;
  /** As it was published, stop by stop, with the positions that its rules have here. */
  readonly stops: readonly string[];
  /** Part by part: for whom it is taken, or what takes the last of them. */
  readonly says: readonly string[];
  /** A packet of each part that is taken. */
  readonly examples: readonly string[];
  /** What Istio's own rules answer; null where it is the same. */
  readonly meant: string | null;
}

/** Only asked where `Inspection.asksPaths` says so: of a sidecar's whole rules. */
export function publishedPathsOn({ pod, inspection: { expected } }: Inspected): ShownPaths {
  const placing = placingIn(pod.rulesets?.v4, expected);
  const here = pathsOn(pod, placing);
  const meant = pathsOn(asIstioMeansIt(pod, expected), placingIn(undefined, expected));
  const { release } = expected;
  return {
    summary: publishedPathsSummary(here, meant, release),
    placings: placings(pod, placing).map(placingWords),
    paths: here.map((path, at) => {
      const { scenario, title, stops, verdict, legs } = path;
      return {
        scenario,
        title,
        verdict,
        answer: pathVerdictWords(path),
        stops,
        says: legs.flatMap(takersWords),
        examples: legs.flatMap(({ own, others }) =>
          [own, others].flatMap((takers) =>
            (takers?.packets ?? []).slice(0, 1).map(({ example }) => packetExampleWords(example)),
          ),
        ),
        meant: pathMeantWords(path, meant[at], release),
      };
    }),
  };
}

interface AnsweredPath extends SaidPath {
  readonly scenario: string;
  readonly title: string;
  readonly stops: readonly string[];
}

function pathsOn(real: RealPod, placing: Placing): readonly AnsweredPath[] {
  let found: Survey | null = null;
  return scenarios.flatMap((scenario): readonly AnsweredPath[] => {
    const { name, title, type, published } = scenario;
    if (published === undefined) return [];
    const { pod, journey } = bind(scenario, {}, real);
    // All types are asked of the same pod, whose ways are gone through once.
    found ??= surveyOfPod(pod);
    const sender = senderOf(journey);
    const proxy = pod.processes.find((one) => one.name === 'Envoy');
    const ways = found;
    const legs = publishedLegs(published, pod, placing).map((leg) => takersOfLeg(ways, sender, leg, proxy));
    const stops = published.stops.map((text) => textPlaced(text, readStop(text), placing));
    return [{ scenario: name, title, type, stops, verdict: pathVerdict(legs), legs }];
  });
}

function surveyOfPod({ host, workload }: Bound['pod']): Survey {
  const destinations = workload.addresses.map((address) => address.split('/')[0] as string);
  return survey(host, { destinations, most: mostWaysOf(host) });
}

/** A rule that stands elsewhere here, or nowhere. */
function placings({ rulesets: { v4 } = {} }: RealPod, placing: Placing): readonly SaidPlacing[] {
  const stops = [...new Set(scenarios.flatMap(({ published }) => published?.stops ?? []))].sort();
  return stops.flatMap((stop): readonly SaidPlacing[] => {
    const claim = readStop(stop);
    if (claim.kind !== 'chain' || claim.position === null) return [];
    const { chain, position } = claim;
    const here = placing(chain, position);
    const rule =
      here === null || v4 === undefined ? ruleOf(spokenOf().v4, chain, position) : ruleOf(v4, chain, here);
    return here === position || rule === null ? [] : [{ chain, published: position, here, rule }];
  });
}

/** What has been published speaks of the default options. */
function spokenOf(): SidecarRules {
  return rulesFor(handbookSetting.release, {});
}

/** By what a rule is for: which that is by position is known of Istio's own rules, and here it is found by its text. */
function placingIn(here: Ruleset | undefined, { release, options }: Setting): Placing {
  const [published, meant] = [spokenOf(), rulesFor(release, options)];
  const own = here ?? meant.v4;
  return (chain, position) => {
    const role = roleAt(published, { family: 'v4', table: 'nat', chain, position })?.role;
    const rules = findChain(own, 'nat', chain)?.rules.map((rule) => printRule('v4', rule)) ?? [];
    for (const placed of allPlaces(meant)) {
      if (placed.role !== role || placed.family !== 'v4' || placed.chain !== chain) continue;
      const at = rules.indexOf(ruleOf(meant.v4, chain, placed.position) ?? '');
      if (at >= 0) return at + 1;
    }
    return null;
  };
}

/** The positions that published paths name are of nat. */
function ruleOf(ruleset: Ruleset, chain: string, position: number): string | null {
  const rule = findChain(ruleset, 'nat', chain)?.rules[position - 1];
  return rule === undefined ? null : printRule(ruleset.family, rule);
}
