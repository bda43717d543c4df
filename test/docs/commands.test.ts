/** Every command that readers are given, run against a stand-in for a pod of each kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dumpWays, firstWays } from '../../components/lab/dump-ways.ts';
import { readPages } from './check.ts';
import { fencesOf, type Given, wrongWith } from './commands/fences.ts';
import { podKinds, pods } from './commands/pods.ts';
import { runIn } from './commands/stand-in.ts';

const pages = readPages();
const fences = pages.flatMap(({ file, source }) => fencesOf(file, source));

test('every command of a shell fence works in the pods that it is for', () => {
  expect(fences.length).toBeGreaterThan(50);
  expect(fences.flatMap(wrongWith)).toEqual([]);
});

/** Commands that need a program of the reader's own image say so beside them. */
test('what the image of the app has to have is named on the page', () => {
  const unnamed = fences.flatMap(({ file, line, text, within }) => {
    const source = pages.find((page) => page.file === file)?.source ?? '';
    const prose = source.replace(/^```[\s\S]*?^```/gm, '');
    return [...new Set(pods.flatMap((pod) => [...runIn(pod, text, within).ofTheApp]))]
      .filter((program) => !/^(?:sh|head)$/.test(program) && !prose.includes(`\`${program}\``))
      .map(
        (program) => `${file}:${line}: the app's image may have no ${program}, and the page does not name it`,
      );
  });
  expect(unnamed).toEqual([]);
});

test('what needs root in a debug container leads to the way to get it', () => {
  const lost = fences.flatMap(({ file, line, text, within }) => {
    const source = pages.find((page) => page.file === file)?.source ?? '';
    const isTold = /--custom|#a-container-to-look-from|#how-to-tell/.test(source);
    return pods.some((pod) => runIn(pod, text, within).needsRoot) && !isTold ? [`${file}:${line}`] : [];
  });
  expect(lost).toEqual([]);
});

/** Commands in sentences: of pages, and of the words that the project makes. */
test('every command in a sentence works in some pod', () => {
  const words = ['src/words', 'components'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|tsx|astro)$/.test(name))
      .map((name) => ({ file: join(folder, name), source: readFileSync(join(folder, name), 'utf8') })),
  );
  const ofWords = words.flatMap(({ file, source }) =>
    [...source.matchAll(/\bcode: '((?:kubectl|istioctl) [^']*)'/g)].map(([, text = '']) => ({ file, text })),
  );
  const ofPages = pages.flatMap(({ file, source }) =>
    [...source.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`((?:kubectl|istioctl) [^`]+)`/g)].map(
      ([, text = '']) => ({ file, text }),
    ),
  );
  // A name of a command is none.
  const given = [...ofWords, ...ofPages].filter(({ text }) => /\bPOD\b| -[lnA] ?/.test(text));
  expect(given.length).toBeGreaterThan(8);
  const wrong = given.filter(({ text }) => pods.every((pod) => runIn(pod, text).failures.length > 0));
  expect(
    wrong.map(({ file, text }) => `${file}: ${text}: ${runIn(pods[0] as never, text).failures[0]?.why}`),
  ).toEqual([]);
});

const ofWay = (title: string, text: string, more: Partial<Given>): Given => ({
  file: `components/lab/dump-ways.ts (${title})`,
  line: 1,
  text,
  marked: null,
  isAny: false,
  ...more,
});

/** What a way is for, where it is not for every pod, and where it is not started on the reader's own machine. */
const waysFor: Readonly<Record<string, Partial<Given>>> = {
  'On the node, by its network namespace': { within: 'node' },
  'What istio-init or the CNI plugin did': { isAny: true },
  'a log of the CNI plugin': { isAny: true },
  'The kernel’s own trace, with iptables-nft': { within: 'proxyv2' },
  'The kernel’s own trace, with iptables-legacy': { within: 'proxyv2 on a node' },
};

test('the commands above the box of the lab, and the other ways, work in the pods that they are for', () => {
  const ways = [...firstWays, ...dumpWays];
  for (const title of Object.keys(waysFor)) expect(ways.map((way) => way.title)).toContain(title);
  expect(ways.flatMap(({ title, lines }) => wrongWith(ofWay(title, lines, waysFor[title] ?? {})))).toEqual(
    [],
  );
  for (const { lines, note } of ways)
    if (pods.some((pod) => runIn(pod, lines).needsRoot)) expect(note).toContain('--custom=root.yaml');
});

const wrongCommands: readonly (readonly [text: string, why: RegExp])[] = [
  ['kubectl exec -n NAMESPACE POD -c istio-proxy -- iptables-save', /needs NET_ADMIN|has no iptables/],
  ['kubectl exec -n NAMESPACE POD -c istio-proxy -- curl localhost:15000', /has no curl/],
  ['kubectl exec -n NAMESPACE POD -c istio-proxy -- sh -c "ss -ltn"', /has no sh/],
  ['kubectl exec -n NAMESPACE POD -c istio-init -- id', /has ended/],
  ['kubectl exec -n NAMESPACE POD -- id', /without -c/],
  ['kubectl logs -n NAMESPACE POD', /without -c/],
  ['kubectl logs -n NAMESPACE POD -c envoy', /no container envoy/],
  ['kubectl logs -n NAMESPACE POD -c istio-init', /no container istio-init/],
  ['kubectl logs -n NAMESPACE -l app=istio-cni', /no pod has the label/],
  ['kubectl logs -n NAMESPACE POD -c istio-proxy --last=5', /no option --last/],
  [
    'kubectl debug -n NAMESPACE POD --image=nicolaka/netshoot --profile=netadmin -it -- iptables-legacy-save',
    /has no iptables-legacy-save/,
  ],
  ['kubectl debug -n NAMESPACE POD --image=nicolaka/netshoot -it -- iptables-nft-save', /needs NET_ADMIN/],
  ['kubectl debug -n NAMESPACE POD --image=busybox --profile=netadmin -it -- nft list ruleset', /has no nft/],
  [
    'kubectl debug -n NAMESPACE POD --image=registry.istio.io/release/proxyv2:1.31.0-distroless --profile=netadmin -it -- sh -c nft',
    /has no sh/,
  ],
  ['kubectl debug -n NAMESPACE POD --image=nicolaka/netshoot --profile=root -it -- ss', /no profile root/],
  ['kubectl debug -n NAMESPACE POD --image=me/tools -it -- ss', /are not known/],
  [
    "kubectl get pod -n NAMESPACE POD -o jsonpath='{.spec.containers[*].name}'",
    /does not show the container istio-proxy/,
  ],
  [
    "kubectl get pod -n NAMESPACE POD -o jsonpath='{range .status.containerStatuses[*]}{.name}{end}'",
    /does not show/,
  ],
  ["kubectl get pod -n NAMESPACE POD -o jsonpath='{.spec.initContainer[*].name}'", /prints nothing/],
  ["kubectl get pod -n NAMESPACE POD -o jsonpath='{.spec.containers[*].name'", /no jsonpath/],
  ["kubectl get pod -n NAMESPACE POD -o jsonpath='{.metadata.name}{.status.podAddress}'", /no pod has/],
  ['kubectl gets pod', /no command gets/],
  ['istioctl proxy-config listener-all POD', /no command/],
  ['istioctl proxy-config listeners POD --ports 80', /no option --ports/],
  ['pilot-agent request GET stats', /reader's machine has no pilot-agent/],
  [
    'kubectl exec -n NAMESPACE POD -c istio-proxy -- pilot-agent request --debug-port 15090 GET stats/prometheus',
    /does not ask port 15090/,
  ],
  ['kubectl exec -n NAMESPACE POD -c istio-proxy -- pilot-agent request GET healthz/ready', /nobody answers/],
  ['curl http://POD_ADDRESS:15020/stats', /nobody answers/],
  ['iptables-save', /has no iptables-save/],
  ['for tool in nft iptables; do $tool; done', /has no nft/],
  ['echo $(nft list tables)', /has no nft/],
];

test.each(wrongCommands)('a wrong command fails: %s', (text, why) => {
  const told = pods.flatMap((pod) => runIn(pod, text).failures.map((failure) => failure.why));
  expect(told.join('\n')).toMatch(why);
});

test('a mark is neither too wide nor too narrow', () => {
  const text = 'kubectl logs -n NAMESPACE POD -c istio-proxy';
  const withMark = (marked: readonly string[]) => wrongWith(ofWay('x', text, { marked }));
  expect(withMark(podKinds.filter((kind) => kind !== 'ambient'))).toEqual([]);
  expect(withMark(podKinds).join()).toMatch(/no container istio-proxy/);
  expect(withMark(['sidecar', 'distroless', 'gateway']).join()).toMatch(/kind native-sidecar, too/);
  expect(withMark(['sidecars']).join()).toMatch(/no kind of pod "sidecars"/);
});

test('a pod of each kind is there, and each has its containers', () => {
  expect([...new Set(pods.map(({ kind }) => kind))].sort()).toEqual([...podKinds].sort());
});
