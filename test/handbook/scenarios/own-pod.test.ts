/** The worker of a page has a short form of the pod's workload: it is the one of the long form, where no real pod is told. */
import { expect, test } from 'vitest';
import { workloadOf as ofThePage } from '../../../src/handbook/scenarios/real-pod/common.ts';
import { workloadOf } from '../../../src/handbook/scenarios/real-pod/index.ts';

test.each([false, true])('with IPv6: %s', (hasV6) => {
  expect(ofThePage({}, hasV6)).toEqual(workloadOf({}, hasV6));
});
