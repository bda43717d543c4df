/**
 * The rules that Istio's programs hand to iptables-restore and nft, as they print them themselves (both tools named first,
 * `* nat`, chains without policies; a table of nft), pasted as they are, behind a log's prefix and fenced in prose: each is
 * told for what it is, of which release, and nothing is said against it.
 */
import { describe, expect, test } from 'vitest';
import { inspectionWords, inspectRules } from '../../src/handbook/lab/index.ts';
import {
  type AmbientOptions,
  ambientRulesFor,
  isUnseen,
  type Options,
  releases,
  rulesFor,
} from '../../src/istio/index.ts';
import { type NftRuleset, printNft, printRuleset, type Ruleset } from '../../src/netfilter/index.ts';
import { findingSentence } from '../../src/words/index.ts';

const ways: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'behind a log’s prefix': (text) => text.replace(/^/gm, '2026-02-03T04:05:06.789012345Z stdout F '),
  'fenced in prose': (text) => `It broke at noon.\n\n\`\`\`\n${text}\n\`\`\`\n\nWhat now?`,
};

const harm = /\b(?:delete|remove|is not a rule of Istio|rules? (?:is|are) missing)\b/i;

interface Rulesets {
  readonly v4: Ruleset;
  readonly v6: Ruleset | null;
  readonly nft: NftRuleset | null;
}

function programmed({ v4, v6, nft }: Rulesets): string {
  if (nft !== null) return printNft(nft).trimEnd();
  const given = (ruleset: Ruleset) =>
    printRuleset(ruleset)
      .replace(/^\*/gm, '* ')
      .replace(/^:(\S+) -.*/gm, '-N $1')
      .replace(/^:.*\n/gm, '');
  return `iptables-save\nip6tables-save\n${given(v4)}${v6 === null ? '' : given(v6)}`.trimEnd();
}

function told(text: string) {
  const { inspection } = inspectRules(text, 0, null);
  const { summary, next } = inspectionWords(inspection);
  return {
    inspection,
    kind: inspection.recognised[0].kind,
    words: [summary, next ?? '', ...inspection.findings.map(findingSentence)].join('\n'),
  };
}

const ambient: Readonly<Record<string, Partial<AmbientOptions>>> = {
  iptables: {},
  'iptables, TPROXY': { tproxyRedirection: true },
  'native nftables': { nativeNftables: true },
};
const sidecars: Readonly<Record<string, Partial<Options>>> = {
  iptables: { enableIPv6: true },
  'native nftables': { nativeNftables: true },
  'native nftables, DNS': { nativeNftables: true, redirectDNS: true },
};

describe.each(Object.entries(ambient))('ambient mode, %s', (_, options) => {
  const made = releases.flatMap(({ name }) => {
    const rules = ambientRulesFor(name, options);
    return isUnseen(name) || rules.options === null || rules.ignored.length > 0
      ? []
      : [[name, rules] as const];
  });
  test('there are releases with it', () => expect(made.length).toBeGreaterThan(2));
  test.each(made)('%s', (release, { pod, host }) => {
    for (const [how, alter] of Object.entries(ways)) {
      const inPod = told(alter(programmed(pod)));
      expect([how, inPod.kind, inPod.inspection.problems]).toEqual([how, 'ambient pod', []]);
      const { ambient: found } = inPod.inspection;
      const known = found === null ? [] : [found, ...found.others].flatMap((one) => one.releases);
      expect(known).toContain(release);
      expect(inPod.words).not.toMatch(harm);
      const onNode = told(alter(programmed(host)));
      expect([how, onNode.kind, onNode.inspection.problems]).toEqual([how, 'ambient node', []]);
      expect(onNode.words).not.toMatch(harm);
    }
  });
});

describe.each(Object.entries(sidecars))('a sidecar, %s', (name, options) => {
  const made = releases.flatMap(({ name: release }) => {
    const rules = rulesFor(release, options);
    const isNative = options.nativeNftables === true;
    return isUnseen(release) || (isNative && rules.nft === null) ? [] : [[release, rules] as const];
  });
  test('there are releases with it', () => expect(made.length).toBeGreaterThan(2));
  test.each(made)('%s', (release, rules) => {
    for (const [how, alter] of Object.entries(ways)) {
      const { inspection, kind, words } = told(alter(programmed(rules)));
      expect([how, kind, inspection.problems]).toEqual([
        how,
        name.startsWith('native') ? 'native nftables' : 'sidecar',
        [],
      ]);
      expect(inspection.identified.flatMap((one) => one.releases)).toContain(release);
      expect(words).not.toMatch(harm);
    }
  });
});
