/** Conditions of a route. */
import { get, header, type Sketch, whether, withA } from './sketch.ts';

export const routeCases: readonly Sketch[] = [
  whether(
    'range of a header',
    header({ range_match: { start: 1, end: 5 } }),
    ...withA('1', '0', '4', '5', '-1', '+1', '1.5', '', 'x', ' 3 ', '03', null, ['2', '9'], ['9', '2']),
  ),
  whether(
    'range of a header, from below nothing',
    header({ range_match: { start: -3, end: 0 } }),
    ...withA('-3', '-4', '-1', '0', '-0'),
  ),
  whether(
    'range of a header, inverted',
    header({ range_match: { start: 1, end: 5 }, invert_match: true }),
    ...withA('1', '7', null, ['2', '9'], ['8', '9']),
  ),
  whether('a header is there', header({ present_match: true }), ...withA('', 'x', null)),
  whether('a header is not there', header({ present_match: false }), ...withA('', 'x', null)),
  whether(
    'a header is there, inverted',
    header({ present_match: true, invert_match: true }),
    ...withA('', 'x', null),
  ),
  whether(
    'a header is there, missing is empty',
    header({ present_match: true, treat_missing_header_as_empty: true }),
    ...withA('', 'x', null),
  ),
  whether(
    'missing is empty',
    header({ string_match: { exact: '' }, treat_missing_header_as_empty: true }),
    ...withA('', 'x', null),
  ),
  whether(
    'missing is empty, inverted',
    header({ string_match: { exact: '' }, treat_missing_header_as_empty: true, invert_match: true }),
    ...withA('', 'x', null),
  ),
  whether(
    'exact, in any case',
    header({ string_match: { exact: 'One', ignore_case: true } }),
    ...withA('one', 'ONE', 'on', 'onee'),
  ),
  whether(
    'exact, in its case',
    header({ string_match: { exact: 'One' } }),
    ...withA('one', 'One', ['One', 'two'], ['two', 'One']),
  ),
  whether('prefix', header({ string_match: { prefix: 'On' } }), ...withA('One', 'one', 'xOn', 'On')),
  whether('suffix', header({ string_match: { suffix: 'ne' } }), ...withA('One', 'onex', 'ne', 'NE')),
  whether('contains', header({ string_match: { contains: 'n' } }), ...withA('One', 'oN', 'n')),
  whether(
    'regular expression',
    header({ string_match: { safe_regex: { regex: 'a|bc' } } }),
    ...withA('a', 'bc', 'abc', 'ac', 'A'),
  ),
  whether(
    'regular expression with a flag',
    header({ string_match: { safe_regex: { regex: '(?i)a|bc' } } }),
    ...withA('A', 'BC', 'abc'),
  ),
  whether(
    'the method',
    header({ string_match: { exact: 'POST' } }, ':method'),
    get('/'),
    get('/', 'a.example', {}, 'POST'),
  ),
  whether(
    'the path, with its query',
    header({ string_match: { suffix: 'x=1' } }, ':path'),
    get('/'),
    get('/?x=1'),
  ),
  whether(
    'the authority',
    header({ string_match: { exact: 'a.example' } }, ':authority'),
    get('/'),
    get('/', 'A.example'),
    get('/', 'b.test'),
  ),
  whether(
    'a query’s value',
    { prefix: '/', query_parameters: [{ name: 'x', string_match: { exact: '1' } }] },
    ...[
      '/',
      '/?x',
      '/?x=',
      '/?x=1',
      '/?x=2&x=1',
      '/?x=1&x=2',
      '/?y=1&x=1',
      '/?x=1=2',
      '/?X=1',
      '/?&x=1',
      '/#?x=1',
    ].map((path) => get(path)),
  ),
  whether(
    'a query is there',
    { prefix: '/', query_parameters: [{ name: 'x', present_match: true }] },
    ...['/', '/?x', '/?x=', '/?xy', '/?y&x'].map((path) => get(path)),
  ),
  whether(
    'a query is not there',
    { prefix: '/', query_parameters: [{ name: 'x', present_match: false }] },
    ...['/', '/?x', '/?y'].map((path) => get(path)),
  ),
  whether(
    'a query by the end of its value',
    { prefix: '/', query_parameters: [{ name: 'x', string_match: { suffix: 'a' } }] },
    ...['/', '/?x=a', '/?x=ab', '/?x=ba'].map((path) => get(path)),
  ),
  whether('path', { path: '/a' }, ...['/a', '/A', '/a/', '/ab', '/a?x', '/'].map((path) => get(path))),
  whether(
    'path in any case',
    { path: '/Ab', case_sensitive: false },
    ...['/ab', '/AB', '/abc'].map((path) => get(path)),
  ),
  whether(
    'path in its case',
    { path: '/Ab', case_sensitive: true },
    ...['/ab', '/Ab'].map((path) => get(path)),
  ),
  whether(
    'prefix in any case',
    { prefix: '/Ab', case_sensitive: false },
    ...['/abc', '/ABc', '/xab'].map((path) => get(path)),
  ),
  whether('prefix in its case', { prefix: '/Ab' }, ...['/abc', '/Abc'].map((path) => get(path))),
  whether(
    'segments',
    { path_separated_prefix: '/a' },
    ...['/a', '/a/', '/a/b', '/ab', '/A', '/a?x', '/x/a'].map((path) => get(path)),
  ),
  whether(
    'segments in any case',
    { path_separated_prefix: '/aB', case_sensitive: false },
    ...['/AB/x', '/ab', '/abx'].map((path) => get(path)),
  ),
  whether(
    'path by a regular expression',
    { safe_regex: { regex: '/a.c?' } },
    ...['/abc', '/ab', '/abcd', '/ABC', '/ab?c'].map((path) => get(path)),
  ),
  whether(
    'path by a regular expression keeps its case',
    { safe_regex: { regex: '/ab' }, case_sensitive: false },
    ...['/AB', '/ab'].map((path) => get(path)),
  ),
  whether(
    'two conditions',
    {
      prefix: '/a',
      headers: [{ name: 'x-a', present_match: true }],
      query_parameters: [{ name: 'q', present_match: true }],
    },
    get('/a?q', 'a.example', { 'x-a': '1' }),
    get('/a?q'),
    get('/a', 'a.example', { 'x-a': '1' }),
    get('/b?q', 'a.example', { 'x-a': '1' }),
  ),
];
