/**
 * The JSON Schemas (draft 2020-12) of what the commands print with `--json`. Objects are open: an answer grows, and a
 * field keeps its meaning; where one has to change, the version does.
 */
import { envoyOrigins } from '../analysis/envoy/index.ts';
import { kinds } from '../analysis/index.ts';
import { traceSchema } from '../render/index.ts';
import { checkVersion } from './check/check.ts';
import { checkRules } from './check/rules.ts';
import { diffVersion } from './diff.ts';
import { inspectVersion } from './inspect.ts';
import { pathVersion } from './path.ts';
import { rulesVersion } from './rules.ts';
import { walkVersion } from './walk.ts';

const text = { type: 'string' } as const;
const number = { type: 'integer' } as const;
const yesOrNo = { type: 'boolean' } as const;
const anything = { type: 'object' } as const;
const list = (items: object) => ({ type: 'array', items });
const orNull = (type: string) => ({ type: [type, 'null'] });
const among = (values: readonly string[]) => ({ enum: values });

function fields(required: Readonly<Record<string, object>>) {
  return { type: 'object', required: Object.keys(required), properties: required };
}

function answer(command: string, version: number, required: Readonly<Record<string, object>>) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `What sidetrack ${command} --json prints`,
    ...fields({
      schema: { const: `sidetrack ${command}` },
      version: { const: version },
      exit: { enum: [0, 1, 3] },
      ...required,
    }),
  };
}

const { $defs: definitions, $schema: _, title: __, ...trace } = traceSchema;
const rows = list({ type: 'object', required: ['kind'] });
const comparison = {
  a: text,
  b: text,
  differing: number,
  chains: list(fields({ family: among(['v4', 'v6']), table: text, chain: text, rows })),
  walked: number,
  moved: number,
  different: number,
  otherwise: number,
  open: number,
  connections: list(
    fields({
      connection: text,
      request: anything,
      difference: text,
      outcomes: list(text),
      a: list(text),
      b: list(text),
    }),
  ),
  packets: fields({
    isAll: yesOrNo,
    because: orNull('string'),
    cases: list(
      fields({
        family: among(['v4', 'v6']),
        difference: among(['ends otherwise', 'goes otherwise', 'cannot tell']),
        where: text,
        sets: list(text),
        conditions: list(list(fields({ field: text, is: among(['one of', 'any but']), values: list(text) }))),
        example: anything,
        outcomes: list(text),
        rules: list({ type: ['object', 'null'] }),
        isExact: yesOrNo,
      }),
    ),
  }),
};

const finding = fields({
  id: text,
  weight: among(['wrong', 'doubtful', 'note']),
  says: text,
  fix: text,
  page: text,
  data: anything,
});

const problem = fields({ line: number, column: number, found: text, expected: text, fix: text });

/** Of what Envoy was told; null of a part that the text does not have. */
const counts = fields({
  listeners: orNull('integer'),
  clusters: orNull('integer'),
  routes: orNull('integer'),
  endpoints: orNull('integer'),
});

/** One connection through what Envoy was told. */
const envoyWalk = fields({
  asked: fields({
    direction: among(['inbound', 'outbound']),
    address: text,
    port: number,
    first: text,
    host: text,
  }),
  title: text,
  steps: list(fields({ says: text, isMiss: yesOrNo })),
  before: orNull('string'),
  after: orNull('string'),
  ending: text,
  flags: list(text),
  isPast: yesOrNo,
  arrives: orNull('boolean'),
});

/** What is said of an Envoy's configuration in the text; null where it has none. */
const envoy = {
  oneOf: [
    { type: 'null' },
    fields({
      origin: among(envoyOrigins),
      isJudged: yesOrNo,
      counts,
      summary: text,
      problems: list(text),
      findings: list(finding),
      walks: list(envoyWalk),
    }),
  ],
};

/** By the name of the command. */
export const schemas = {
  inspect: answer('inspect', inspectVersion, {
    pods: list(
      fields({
        name: orNull('string'),
        ended: among(['fine', 'findings', 'cannot tell']),
        summary: text,
        next: orNull('string'),
        kind: among(Object.keys(kinds)),
        owner: orNull('string'),
        rules: list(
          fields({
            family: among(['v4', 'v6', 'nft']),
            backEnd: orNull('string'),
            tables: number,
            chains: number,
            rules: number,
          }),
        ),
        also: anything,
        identified: list(
          fields({
            family: among(['v4', 'v6', 'inet']),
            releases: list(text),
            options: anything,
            missing: number,
            foreign: number,
            twice: number,
          }),
        ),
        asks: { type: ['object', 'null'] },
        findings: list(finding),
        walks: list(
          fields({
            scenario: text,
            title: text,
            path: list(text),
            ending: text,
            arrived: yesOrNo,
            verdict: text,
            expected: list(text),
            outcomes: list(text),
          }),
        ),
        problems: list(problem),
        problemCount: number,
        envoy,
      }),
    ),
  }),
  check: answer('check', checkVersion, {
    findings: number,
    suppressed: number,
    objects: number,
    dumps: number,
    results: list(
      fields({
        rule: among(checkRules.map(({ id }) => id)),
        weight: among(['wrong', 'doubtful', 'note']),
        file: text,
        line: number,
        column: number,
        object: orNull('string'),
        says: text,
        fix: text,
        page: text,
        suppressed: orNull('string'),
      }),
    ),
    unjudged: list(text),
  }),
  walk: {
    ...answer('walk', walkVersion, {
      release: orNull('string'),
      options: anything,
      request: anything,
      question: { type: ['object', 'null'] },
      trace: { oneOf: [{ type: 'null' }, trace] },
      envoy: { oneOf: [{ type: 'null' }, envoyWalk] },
    }),
    $defs: definitions,
  },
  path: answer('path', pathVersion, {
    release: text,
    options: anything,
    legs: list(
      fields({
        stops: list(text),
        sender: text,
        says: list(text),
        example: orNull('object'),
        othersExample: orNull('object'),
      }),
    ),
  }),
  rules: answer('rules', rulesVersion, {
    release: text,
    options: anything,
    v4: orNull('string'),
    v6: orNull('string'),
    nft: orNull('string'),
    rules: list(
      fields({
        role: text,
        purpose: text,
        family: among(['v4', 'v6']),
        table: text,
        chain: text,
        position: number,
        rule: text,
      }),
    ),
    routing: list(text),
    ignored: list(text),
  }),
  diff: answer('diff', diffVersion, comparison),
  upgrade: answer('upgrade', diffVersion, {
    ...comparison,
    changes: list(fields({ since: text, effect: text, subject: text })),
  }),
} as const;
