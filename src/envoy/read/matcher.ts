/** Match trees: xds/type/matcher/v3/matcher.proto, ip.proto. */
import {
  type Matcher,
  type MatcherInput,
  type MatcherPredicate,
  matcherInputs,
  type OnMatch,
} from '../model/matcher.ts';
import { fieldsOf, isMessage, type MessageFields, typedConfigOf } from './fields.ts';
import { readPrefixes } from './places.ts';
import { readStringMatch } from './routes.ts';

export function readMatcher(fields: MessageFields): Matcher {
  const none = fields.message('on_no_match');
  const noMatch = none === null ? null : readOnMatch(none);
  const list = fields.message('matcher_list');
  if (list !== null)
    return {
      kind: 'list',
      matchers: list.messages('matchers').map((one) => ({
        predicate: readPredicate(one.inner('predicate')),
        onMatch: readOnMatch(one.inner('on_match')),
      })),
      noMatch,
    };
  const tree = fields.inner('matcher_tree');
  const input = readInput(tree.inner('input'));
  for (const kind of ['exact', 'prefix'] as const) {
    const map = tree.message(`${kind}_match_map`);
    if (map !== null) return { kind, input, map: readMap(map), noMatch };
  }
  const custom = tree.inner('custom_match');
  const ranges = typedConfigOf(custom).messages('range_matchers');
  if (ranges.length === 0) return { kind: 'other', name: custom.text('name') || 'matcher_tree' };
  return {
    kind: 'ranges',
    input,
    ranges: ranges.map((one) => ({
      prefixes: readPrefixes(one, 'ranges'),
      onMatch: readOnMatch(one.inner('on_match')),
      exclusive: one.truth('exclusive'),
    })),
    noMatch,
  };
}

function readMap(fields: MessageFields): ReadonlyMap<string, OnMatch> {
  const map = fields.get('map');
  const entries = isMessage(map) ? Object.entries(map) : [];
  return new Map(
    entries.map(([key, value]) => [key, readOnMatch(fieldsOf(fields.reading, value, key, fields))]),
  );
}

/** The name of a chain, as google.protobuf.StringValue. */
function readOnMatch(fields: MessageFields): OnMatch {
  const matcher = fields.message('matcher');
  const action = fields.message('action');
  // In a listener it closes the connection: Envoy 1.38 and 1.39 do, asked.
  if (fields.truth('keep_matching')) return { kind: 'other', name: 'keep_matching' };
  if (matcher !== null) return { kind: 'matcher', matcher: readMatcher(matcher) };
  const name = action === null ? '' : typedConfigOf(action).text('value');
  return name === '' ? { kind: 'other', name: 'action' } : { kind: 'chain', name };
}

function readInput(fields: MessageFields): MatcherInput {
  const type = typedConfigOf(fields).text('@type').split('.').at(-1);
  const kind = matcherInputs.find((one) => one === type);
  return kind === undefined ? { kind: 'other', name: fields.text('name') } : { kind };
}

function readPredicate(fields: MessageFields): MatcherPredicate {
  const single = fields.message('single_predicate');
  if (single !== null) {
    const value = single.message('value_match');
    if (value === null) return { kind: 'other', name: 'custom_match' };
    return { kind: 'single', input: readInput(single.inner('input')), value: readStringMatch(value) };
  }
  for (const kind of ['and', 'or'] as const) {
    const several = fields.message(`${kind}_matcher`);
    if (several !== null) return { kind, all: several.messages('predicate').map(readPredicate) };
  }
  const not = fields.message('not_matcher');
  return not === null ? { kind: 'other', name: 'predicate' } : { kind: 'not', of: readPredicate(not) };
}
