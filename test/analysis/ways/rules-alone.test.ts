/** Rules that no packet can match. */
import { expect, test } from 'vitest';
import { unmatchable, witnesses } from '../../../src/analysis/index.ts';
import { rulesFor } from '../../../src/istio/index.ts';
import { parseRuleset } from '../../../src/netfilter/index.ts';

function dead(text: string): string[] | undefined {
  return unmatchable(parseRuleset(text).ruleset)?.map(({ chain, position }) => `${chain} ${position}`);
}

test('with the defaults of Istio rules 5 and 6 of ISTIO_OUTPUT can match nothing', () => {
  const { v4 } = rulesFor('1.30');
  expect(unmatchable(v4)?.map(({ chain, position }) => `${chain} ${position}`)).toEqual([
    'ISTIO_OUTPUT 5',
    'ISTIO_OUTPUT 6',
  ]);
});

test('with DNS capture rule 5 comes alive', () => {
  const { v4 } = rulesFor('1.30', { redirectDNS: true, captureAllDNS: true });
  const names = unmatchable(v4)?.map(({ chain, position }) => `${chain} ${position}`) ?? [];
  expect(names).not.toContain('ISTIO_OUTPUT 5');
});

test('behind a rule that takes all, in a chain without a caller, and against itself', () => {
  expect(dead('*filter\n-A INPUT -j ACCEPT\n-A INPUT -p tcp -j DROP\nCOMMIT')).toEqual(['INPUT 2']);
  expect(dead('*filter\n:LOST - [0:0]\n-A LOST -j ACCEPT\nCOMMIT')).toEqual(['LOST 1']);
  expect(
    dead(
      '*filter\n-A INPUT -p tcp -m tcp --dport 80 -j DROP\n-A INPUT -p tcp -m tcp ! --dport 80 -j ACCEPT\n-A INPUT -p tcp -j DROP\nCOMMIT',
    ),
  ).toEqual(['INPUT 3']);
  expect(dead('*filter\n-A OUTPUT -i eth0 -j DROP\nCOMMIT')).toEqual(['OUTPUT 1']);
});

test('a condition that only the kernel knows leaves what follows alive', () => {
  expect(
    dead(
      '*filter\n-A INPUT -m conntrack --ctstate NEW -j DROP\n-A INPUT -m conntrack ! --ctstate NEW -j DROP\n-A INPUT -j DROP\nCOMMIT',
    ),
  ).toEqual([]);
});

test('a packet that a rule would match', () => {
  const { ruleset } = parseRuleset(
    '*nat\n-A OUTPUT -d 10.0.0.0/8 -p tcp -m tcp --dport 8443 -m owner --uid-owner 2000 -j RETURN\nCOMMIT',
  );
  expect(witnesses(ruleset, [{ table: 'nat', chain: 'OUTPUT', position: 1 }])).toEqual([
    { isLocal: true, protocol: 'tcp', destination: '10.0.0.0', destinationPort: 8443, uid: 2000 },
  ]);
});
