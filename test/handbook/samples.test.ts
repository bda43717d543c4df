/** The lab's samples: each is of its kind, and nothing in it is left unread. */
import { expect, test } from 'vitest';
import { sampleKinds, sampleOf } from '../../components/lab/samples.ts';
import { kinds, readPaste } from '../../src/analysis/index.ts';
import { inspect, inspectionWords } from '../../src/handbook/lab/index.ts';
import { optionsFromPod } from '../../src/istio/index.ts';

test('there is one of each kind', () => {
  expect([...sampleKinds, 'nothing'].toSorted()).toEqual(Object.keys(kinds).toSorted());
});

test.for(sampleKinds)('%s', async (kind) => {
  const text = await sampleOf(kind);
  const { yaml } = readPaste(text).pods[0] ?? {};
  const read =
    yaml === undefined || yaml.lines.length === 0 ? null : await optionsFromPod(yaml.lines.join('\n'));
  const { inspection } = inspect(text, 0, read);
  expect(inspection.recognised[0].kind).toBe(kind);
  expect(inspection.problems).toEqual([]);
  expect(inspectionWords(inspection).summary).toMatch(/^[A-Z].+\.$/);
});
