/** A link is a promise: what was encoded is decoded, and nothing that stands in an address can break a page. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePermalink, encodePermalink, type State, scenarios } from '../../src/handbook/index.ts';

const address = fc.oneof(
  fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))).map((parts) => parts.join('.')),
  fc.constantFrom('::1', '::6', 'fd00::5', '2001:db8::1'),
);
const label = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'abcXYZ 0129-+&=#%ü') });
const from = fc.oneof(
  fc.constantFrom('app', 'Envoy', 'pilot-agent').map((process) => ({ process })),
  fc.record({ uid: fc.nat(65535), gid: fc.nat(65535) }),
  fc.record({ uid: fc.nat(65535), gid: fc.nat(65535), name: label }),
  fc.record({ name: label, address }),
);
const request = fc
  .record(
    { from, to: fc.record({ address, port: fc.nat(65535) }), boundTo: fc.constantFrom('eth0', 'lo') },
    { requiredKeys: [] },
  )
  .map(({ to, ...rest }) => ({ ...rest, ...to }));
const options = fc.record(
  {
    proxyUID: fc.nat(9999).map(String),
    inboundPortsExclude: fc.constantFrom('', '15090,15021', '22,80'),
    redirectDNS: fc.boolean(),
    dnsServersV4: fc.array(address, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const nonEmpty = (value: object) => Object.keys(value).length > 0;
const state: fc.Arbitrary<State> = fc.record(
  {
    scenario: fc.constantFrom(...scenarios.map(({ name }) => name)),
    release: fc
      .tuple(fc.integer({ min: 5, max: 30 }), fc.option(fc.nat(20)))
      .map(([minor, patch]) => (patch === null ? `1.${minor}` : `1.${minor}.${patch}`)),
    options: options.filter(nonEmpty),
    request: request.filter(nonEmpty),
    step: fc.nat(9999),
    replies: fc.constant(true),
  },
  { requiredKeys: [] },
);

test('what was encoded is decoded, word for word', () => {
  fc.assert(
    fc.property(state, (given) => {
      const { state: read, problems } = decodePermalink(encodePermalink(given));
      expect(problems).toEqual([]);
      expect(read).toEqual(given);
    }),
    { numRuns: 500 },
  );
});

test('a fragment stands in an address as it is', () => {
  fc.assert(
    fc.property(state, (given) => {
      const fragment = encodePermalink(given);
      expect(new URL(`https://example.org/page/#${fragment}`).hash).toBe(`#${fragment}`);
    }),
    { numRuns: 200 },
  );
});

describe('a fragment that nobody encoded', () => {
  const hostile = [
    '',
    '#',
    '#v=1',
    '#v=2&scenario=local-to-remote',
    '#v=1&scenario=__proto__',
    '#v=1&option.__proto__=x',
    '#v=1&option.constructor=x',
    '#v=1&option.toString=x',
    '#v=1&release=<script>alert(1)</script>',
    '#v=1&to=10.0.0.1:99999',
    '#v=1&to=%',
    '#v=1&from=uid:-1:0',
    '#v=1&from=peer::',
    '#v=1&step=1e9',
    `#v=1&scenario=${'x'.repeat(9000)}`,
    '#v=1&v=1&v=1',
    '#%00%ff',
    '#=&=&=',
  ];

  test.each(hostile)('%s', (fragment) => {
    const { state: read, problems } = decodePermalink(fragment);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(read.options ?? {})).toBe(Object.prototype);
    for (const problem of problems) expect(problem).toMatch(/\.$/);
    expect(() => encodePermalink(read)).not.toThrow();
  });

  test('never throws, and what it says can be linked to again', () => {
    const parts = fc.constantFrom(
      'v=1',
      'scenario=',
      'release=',
      'from=uid:',
      'to=',
      'option.',
      'step=',
      '%',
      '&',
      '=',
    );
    const fragment = fc.oneof(
      fc.string({ maxLength: 200, unit: 'binary' }),
      fc.array(fc.oneof(parts, fc.string({ maxLength: 8 })), { maxLength: 20 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(fragment, (text) => {
        const { state: read } = decodePermalink(text);
        const again = decodePermalink(encodePermalink(read));
        expect(again.problems).toEqual([]);
        expect(again.state).toEqual(read);
      }),
      { numRuns: 1000 },
    );
  });
});
