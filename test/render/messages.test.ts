/** What a diagram draws: every matched rule and every rewriting once, in order, read back out of the drawing. */
import { describe, expect, test } from 'vitest';
import { allScenarios, bind } from '../../src/handbook/scenarios/index.ts';
import type { Journey } from '../../src/journey/index.ts';
import { type Event, isBuiltIn } from '../../src/netfilter/index.ts';
import {
  type Level,
  lifelines,
  type Message,
  mermaid,
  messages,
  shownMermaidText,
} from '../../src/render/index.ts';
import { drawDiagram, textsOf } from '../../src/site/drawing/index.ts';
import { lifelineName, messageWords, ruleName } from '../../src/words/index.ts';

const walked = allScenarios.flatMap((scenario) =>
  [{ title: 'as it is', change: {} }, ...scenario.experiments].map(({ title, change }) => ({
    name: `${scenario.name}, ${title}`,
    isPlain: title === 'as it is',
    journey: bind(scenario, change).journey,
  })),
);
const levels: readonly Level[] = ['overview', 'detail'];

interface Placed {
  readonly leg: number;
  readonly passage: number;
  readonly index: number;
  readonly event: Event;
}

/** All events of the packets that are shown. */
function eventsOf({ legs }: Journey, replies: boolean): readonly Placed[] {
  return legs.flatMap(({ passages }, leg) =>
    passages.flatMap(({ direction, traversal }, passage) =>
      direction === 'request' || replies
        ? traversal.events.map((event, index) => ({ leg, passage, index, event }))
        : [],
    ),
  );
}

function at(all: readonly Message[], { leg, passage, index }: Placed): readonly Message[] {
  return all.filter((one) => one.leg === leg && one.passage === passage && one.event === index);
}

describe.each(levels)('the %s', (level) => {
  test.each(walked.map(({ name, journey }) => [name, journey] as const))(
    'of %s is complete',
    (_name, journey) => {
      for (const replies of [false, true]) {
        const all = messages(journey, level, { replies });
        const events = eventsOf(journey, replies);
        for (const placed of events) {
          const { event } = placed;
          const here = at(all, placed);
          if (event.kind === 'rewrite') {
            expect(here).toHaveLength(1);
            expect(here[0]?.kind).toBe('note');
          }
          if (event.kind === 'rule' && event.matched === true) {
            const jumps = event.verdict?.kind === 'jump' && isBuiltIn(event.table, event.chain);
            // The overview leaves out the jump from a hook into Istio's chain: the rule in there says it.
            const shown = level === 'detail' || !jumps;
            const said = here.filter((message) =>
              messageWords(journey, message).text.startsWith(`${ruleName(event)}: `),
            );
            expect(said, `${ruleName(event)}`).toHaveLength(shown ? 1 : 0);
          }
          if (event.kind === 'outcome') expect(here).toHaveLength(1);
        }
        const order = all.map(({ leg, passage, event }) => [leg, passage, event] as const);
        expect(order).toEqual([...order].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]));
      }
    },
  );
});

test.each(walked.map(({ name, journey }) => [name, journey] as const))(
  'the overview of %s has at most 5 lifelines',
  (_name, journey) => {
    expect(lifelines(messages(journey, 'overview', { replies: true })).length).toBeLessThanOrEqual(5);
  },
);

describe.each(levels)('the drawn %s', (level) => {
  test.each(walked.filter(({ isPlain }) => isPlain).map(({ name, journey }) => [name, journey] as const))(
    'of %s has each message once, in order',
    async (_name, journey) => {
      const all = messages(journey, level);
      const { svg } = await drawDiagram(mermaid(journey, level), {
        id: 'drawn',
        title: 'A path',
        description: 'A path.',
      });
      const drawn = textsOf(svg).filter(({ kind }) => kind === 'message' || kind === 'note');
      expect(drawn.map(({ kind, text }) => `${kind} ${text}`)).toEqual(
        all.map((message) => `${message.kind} ${shownMermaidText(messageWords(journey, message).text)}`),
      );
      const actors = textsOf(svg).filter(({ kind }) => kind === 'actor');
      expect(actors.map(({ text }) => text).slice(0, lifelines(all).length)).toEqual(
        lifelines(all).map(lifelineName),
      );
    },
    60_000,
  );
});
