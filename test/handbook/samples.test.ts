/** The lab's samples: each is of its kind, and nothing in it is left unread. */
import { expect, test } from 'vitest';
import { sampleKinds, sampleOf } from '../../components/lab/samples.ts';
import { cutEnvoy, kinds, readPaste } from '../../src/analysis/index.ts';
import { inspect, inspectionWords, withEnvoy } from '../../src/handbook/lab/index.ts';
import { decodePermalink } from '../../src/handbook/walk/index.ts';
import { optionsFromYaml } from '../../src/istio/index.ts';

test('there is one of each kind', () => {
  expect([...sampleKinds, 'nothing'].toSorted()).toEqual(Object.keys(kinds).toSorted());
});

test.for(sampleKinds)('%s', async (kind) => {
  const { rest: text, envoy } = cutEnvoy(await sampleOf(kind));
  const { yaml } = readPaste(text).pods[0] ?? {};
  const read =
    yaml === undefined || yaml.lines.length === 0 ? null : await optionsFromYaml(yaml.lines.join('\n'));
  const { inspection } = (await withEnvoy(inspect(text, 0, read), envoy)).inspected;
  expect(inspection.recognised[0].kind).toBe(kind);
  expect(inspection.envoy?.words.problems ?? []).toEqual([]);
  expect(inspection.problems).toEqual([]);
  expect(inspectionWords(inspection).summary).toMatch(/^[A-Z].+\.$/);
});

test.for([
  ['pod as YAML', 'It asks for the rules of Istio 1.31.0 with outboundPortsExclude 3306.'],
  [
    'settings as YAML',
    'It asks for the rules of Istio 1.31.0 with DNS capture, outboundPortsExclude 3306 and outboundIPRangesExclude 169.254.169.254/32.',
  ],
] as const)('%s tells what rules follow from it', async ([kind, says]) => {
  const text = await sampleOf(kind);
  const { inspection } = inspect(text, 0, await optionsFromYaml(text));
  const { asks } = inspectionWords(inspection);
  expect(asks?.says).toContain(says);
  expect(decodePermalink(`#${asks?.fragment}`).state).toMatchObject(inspection.asks ?? {});
  expect(inspection.findings).toEqual([]);
});

test('what is of no pod asks for nothing', async () => {
  const text =
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: a\nspec:\n  host: a\n';
  const { inspection } = inspect(text, 0, await optionsFromYaml(text));
  expect(inspection.asks).toBeNull();
  expect(inspection.findings).toEqual([]);
});
