/** A link is a promise: what was encoded is decoded, and old links keep their meaning. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { envoyChoices } from '../../../src/handbook/envoy/index.ts';
import { type AskedOfEnvoy, firstWords } from '../../../src/handbook/lab/envoy/index.ts';
import {
  decodeDump,
  encodeDump,
  longestDumpLink,
  readCall,
  withoutDump,
  writeCall,
} from '../../../src/handbook/lab/index.ts';
import {
  exampleCalls,
  exampleSenders,
  meshChoices,
  shownScenarios,
} from '../../../src/handbook/scenarios/index.ts';
import { decodePermalink, encodePermalink, type State } from '../../../src/handbook/walk/index.ts';
import { tableNames } from '../../../src/netfilter/index.ts';
import { callProblemWords, damagedWords, linkProblemWords } from '../../../src/words/index.ts';
import { goldenCalls, goldenDumps, goldenLinks } from './golden-links.ts';

/** A link's state, and what is wrong with it in words. */
function read(link: string) {
  const { state, problems } = decodePermalink(link);
  return { state, problems: problems.map(linkProblemWords) };
}

test.for(goldenLinks)('%s', ([link, state]) => {
  expect(read(link)).toEqual({ state, problems: [] });
});

test('what is encoded is decoded', () => {
  const answers = fc.uniqueArray(
    fc.record({
      table: fc.constantFrom(...tableNames),
      chain: fc.oneof(
        fc.constantFrom('ISTIO_OUTPUT', 'a/3:yes', 'a b+c&d=e%2F'),
        fc.string({ minLength: 1 }),
      ),
      position: fc.integer({ min: 1, max: 9_999_999 }),
      matches: fc.boolean(),
    }),
    { maxLength: 4, selector: ({ table, chain, position }) => `${table} ${position} ${chain}` },
  );
  const states = fc.record(
    {
      scenario: fc.constantFrom(...shownScenarios.map(({ name }) => name)),
      release: fc.constantFrom('1.5', '1.17.8', '1.30'),
      options: fc.record(
        {
          outboundPortsExclude: fc.string({ minLength: 1 }),
          redirectDNS: fc.boolean(),
          outboundIPRangesInclude: fc.constantFrom('', '*', '10.0.0.0/8,192.168.0.0/16'),
        },
        { requiredKeys: ['redirectDNS'] },
      ),
      ambient: fc.record(
        {
          ingressMode: fc.boolean(),
          virtualInterfaces: fc.string({ minLength: 1 }),
          dnsProxy: fc.constantFrom('unset', 'enabled', 'disabled'),
        },
        { requiredKeys: ['dnsProxy'] },
      ),
      mesh: fc.record(
        {
          peerAuthentication: fc.constantFrom(...meshChoices.peerAuthentication),
          waypoint: fc.constantFrom(...meshChoices.waypoint),
          ztunnel: fc.constantFrom(...meshChoices.ztunnel),
        },
        { requiredKeys: ['ztunnel'] },
      ),
      envoy: fc.record(
        {
          first: fc.constantFrom(...envoyChoices.first),
          declared: fc.constantFrom(...envoyChoices.declared),
          host: fc.stringMatching(/^[a-z0-9.:-]{0,30}$/),
          alpn: fc.constantFrom('', 'h2', 'h2,http/1.1'),
        },
        { requiredKeys: ['first'] },
      ),
      request: fc
        .tuple(fc.constantFrom(...exampleSenders), fc.constantFrom(...exampleCalls), answers)
        .map(([{ from }, { address, port, protocol }, given]) => ({
          from,
          address,
          port,
          ...(protocol === 'tcp' ? {} : { protocol }),
          ...(given.length === 0 ? {} : { answers: given }),
        })),
      replies: fc.constant(true as const),
      step: fc.nat(99_999),
    },
    { requiredKeys: ['scenario'] },
  );
  fc.assert(
    fc.property(states, (state) => {
      expect(read(encodePermalink(state as State))).toEqual({ state, problems: [] });
    }),
  );
});

// Drawing from all of Unicode takes fast-check seconds before the first run.
test('nothing that stands in a link can break its reading', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(read(`#v=1&${text}`)).toHaveProperty('state');
    }),
  );
});

test.for([
  [
    'nat/ISTIO_OUTPUT/3',
    'The link\'s answer "nat/ISTIO_OUTPUT/3" is none; expected one such as nat/ISTIO_OUTPUT/3:yes.',
  ],
  [
    'nat/ISTIO_OUTPUT/0:yes',
    'The link\'s answer "nat/ISTIO_OUTPUT/0:yes" is none; expected one such as nat/ISTIO_OUTPUT/3:yes.',
  ],
  [
    'brouting/ISTIO_OUTPUT/3:no',
    'The link\'s answer "brouting/ISTIO_OUTPUT/3:no" is none; expected one such as nat/ISTIO_OUTPUT/3:yes.',
  ],
  ['filter/INPUT/1:no', 'The link answers for filter INPUT 1 twice; the first answer counts.'],
])('of answers the damaged one, %s, is named, and the others are read', ([damaged, problem]) => {
  expect(read(`#v=1&answer=filter/INPUT/1:yes&answer=${damaged}&answer=nat/A%2FB/2:no&step=3`)).toEqual({
    state: {
      request: {
        answers: [
          { table: 'filter', chain: 'INPUT', position: 1, matches: true },
          { table: 'nat', chain: 'A/B', position: 2, matches: false },
        ],
      },
      step: 3,
    },
    problems: [problem],
  });
});

test.for(['constructor', '__proto__', 'toString'])('%s is no option', (name) => {
  for (const of of ['option', 'ambient'])
    expect(read(`#v=1&${of}.${name}=1`)).toEqual({
      state: {},
      problems: [`The link sets option "${name}", which Istio does not have.`],
    });
});

test.for([
  ['first', 'hello'],
  ['mutualTls', 'strict'],
  ['host', '<b>'],
  ['alpn', 'h2 http'],
  ['constructor', '1'],
  ['__proto__', '1'],
])('%s %s is no choice inside Envoy', ([name, text]) => {
  expect(read(`#v=1&envoy.${name}=${text}&envoy.outbound=REGISTRY_ONLY`)).toEqual({
    state: { envoy: { outbound: 'REGISTRY_ONLY' } },
    problems: [
      `The link chooses "${text}" for "${name}" inside Envoy, which cannot be chosen; expected one such as envoy.first=TLS.`,
    ],
  });
});

test.for([
  ['peerAuthentication', 'strict'],
  ['waypoint', '10.0.0.1'],
  ['ztunnel', ''],
  ['istiod', 'missing'],
  ['__proto__', 'running'],
])('%s %s is no choice of the mesh', ([name, text]) => {
  expect(read(`#v=1&mesh.waypoint=none&mesh.${name}=${text}`).problems).toEqual([
    `The link chooses "${text}" for "${name}" of the mesh, which cannot be chosen; expected one such as mesh.ztunnel=missing.`,
  ]);
});

test('a dump travels in a link and comes out as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2000 }), async (text) => {
      const encoded = await encodeDump(text);
      if (encoded.kind !== 'encoded') throw new Error('a short text must fit');
      expect(encoded.part).toMatch(/^dump=[\w-]*$/);
      expect(await decodeDump(`#v=1&${encoded.part}&step=3`)).toEqual({ kind: 'dump', text });
      expect(read(`#v=1&${encoded.part}&step=3`)).toEqual({ state: { step: 3 }, problems: [] });
    }),
    { numRuns: 30 },
  );
});

test.for(goldenDumps)('%s', async ([link, state, text]) => {
  expect(await decodeDump(link)).toEqual({ kind: 'dump', text });
  expect(read(link)).toEqual({ state, problems: [] });
});

test('a link without a dump has none', async () => {
  expect(await decodeDump('#v=1&scenario=local-to-remote')).toEqual({ kind: 'none' });
});

test('of a link that was cut off the whole lines are read', async () => {
  const [link, , text] = goldenDumps[0] as (typeof goldenDumps)[number];
  for (const cut of [20, 41, 90]) {
    const decoded = await decodeDump(link.slice(0, -cut));
    if (decoded.kind !== 'damaged') throw new Error('a link that was cut off must say so');
    expect(damagedWords(decoded)).toMatch(
      /^The rules in this link cannot all be read: it was cut off or changed on its way\. The first \d+ lines could be; ask for the text itself\.$/,
    );
    expect(text.startsWith(decoded.text)).toBe(true);
    expect(decoded.text).toMatch(/^\*nat\n[\s\S]*\n$/);
  }
  const tooLong = await decodeDump(`${link}${'A'.repeat(longestDumpLink)}`);
  expect(tooLong).toMatchObject({ kind: 'damaged', damage: { kind: 'too long', most: 24000 } });
  if (tooLong.kind === 'damaged') expect(damagedWords(tooLong)).toContain('at most 24000 are read');
});

test('a dump that is too long, damaged, or far larger than it looks is told in words', async () => {
  const noise = Array.from({ length: 40_000 }, (_, at) => ((at * 7919) % 104_729).toString(36)).join('');
  expect(await encodeDump(noise)).toMatchObject({ kind: 'too long' });
  expect(await decodeDump(`#v=1&dump=${'A'.repeat(longestDumpLink + 1)}`)).toMatchObject({ kind: 'damaged' });
  expect(await decodeDump('#v=1&dump=!!!')).toMatchObject({ kind: 'damaged' });
  expect(await decodeDump('#v=1&dump=AAAAAAAA')).toMatchObject({ kind: 'damaged' });
  const bomb = await encodeDump('a'.repeat(4 * 1024 * 1024));
  if (bomb.kind === 'encoded') expect(await decodeDump(`#v=1&${bomb.part}`)).toMatchObject({ kind: 'dump' });
});

test.for(goldenCalls)('through a pasted Envoy: %s', async ([link, asked, text]) => {
  expect(readCall(link)).toEqual({ asked, problems: [], isAlone: true });
  expect(link.startsWith(`#v=1&${writeCall(asked)}`)).toBe(true);
  expect(await decodeDump(link)).toEqual(text === '' ? { kind: 'none' } : { kind: 'dump', text });
  // A simulator has nothing to say of it.
  expect(read(link)).toEqual({ state: {}, problems: [] });
  expect(withoutDump(link)).toBeNull();
});

test('a call that is written is read', () => {
  const calls = fc.record(
    {
      direction: fc.constantFrom('inbound', 'outbound'),
      address: fc.oneof(fc.ipV4(), fc.ipV6()),
      port: fc.integer({ min: 1, max: 65_535 }),
      first: fc.constantFrom(...firstWords),
      host: fc.stringMatching(/^[a-z0-9.:*-]{0,30}$/),
      alpn: fc.constantFrom('', 'h2', 'h2,http/1.1'),
      path: fc.stringMatching(/^\/[\x21-\x7e]{0,30}$/),
    },
    { requiredKeys: ['direction', 'address', 'port', 'first', 'host'] },
  );
  fc.assert(
    fc.property(calls, (asked) => {
      expect(readCall(`#v=1&${writeCall(asked as AskedOfEnvoy)}&dump=abc`)).toMatchObject({
        asked,
        problems: [],
      });
    }),
  );
});

test('of a call the damaged part is named, and the others are read', () => {
  const link = '#v=1&scenario=local-to-remote&call.to=reviews&call.first=TLS&call.host=%zz&call.toString=1';
  const call = readCall(link);
  expect(call).toMatchObject({ asked: { first: 'TLS', port: 80 }, isAlone: false });
  expect(call?.problems.map(({ name, text }) => callProblemWords(name, text))).toEqual([
    'The link\'s call.to is "reviews"; expected one such as 10.96.0.7:80.',
    'The link\'s call.host is "%zz"; expected one such as reviews.',
    'The link has call.toString, which is no part of a call; expected from, to, first, host, alpn, path.',
  ]);
});
