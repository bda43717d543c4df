/**
 * Texts of which not all came through: what was lost, changed or left out on the way is missing in no pod, and nothing
 * is to be removed that could not be read.
 */
import { describe, expect, test } from 'vitest';
import { readPaste } from '../../../src/analysis/index.ts';
import { type Inspection, inspect } from '../../../src/handbook/lab/index.ts';
import { rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { findingSentence } from '../../../src/words/index.ts';

const inspected = (text: string): Inspection => inspect(text).inspection;
const ids = (text: string) => inspected(text).findings.map(({ id }) => id);

const dump = printRuleset(withBuiltInChains(rulesFor('1.30').v4));
const last = '-A ISTIO_OUTPUT -j ISTIO_REDIRECT\n';
const without = (rule: string, instead = '') => {
  expect(dump).toContain(rule);
  return dump.replace(rule, instead);
};

describe('what stands in the place of a rule', () => {
  test.each([
    ['dots', '...'],
    ['an ellipsis', '…'],
    ['what was said of it', '[snip]'],
    ['how many they were', '--- 3 lines omitted ---'],
    ['a rule with another sign', '∙ A ISTIO_OUTPUT ∙j ISTIO_REDIRECT'],
    ['a rule without its dashes', 'A ISTIO_OUTPUT j ISTIO_REDIRECT'],
  ])('%s', (_, instead) => {
    expect(ids(without(last, `${instead}\n`))).toEqual(['rules.part']);
  });

  const middle = '-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN\n';

  test('nothing: then it is missing', () => {
    expect(ids(without(middle))).toContain('rule.missing');
    expect(ids(without(last))).toContain('option.nothing-outbound');
  });

  test('a remark of a person leaves what is missing missing', () => {
    expect(ids(without(middle, 'shouldn’t there be one more here?\n'))).toContain('rule.missing');
  });

  test('dots behind the table are of something else', () => {
    expect(ids(`${without(middle)}\n...\n`)).toContain('rule.missing');
  });
});

test('of a rule that could not be read nothing is said, and none is told to go', () => {
  const broken = dump.replaceAll(' ! ', ' &bang; ');
  const { findings, inPlace, problemCount } = inspected(broken);
  expect(problemCount).toBeGreaterThan(0);
  expect(findings.map(({ id }) => id)).toEqual(['rules.part']);
  expect(inPlace).toEqual([]);
  const extra = inspected(dump.replace(last, `-A ISTIO_OUTPUT &bang; -o lo -j RETURN\n${last}`));
  for (const finding of extra.findings) expect(findingSentence(finding)).not.toMatch(/delete|remove/);
});

test('where all rules are there and one could not be read, the types are walked, and the path that meets it splits', () => {
  const unread = dump.replace('-A ISTIO_OUTPUT -d 127.0.0.1/32 -j', '-A ISTIO_OUTPUT -d 127.0.0.999 -j');
  const { isCompared, walks } = inspected(unread);
  expect(isCompared).toBe(false);
  expect(walks?.map(({ verdict }) => verdict)).toHaveLength(6);
  expect(walks?.some(({ question }) => question !== null)).toBe(true);
  // Of what was cut off nobody knows what else is gone.
  expect(inspected(unread.slice(0, unread.indexOf('127.0.0.999'))).walks).toEqual([]);
});

describe('chains without a rule', () => {
  const chains = dump.replace(/^-A .*\n/gm, '');

  test('that were emptied tell no release, and no command of another one', () => {
    const { recognised, identified, inPlace, findings } = inspected(chains);
    expect(recognised[0].kind).toBe('empty tables');
    expect([identified, inPlace]).toEqual([[], []]);
    expect(findings.map(({ id }) => id)).toEqual(['rules.none']);
  });

  test('before the end of which the text ends', () => {
    const { recognised, findings } = inspected(chains.replace(/COMMIT\n$/, ''));
    expect(recognised[0].kind).toBe('sidecar');
    expect(findings.map(({ id }) => id)).toEqual(['rules.part']);
  });
});

test('rows of a listing behind a gap are left aside, and not missing', () => {
  const listing = [
    'Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)',
    ' pkts bytes target     prot opt in     out     source               destination',
    '    3   180 ISTIO_INBOUND  tcp  --  *      *       0.0.0.0/0            0.0.0.0/0',
    '...',
    '    1    60 ISTIO_OUTPUT  all  --  *      *       0.0.0.0/0            0.0.0.0/0',
  ];
  const { findings, aside } = inspected(
    [...listing, 'Chain POSTROUTING (policy ACCEPT 0 packets, 0 bytes)', listing[1], ''].join('\n'),
  );
  expect(findings.map(({ id }) => id)).toEqual(['rules.part']);
  expect(aside.count).toBe(2);
});

describe('ports that a release excludes by itself', () => {
  const of = (release: string) => printRuleset(withBuiltInChains(rulesFor(release).v4));
  const ready = '-A ISTIO_INBOUND -p tcp -m tcp --dport 15021 -j RETURN\n';

  test.each(['1.5', '1.6'])('as %s makes them: without 15021 they are those of 1.5', (release) => {
    const { identified, findings } = inspected(of(release).replace(ready, ''));
    expect(identified).toMatchObject([
      { releases: ['1.5'], options: { inboundPortsExclude: '15090,15020' } },
    ]);
    expect(findings).toEqual([]);
  });

  test.each(['1.7', '1.17', '1.31'])('of %s one is missing', (release) => {
    expect(of(release)).toContain(ready);
    expect(ids(of(release).replace(ready, ''))).toEqual(['rule.missing']);
  });

  test('another port that 1.5 excludes is missing', () => {
    expect(ids(of('1.5').replace(/-A ISTIO_INBOUND .*--dport 15020 .*\n/, ''))).toEqual(['rule.missing']);
  });
});

test('the port that the pod may have turned off is not told to be missing for sure', () => {
  const text = dump.replace('-A ISTIO_INBOUND -p tcp -m tcp --dport 15020 -j RETURN\n', '');
  const { findings } = inspected(text);
  expect(findings.map(({ id, weight }) => [id, weight])).toEqual([['rule.missing', 'doubtful']]);
  expect(findings.map(findingSentence).join()).toMatch(/: if status\.sidecar\.istio\.io\/port .* is 0/);
});

test('values of Helm that name an image are no pod', () => {
  const { recognised } = inspected(
    'global:\n  proxy_init:\n    image: proxyv2\npilot:\n  cni:\n    enabled: true\n',
  );
  expect(recognised[0].kind).toBe('settings as YAML');
});

describe('signs as a web page writes them', () => {
  test('by their number', () => {
    const text = dump.replaceAll('!', '&#33;').replaceAll('-A', '&#x2d;A');
    expect(readPaste(text).pods[0]?.rules[0]?.lines.filter((line) => line.startsWith('-A'))).toEqual(
      dump.split('\n').filter((line) => line.startsWith('-A')),
    );
  });

  test('in a comment they are the comment’s', () => {
    const rule = '-A ISTIO_OUTPUT -d 10.9.0.0/16 -m comment --comment "a &#33; b &#x2d; c" -j RETURN';
    const [{ rules } = { rules: [] }] = readPaste(dump.replace(last, `${rule}\n${last}`)).pods;
    expect(rules[0]?.lines).toContain(rule);
  });
});

test.each(['sudo: a password is required', 'time: cannot run it', ': the rest is', ':tada: it works'])(
  '%s is no line of a dump',
  (line) => {
    expect(readPaste(line).pods[0]?.rules).toEqual([]);
  },
);

test('the variables of istio-init are no virtual machine’s, and those with a value are', () => {
  const kind = (text: string) => inspected(text).recognised[0].kind;
  expect(kind('ENVOY_PORT=\nISTIO_INBOUND_PORTS=\nISTIO_SERVICE_CIDR=\n')).toBe('nothing');
  expect(kind("CANONICAL_SERVICE='foo'\nISTIO_INBOUND_PORTS='*'\n")).toBe('a virtual machine');
});

test('that nothing was there is no error of a command that takes it away', () => {
  const missing = 'iptables: No chain/target/match by that name.';
  const errors = (command: string) =>
    inspected(`${command}\n${missing}\n`).findings.filter(({ id }) => id === 'log.error').length;
  expect(errors('iptables -t nat -F PROXY_INIT_REDIRECT')).toBe(0);
  expect(errors('iptables -t nat -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-port 15001')).toBe(1);
});

test('rules of others beside a node’s are no pod’s that lost Istio’s', () => {
  const node = '*filter\n:INPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n-A INPUT -j KUBE-FIREWALL\nCOMMIT\n';
  for (const chain of ['OVN-KUBE-NODEPORT', 'AZURE-NPM', 'IP-MASQ']) {
    const nat = `*nat\n:PREROUTING ACCEPT [0:0]\n:${chain} - [0:0]\n-A PREROUTING -j ${chain}\nCOMMIT\n`;
    expect([ids(nat), ids(node + nat)]).toEqual([['rules.of-node'], ['rules.of-node']]);
  }
});

describe('native rules', () => {
  const native = readNative();

  test.each([
    ['the text ends within a chain', native.slice(0, native.indexOf('chain istio-in-redirect'))],
    ['lines were left out', native.replace(/\t\tmeta skuid 1337.*\n/, '\t\t...\n')],
    ['a statement cannot be read', native.replace('meta skuid 1337', '∙meta skuid 1337')],
  ])('%s: none is missing, and none is told to go', (_, text) => {
    expect(text).not.toBe(native);
    const found = inspected(text);
    expect(found.recognised[0].kind).toBe('native nftables');
    for (const finding of found.findings)
      expect(findingSentence(finding)).not.toMatch(/delete|remove|missing/);
  });

  test('a script that was cut off', () => {
    const script = (rulesFor('1.30', { nativeNftables: true }).text.nft ?? '').split('\n');
    const rules = script.filter((line) => /^add rule/.test(line));
    expect(rules.length).toBeGreaterThan(10);
    const cut = script.slice(0, script.indexOf(rules[8] as string)).join('\n');
    expect(ids(cut)).toEqual(['nft.part']);
  });
});

function readNative(): string {
  const rules = (chain: string, lines: readonly string[]) =>
    `\tchain ${chain} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
  return `table inet istio-proxy-nat {\n${[
    rules('prerouting', [
      'type nat hook prerouting priority dstnat; policy accept;',
      'meta l4proto tcp counter packets 0 bytes 0 jump istio-inbound',
    ]),
    rules('output', [
      'type nat hook output priority -100; policy accept;',
      'counter packets 0 bytes 0 jump istio-output',
    ]),
    rules('istio-inbound', [
      'tcp dport 15008 counter packets 0 bytes 0 return',
      'tcp dport 15090 counter packets 0 bytes 0 return',
      'tcp dport 15021 counter packets 0 bytes 0 return',
      'tcp dport 15020 counter packets 0 bytes 0 return',
      'meta l4proto tcp counter packets 0 bytes 0 jump istio-in-redirect',
    ]),
    rules('istio-redirect', ['meta l4proto tcp counter packets 0 bytes 0 redirect to :15001']),
    rules('istio-in-redirect', ['meta l4proto tcp counter packets 0 bytes 0 redirect to :15006']),
    rules('istio-output', [
      'oifname "lo" ip saddr 127.0.0.6 counter packets 0 bytes 0 return',
      'oifname "lo" ip daddr != 127.0.0.1 tcp dport != 15008 meta skuid 1337 counter packets 0 bytes 0 jump istio-in-redirect',
      'oifname "lo" meta skuid != 1337 counter packets 0 bytes 0 return',
      'meta skuid 1337 counter packets 0 bytes 0 return',
      'oifname "lo" ip daddr != 127.0.0.1 tcp dport != 15008 meta skgid 1337 counter packets 0 bytes 0 jump istio-in-redirect',
      'oifname "lo" meta skgid != 1337 counter packets 0 bytes 0 return',
      'meta skgid 1337 counter packets 0 bytes 0 return',
      'ip daddr 127.0.0.1 counter packets 0 bytes 0 return',
      'counter packets 0 bytes 0 jump istio-redirect',
    ]),
  ].join('\n')}}\n`;
}
