/** The claims that stand in prose as tags: each names something that must be there as the handbook is set. */

import { isAmbientRole, isOptionName, optionNames } from '../../istio/index.ts';
import { settingOf } from '../scenarios/bind.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { publishedCount, publishedVerdict } from '../scenarios/published.ts';
import { isAmbientScenario, shownScenarioNamed, shownScenarios } from '../scenarios/shown.ts';
import { allScenarios, scenarioNamed } from '../scenarios/traffic.ts';
import { factNamed } from './facts.ts';
import {
  chainNamed,
  listenerNamed,
  markNamed,
  milestone,
  optionSetter,
  placeOfAmbientRole,
  placeOfRole,
  portNumbered,
} from './names.ts';
import type { Attribute, PageText, Tag } from './page-text.ts';
import { type ClaimProblem, problemAt } from './problem.ts';

/** What is wrong with a value, or null. */
type Check = (value: string, tag: Tag) => string | null;

const wrong = (found: object | number | string): string | null => (typeof found === 'string' ? found : null);

function scenario(name: string): string | null {
  return scenarioNamed(name) === undefined
    ? unknown(
        'scenario',
        name,
        allScenarios.map((one) => one.name),
      )
    : null;
}

/** One of ambient mode, too. */
function shownScenario(name: string): string | null {
  return shownScenarioNamed(name) === undefined
    ? unknown(
        'scenario',
        name,
        shownScenarios.map((one) => one.name),
      )
    : null;
}

function verdict(says: string, { attributes }: Tag): string | null {
  const name = attributes.find((one) => one.name === 'scenario')?.value ?? '';
  const found = scenarioNamed(name);
  if (found === undefined) return null;
  const is = publishedVerdict(found);
  if (is === undefined) return `found a verdict on scenario "${name}", of which nothing has been published`;
  return is === says ? null : `found verdict "${says}"; the published path of scenario ${name} ${is}`;
}

/** A rule as the handbook is set, or as the scenario is that the tag names. */
function ruleOf(role: string, { attributes }: Tag): string | null {
  const told = shownScenarioNamed(attributes.find((one) => one.name === 'scenario')?.value ?? '');
  if (isAmbientRole(role)) return wrong(placeOfAmbientRole(role, told));
  if (told !== undefined && isAmbientScenario(told))
    return `found role "${role}" of a sidecar's pod in a scenario of ambient mode`;
  return wrong(placeOfRole(role, told === undefined ? {} : { setting: settingOf(told) }));
}

/**
 * By tag, the attributes that are claims; one with a `?` need not be there. A kind of claim is an entry here, and a
 * component of its name in `components/prose`.
 */
const claims: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  Rule: { role: ruleOf, 'scenario?': shownScenario },
  Port: {
    number: (number) => wrong(portNumbered(Number(number))),
    'of?': (name, { attributes }) =>
      wrong(listenerNamed(name, Number(attributes.find((one) => one.name === 'number')?.value))),
  },
  Chain: { name: (name) => wrong(chainNamed(name)) },
  Count: {
    'chain?': (name) => wrong(chainNamed(name)),
    'published?': (verdict) => wrong(publishedCount(verdict)),
  },
  Mark: { 'of?': (name) => wrong(markNamed(name)) },
  Uid: {
    'of?': (name) => (['proxy', 'app'].includes(name) ? null : unknown('process', name, ['proxy', 'app'])),
  },
  Release: { 'with?': (name) => wrong(milestone(name)) },
  Option: { name: (name) => wrong(optionSetter(name)) },
  OptionEntry: { name: (name) => (isOptionName(name) ? null : unknown('option', name, optionNames)) },
  Verdict: { scenario, says: verdict },
  Fact: { is: (id) => wrong(factNamed(id)) },
  Unchecked: {
    because: (reason) =>
      reason.trim().length < 10 ? 'found <Unchecked> without a reason that says why' : null,
  },
};

/** Around the text that it speaks of; the others show something by themselves. */
const around: ReadonlySet<string> = new Set(['Unchecked']);

/** The components that show a scenario. */
const shows = /^Scenario[A-Z]/;
/** Those of them that show one of ambient mode, too. */
const showsBoth: ReadonlySet<string> = new Set(['ScenarioDiagram', 'ScenarioRules', 'ScenarioSimulator']);

/** Whether the attributes of a tag of this name are claims, or names that must be there. */
export function isClaimTag(name: string): boolean {
  return Object.hasOwn(claims, name) || shows.test(name);
}

/** Whether a claim stands around text, instead of showing something by itself. */
export function standsAround(name: string): boolean {
  return around.has(name);
}

export function isClaim({ name }: Tag): boolean {
  return isClaimTag(name);
}

export function checkTags(file: string, { tags }: PageText): readonly ClaimProblem[] {
  return tags.filter(isClaim).flatMap((tag) => {
    if (tag.name === 'Count' && tag.attributes.length !== 1) {
      return [problemAt(file, tag, 'found <Count>, which counts one thing: chain="…" or published="holds"')];
    }
    const own = Object.hasOwn(claims, tag.name) ? claims[tag.name] : undefined;
    const checks = own ?? { scenario: showsBoth.has(tag.name) ? shownScenario : scenario };
    return Object.entries(checks).flatMap(([key, check]) => checkAttribute(file, tag, key, check));
  });
}

function checkAttribute(file: string, tag: Tag, key: string, check: Check): readonly ClaimProblem[] {
  const name = key.replace('?', '');
  const attribute: Attribute | undefined = tag.attributes.find((one) => one.name === name);
  if (attribute === undefined) {
    return name === key ? [problemAt(file, tag, `found <${tag.name}> without ${name}`)] : [];
  }
  if (attribute.value === null) {
    return [
      problemAt(file, attribute, `found an expression as ${name} of <${tag.name}>`, [
        'Write the value itself, so that it can be checked here.',
      ]),
    ];
  }
  const found = check(attribute.value, tag);
  return found === null ? [] : [problemAt(file, attribute, found)];
}
