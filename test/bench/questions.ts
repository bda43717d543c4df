/** What all questions about a whole ruleset cost, in readings of it: every way, each rule's packets, dead rules, holes. */
import { bypass, deadRules, reach, type Survey, survey } from '../../src/analysis/index.ts';
import { portOf } from '../../src/istio/index.ts';
import { podOf } from '../../src/journey/index.ts';
import { type Host, parseRuleset, printRuleset } from '../../src/netfilter/index.ts';

/** Milliseconds of the processor: unlike the clock's, they do not count what others do on the machine. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function shortest(rounds: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = processorTime();
    work();
    best = Math.min(best, processorTime() - start);
  }
  return best;
}

const ports = { inbound: portOf('envoy-inbound'), outbound: portOf('envoy-outbound') };

/** In readings of the ruleset's text. */
export interface QuestionCosts {
  /** Every way of every first packet. */
  readonly survey: number;
  readonly dead: number;
  readonly bypass: number;
  /** Who comes to each rule, of a long ruleset to each of fifty, and who matches it. */
  readonly reach: number;
  readonly all: number;
  readonly ways: number;
}

/** Of a long ruleset the packets of so many rules are asked for, from all over it: each comes to all that are behind it. */
const mostReached = 50;

function measure(host: Host, text: string, rounds: number, readings: number): QuestionCosts {
  const every = (host.rulesets.v4?.tables ?? []).flatMap(({ name, chains }) =>
    chains.flatMap((chain) =>
      chain.rules.map((_, at) => ({
        family: 'v4' as const,
        table: name,
        chain: chain.name,
        position: at + 1,
      })),
    ),
  );
  const step = Math.max(1, Math.ceil(every.length / mostReached));
  const rules = every.filter((_, at) => at % step === 0);
  const ask = () => survey(host);
  const reading =
    shortest(10, () => {
      for (let again = 0; again < readings; again++) parseRuleset(text, 'v4');
    }) / readings;
  const costs = { survey: Number.POSITIVE_INFINITY, dead: 0, bypass: 0, reach: 0, all: 0, ways: 0 };
  let best: QuestionCosts = { ...costs, all: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    // Each is found once for a survey.
    let found: Survey = { host, families: [], ways: [], isWhole: false, open: [] };
    const once = (work: () => void) => shortest(1, work) / reading;
    const now = {
      survey: once(() => {
        found = ask();
      }),
      dead: once(() => deadRules(found)),
      bypass: once(() => bypass(found, ports)),
      reach: once(() => {
        for (const rule of rules) reach(found, rule);
      }),
    };
    if (!found.isWhole) throw new Error('there are more ways than are gone through');
    const all = now.survey + now.dead + now.bypass + now.reach;
    if (all < best.all) best = { ...now, all, ways: found.ways.length };
  }
  return best;
}

export function measureSidecarQuestions(): QuestionCosts {
  const { host } = podOf(
    '1.31',
    {},
    {
      addresses: ['10.244.1.5/24'],
      uid: 1000,
      gid: 1000,
      ports: [{ port: 8080 }],
      services: [],
      outboundTrafficPolicy: 'ALLOW_ANY',
    },
  );
  const { v4 } = host.rulesets;
  if (v4 === undefined) throw new Error('a sidecar has rules of IPv4');
  return measure(host, printRuleset(v4), 40, 100);
}

export function measureNodeQuestions(host: Host, text: string): QuestionCosts {
  return measure(host, text, 1, 3);
}
