/** What each release does to every packet that opens a connection, as the page of releases tells it: held to the engine. */
import { describe, expect, test } from 'vitest';
import { type EndingPackets, releaseSteps, stepPackets } from '../../../src/handbook/tables/index.ts';
import { portOf } from '../../../src/istio/index.ts';
import { endingPacketsWords, roughEndWords } from '../../../src/words/index.ts';
import { seedOf } from '../../long/seed.ts';
import { holdEndings } from './hold-endings.ts';

const seed = seedOf(process.env);

const pairs = releaseSteps().flatMap((step) =>
  step.differences.map((difference) => ({
    name: `${step.before.name} and ${step.after.name} ${difference.name}`,
    isOwn: difference.isOwn,
    answer: stepPackets(step, difference) as EndingPackets,
  })),
);

const rowsOf = ({ answer }: (typeof pairs)[number]) =>
  answer.ending.map((kind) => [endingPacketsWords(kind), ...kind.ends.map(roughEndWords)].join(' | '));

test('every pair of releases whose rules differ is answered', () => {
  expect(pairs.length).toBeGreaterThan(30);
  expect(pairs.filter(({ answer }) => answer === null)).toEqual([]);
});

test('as the handbook is set, four steps changed what becomes of packets', () => {
  const { inbound, agent } = { inbound: portOf('envoy-inbound'), agent: 15004 };
  const refused = 'they are refused: nobody listens there';
  const notForThePod = 'the kernel drops those that are not for the pod';
  expect(
    Object.fromEntries(pairs.filter(({ isOwn }) => isOwn).map((one) => [one.name, rowsOf(one)])),
  ).toEqual({
    '1.24 and 1.25 as the handbook is set': [
      `From a process of the pod: TCP, to 127.0.0.1, port ${agent} | pilot-agent gets them at port ${agent} | ${refused}`,
    ],
    '1.17 and 1.18 as the handbook is set': [
      `From a process of the pod: TCP, from any address but 127.0.0.6, to an own address but 127.0.0.1, port 15008, uid 1337 | Envoy gets them at port ${inbound} | ${refused}`,
    ],
    // SSH was past Envoy until then.
    '1.12 and 1.13 as the handbook is set': [
      `In by eth0: TCP, from an address that is not its own, port 22 | ${refused}; ${notForThePod} | Envoy gets them at port ${inbound}`,
    ],
    '1.6 and 1.7 as the handbook is set': [
      `In by eth0: TCP, from an address that is not its own, port 15008 | Envoy gets them at port ${inbound} | ${refused}; ${notForThePod}`,
    ],
  });
});

test('where the same process gets them, the source is told', () => {
  const rows = pairs.find(({ name }) => name === '1.8 and 1.9 with DNS capture');
  expect(rows === undefined ? [] : rowsOf(rows)).toContain(
    'From a process of the pod: UDP, from 10.244.1.5, to 10.96.0.10, port 53, any uid but 1337, any gid but 1337 | pilot-agent gets them at port 15053, from 127.0.0.1 | pilot-agent gets them at port 15053, their source unchanged',
  );
});

test('groups of TCP are not listed', () => {
  for (const pair of pairs) expect(rowsOf(pair).join('\n'), pair.name).not.toMatch(/ and \d+ more|ff0/);
});

describe.each(pairs)('$name', ({ answer }) => {
  holdEndings(answer, seed);
});
