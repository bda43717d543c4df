/** Names that every object of JavaScript has are names like any other, wherever a text names something. */
import { expect, test } from 'vitest';
import { readPaste } from '../../src/analysis/index.ts';
import { inspect, inspectionWords } from '../../src/handbook/lab/index.ts';
import { decodePermalink } from '../../src/handbook/walk/index.ts';
import { findFact } from '../../src/istio/facts/index.ts';
import {
  type AmbientOptions,
  ambientRulesFor,
  type Options,
  optionsFromYaml,
  readEveryObject,
  rulesFor,
} from '../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../src/netfilter/index.ts';
import { matchPurpose, targetPurpose } from '../../src/words/index.ts';

const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'] as const;
/** A name of the same form that no object has. */
const strangerTo = (name: string) => name.replace(/[a-z]/g, 'q').replace(/[A-Z]/g, 'Q');

const dump = printRuleset(withBuiltInChains(rulesFor('1.30').v4));

/** Each place takes a name, and answers with all that it makes of it. */
const places: Readonly<Record<string, (name: string) => unknown>> = {
  'an option': (name) => {
    const { v4, problems } = rulesFor('1.30', Object.fromEntries([[name, 'x']]) as Partial<Options>);
    return { v4, problems };
  },
  'a release': (name) => rulesFor(name).problems,
  'an option of ambient mode': (name) => {
    const asked = Object.fromEntries([[name, 'x']]) as Partial<AmbientOptions>;
    const { pod, options, problems } = ambientRulesFor('1.30', asked);
    return { pod, options: Object.entries(options ?? {}), problems };
  },
  'a release of ambient mode': (name) => ambientRulesFor(name).problems,
  'an option in a link': (name) => decodePermalink(`#v=1&option.${name}=1`),
  'an option of ambient mode in a link': (name) =>
    decodePermalink(`#v=1&scenario=ambient-hbone&ambient.${name}=1`),
  'a scenario in a link': (name) => decodePermalink(`#v=1&scenario=${name}`),
  'a release in a link': (name) => decodePermalink(`#v=1&release=${name}`),
  'a field of a link': (name) => decodePermalink(`#v=1&${name}=1`),
  'a match and a target': (name) => [matchPurpose(name), targetPurpose(name)],
  'a fact': (name) => [findFact(name)],
};

test.for(Object.entries(places))('%s of such a name is as one that nobody knows', ([, answer]) => {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  const said = (name: string) => JSON.stringify(answer(name), plain).replaceAll(name, 'NAME');
  for (const name of names) expect(said(name)).toBe(said(strangerTo(name)));
});

const yaml: Readonly<Record<string, (name: string) => string>> = {
  'a kind': (name) => `apiVersion: v1\nkind: ${name}\nmetadata:\n  name: web`,
  'a name': (name) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: ${name}`,
  'a key': (name) =>
    `apiVersion: v1\nkind: Pod\n${name}: 1\nmetadata:\n  ${name}: {a: b}\nspec:\n  ${name}:\n  - 1`,
  'an annotation': (name) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    ${name}: "8080"\n    traffic.sidecar.istio.io/${name}: "1"`,
  'a label': (name) => `apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    ${name}: ${name}`,
  'a container': (name) =>
    `kind: Pod\nspec:\n  containers:\n  - name: ${name}\n    image: istio/proxyv2:${name}\n    env:\n    - name: ${name}\n      value: ${name}`,
  'a value of Helm': (name) => `global:\n  ${name}: 1\n  proxy:\n    ${name}: {}\n${name}:\n  cni: true`,
  'a profile': (name) =>
    `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  profile: ${name}`,
  'an argument of istio-init': (name) =>
    `initContainers:\n- name: istio-init\n  args:\n  - istio-iptables\n  - --${name}\n  - "15001"`,
};

test.for(Object.entries(yaml))('%s of YAML', async ([, written]) => {
  const said = async (name: string) => {
    const [read, every] = [await optionsFromYaml(written(name)), await readEveryObject(written(name))];
    // Which of the known names is meant, and where a word ends, depends on its letters.
    return JSON.stringify([read.options, read.release, read.messages.map(({ code }) => code), every.objects])
      .replaceAll(name, 'NAME')
      .replaceAll(name.toLowerCase(), 'NAME');
  };
  for (const name of names) expect(await said(name)).toBe(await said(strangerTo(name)));
});

const pasted: Readonly<Record<string, (name: string) => string>> = {
  'a pod': (name) => `[pod/${name}/istio-init] *nat\n[pod/${name}/istio-init] :OUTPUT ACCEPT [0:0]`,
  'a chain': (name) => dump.replaceAll('ISTIO_IN_REDIRECT', name),
  'a target': (name) => dump.replace('-j ISTIO_IN_REDIRECT', `-j ${name}`),
  'a table': (name) => dump.replace('*nat', `*${name}`),
  'a match': (name) => dump.replace('-m tcp', `-m ${name}`),
  'an option of a rule': (name) => dump.replace('--dport', `--${name}`),
  'an interface': (name) => dump.replaceAll('-o lo', `-o ${name.slice(0, 15)}`),
  'a table of nft': (name) => `table inet ${name} {\n\tchain ${name} {\n\t\tjump ${name}\n\t}\n}`,
  'a key of JSON': (name) =>
    `{"nftables": [{"table": {"family": "inet", "name": "t", "${name}": 1}}, {"${name}": {}}]}`,
  'a set': (name) => `create ${name} hash:ip family inet\nadd ${name} 10.0.0.1\n${dump}`,
  'a setting': (name) => `net.ipv4.${name} = 1\n${dump}`,
  'a message of a log': (name) =>
    `{"level":"info","${name}":"x","msg":"${dump.replaceAll('\n', '\\n').replaceAll('"', '\\"')}"}`,
  'a device': (name) => `2: ${name}: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global ${name}\n${dump}`,
  'the program of a socket': (name) =>
    `LISTEN 0 128 0.0.0.0:8080 0.0.0.0:* users:(("${name}",pid=1,fd=3))\n${dump}`,
};

test.for(Object.entries(pasted))('%s in a pasted text', ([, text]) => {
  const said = (name: string) => {
    expect(() => readPaste(text(name))).not.toThrow();
    const { inspection } = inspect(text(name));
    const { summary, findings } = inspectionWords(inspection);
    return JSON.stringify({
      summary,
      findings: findings.map(({ id, weight }) => [id, weight]),
      kinds: inspection.recognised.map(({ kind, owner }) => [kind, owner]),
      problems: inspection.problems.map(({ code, line }) => [code, line]),
      walks: inspection.walks?.map(({ verdict, outcomes }) => [verdict, outcomes]),
    }).replaceAll(name, 'NAME');
  };
  for (const name of names) expect(said(name)).toBe(said(strangerTo(name)));
});
