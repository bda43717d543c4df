/** A link is a promise: what was encoded is decoded, and old links keep their meaning. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allScenarios,
  decodeDump,
  decodePermalink,
  encodeDump,
  encodePermalink,
  exampleCalls,
  exampleSenders,
  longestDumpLink,
  type State,
} from '../../src/handbook/index.ts';

/** Links that have been given away. A line may be added; none may change. */
const golden: readonly (readonly [link: string, state: State])[] = [
  ['#v=1&scenario=local-to-remote&step=12', { scenario: 'local-to-remote', step: 12 }],
  [
    '#v=1&scenario=local-to-remote&release=1.17&from=uid:1337:1337&to=10.96.0.7:80&step=12',
    {
      scenario: 'local-to-remote',
      release: '1.17',
      request: { from: { uid: 1337, gid: 1337 }, address: '10.96.0.7', port: 80 },
      step: 12,
    },
  ],
  [
    '#v=1&scenario=local-to-remote&from=uid:1337:1337:app&to=10.96.0.7:80',
    {
      scenario: 'local-to-remote',
      request: { from: { uid: 1337, gid: 1337, name: 'app' }, address: '10.96.0.7', port: 80 },
    },
  ],
  [
    '#v=1&scenario=remote-to-local&option.inboundPortsExclude=15090,15021,15020,8080',
    { scenario: 'remote-to-local', options: { inboundPortsExclude: '15090,15021,15020,8080' } },
  ],
  [
    '#v=1&scenario=inside-envoy&from=app&to=127.0.0.1:15000&bound=eth0&replies=1',
    {
      scenario: 'inside-envoy',
      request: { from: { process: 'app' }, address: '127.0.0.1', port: 15000, boundTo: 'eth0' },
      replies: true,
    },
  ],
  [
    '#v=1&scenario=prometheus&from=peer:Prometheus:10.244.3.7&to=[fd00::1]:15090',
    {
      scenario: 'prometheus',
      request: { from: { name: 'Prometheus', address: '10.244.3.7' }, address: 'fd00::1', port: 15090 },
    },
  ],
  [
    '#v=1&scenario=local-to-remote&option.redirectDNS=true&option.dnsServersV4=10.96.0.53&to=10.96.0.53:53&protocol=udp',
    {
      scenario: 'local-to-remote',
      options: { redirectDNS: true, dnsServersV4: ['10.96.0.53'] },
      request: { address: '10.96.0.53', port: 53, protocol: 'udp' },
    },
  ],
];

test.for(golden)('%s', ([link, state]) => {
  expect(decodePermalink(link)).toEqual({ state, problems: [] });
});

test('what is encoded is decoded', () => {
  const states = fc.record(
    {
      scenario: fc.constantFrom(...allScenarios.map(({ name }) => name)),
      release: fc.constantFrom('1.5', '1.17.8', '1.30'),
      options: fc.record(
        {
          outboundPortsExclude: fc.string({ minLength: 1 }),
          redirectDNS: fc.boolean(),
          outboundIPRangesInclude: fc.constantFrom('', '*', '10.0.0.0/8,192.168.0.0/16'),
        },
        { requiredKeys: ['redirectDNS'] },
      ),
      request: fc
        .tuple(fc.constantFrom(...exampleSenders), fc.constantFrom(...exampleCalls))
        .map(([{ from }, { address, port, protocol }]) => ({
          from,
          address,
          port,
          ...(protocol === 'tcp' ? {} : { protocol }),
        })),
      replies: fc.constant(true as const),
      step: fc.nat(99_999),
    },
    { requiredKeys: ['scenario'] },
  );
  fc.assert(
    fc.property(states, (state) => {
      expect(decodePermalink(encodePermalink(state as State))).toEqual({ state, problems: [] });
    }),
  );
});

test('nothing that stands in a link can break its reading', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodePermalink(`#v=1&${text}`)).toHaveProperty('state');
    }),
  );
});

test('a dump travels in a link and comes out as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2000 }), async (text) => {
      const encoded = await encodeDump(text);
      if (encoded.kind !== 'encoded') throw new Error('a short text must fit');
      expect(encoded.part).toMatch(/^dump=[\w-]*$/);
      expect(await decodeDump(`#v=1&${encoded.part}&step=3`)).toEqual({ kind: 'dump', text });
      expect(decodePermalink(`#v=1&${encoded.part}&step=3`)).toEqual({ state: { step: 3 }, problems: [] });
    }),
    { numRuns: 30 },
  );
});

/** Given away; must keep on opening. */
test('an old link with a dump', async () => {
  expect(await decodeDump('#v=1&dump=C0pMLikoyk8vSszVS0wHAA')).toMatchObject({
    kind: expect.stringMatching(/dump|damaged/),
  });
  expect(await decodeDump('#v=1&scenario=local-to-remote')).toEqual({ kind: 'none' });
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
