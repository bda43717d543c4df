/** The lab in a reader's hands: what becomes of a text, with a real inspection that answers when it is let. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  anotherText,
  asThese,
  type Choice,
  choicesShown,
  decodeDump,
  encodeDump,
  inspectionWords,
  inspectRules,
  isRelease,
  type LabEvent,
  type LabSession,
  labAfter,
  largestPaste,
  newLab,
  noChoice,
  scenarioInLink,
  sideOf,
  these,
  withWalks,
} from '../../../src/handbook/lab/index.ts';
import { walkerOn } from '../../../src/handbook/walk/index.ts';
import type { Options } from '../../../src/istio/index.ts';
import { lineText } from '../../../src/render/index.ts';
import { tooLargeWords } from '../../../src/words/index.ts';
import { goldenCalls, goldenDumps } from '../walk/golden-links.ts';

const dump = (name: string) => readFileSync(join(import.meta.dirname, '../../analysis/dumps', name), 'utf8');
const hotfix = dump('03-hand-added-return.txt');
const wrongOrder = dump('04-wrong-order.txt');
const twoPods = `==> reviews-v1 <==\n${hotfix}\n==> ratings-v1 <==\n${wrongOrder}`;

function hear(lab: LabSession, ...events: readonly LabEvent[]): LabSession {
  return events.reduce(labAfter, lab);
}

function put(lab: LabSession, text: string): LabSession {
  return labAfter(lab, { kind: 'put', text });
}

/** All that a worker tells of the text that is to be read. */
function reading({ reading: wanted }: LabSession): readonly LabEvent[] {
  if (wanted === null) throw new Error('nothing is to be read');
  const { number, text, pod } = wanted;
  const inspected = inspectRules(text, pod);
  const told = [inspected, withWalks(inspected)].map(
    ({ inspection }): LabEvent => ({
      kind: 'inspection',
      number,
      inspection,
      words: inspectionWords(inspection),
    }),
  );
  return [{ kind: 'progress', number, done: 0.5, doing: 'rules' }, ...told];
}

function read(lab: LabSession): LabSession {
  return hear(lab, ...reading(lab));
}

/** The connection that is to be walked, walked on the rules that were read. */
function walk(lab: LabSession): LabSession {
  if (lab.own === null || lab.reading === null) throw new Error('nothing is to be walked');
  const { pod } = inspectRules(lab.reading.text, lab.reading.pod);
  const walked = walkerOn(pod).walk(lab.own.state);
  return hear(lab, { kind: 'connection', number: lab.own.number, result: { kind: 'walked', walked } });
}

const found = ({ inspecting }: LabSession) =>
  inspecting.state === 'ready' ? inspecting.words.findings.map(({ id }) => id) : null;
const path = ({ own }: LabSession) =>
  own?.result?.kind === 'walked' ? own.result.walked.lines.map(lineText) : null;

describe('a text', () => {
  test('is read, shown with its first connection, and then with the walks of the six types', () => {
    const pasted = put(newLab, hotfix);
    expect(pasted.inspecting).toEqual({ state: 'working', done: 0, doing: 'start' });
    expect(pasted.reading).toMatchObject({ text: hotfix, pod: 0 });
    const [progress, rules, walks] = reading(pasted) as [LabEvent, LabEvent, LabEvent];
    const working = hear(pasted, progress);
    expect(working.inspecting).toEqual({ state: 'working', done: 0.5, doing: 'rules' });
    const ready = hear(working, rules);
    expect(ready.inspecting).toMatchObject({ state: 'ready', inspection: { walks: null } });
    expect(ready.own).toMatchObject({ state: { scenario: 'local-to-remote' }, result: null });
    const walked = walk(ready);
    expect(path(walked)?.[0]).toContain('ISTIO_OUTPUT 1 ▸');
    // The connection that is looked at stays as it is.
    const whole = hear(walked, walks);
    expect(whole.own).toBe(walked.own);
    expect(whole.inspecting).not.toMatchObject({ inspection: { walks: null } });
    expect(whole.reading).toBe(pasted.reading);
  });

  test('that is blank is not read, and takes away what was there', () => {
    for (const text of ['', ' \n\t']) {
      const cleared = put(read(put(newLab, hotfix)), text);
      expect(cleared).toMatchObject({ text, reading: null, inspecting: { state: 'idle' }, own: null });
    }
  });

  test('in the place of another: what was read is shown until the reading begins, and what comes late is ignored', () => {
    const first = walk(read(put(newLab, hotfix)));
    const second = put(first, wrongOrder);
    expect(found(second)).toEqual(found(first));
    expect(second.own).toBe(first.own);
    expect(hear(second, ...reading(first))).toEqual(second);
    const begun = hear(second, reading(second)[0] as LabEvent);
    expect(begun.own).toBeNull();
    const ready = read(begun);
    expect(found(ready)).not.toEqual(found(first));
    const number = first.own?.number ?? -1;
    expect(hear(ready, { kind: 'connection', number, result: { kind: 'not walked', because: '' } })).toEqual(
      ready,
    );
  });

  test('that is the same is read once', () => {
    const once = read(put(newLab, hotfix));
    expect(put(once, hotfix)).toEqual(once);
    const working = put(newLab, hotfix);
    expect(put(working, hotfix)).toEqual(working);
  });

  test('that was stopped, or could not be inspected, is read when it is pasted again', () => {
    const pasted = put(newLab, hotfix);
    const number = pasted.reading?.number ?? -1;
    const stopped = hear(pasted, { kind: 'stop' });
    expect(stopped).toMatchObject({ text: hotfix, reading: null, inspecting: { state: 'idle' } });
    expect(hear(stopped, ...reading(pasted))).toEqual(stopped);
    const failed = hear(pasted, { kind: 'not inspected', number, because: 'lost' });
    expect(failed).toMatchObject({ reading: null, inspecting: { state: 'failed', because: 'lost' } });
    for (const lab of [stopped, failed]) {
      const again = put(lab, hotfix);
      expect(again.inspecting.state).toBe('working');
      expect(again.reading?.number).toBeGreaterThan(number);
      expect(found(read(again))).toEqual(found(read(pasted)));
    }
  });

  test('that the worker failed on too late is no failure', () => {
    const first = put(newLab, hotfix);
    const second = put(first, wrongOrder);
    const number = first.reading?.number ?? -1;
    expect(hear(second, { kind: 'not inspected', number, because: 'lost' })).toEqual(second);
  });
});

describe('of several pods', () => {
  test('another one is read, and a new text begins with its first', () => {
    const first = read(put(newLab, twoPods));
    const second = hear(first, { kind: 'pod', pod: 1 });
    expect(second.reading).toMatchObject({ text: twoPods, pod: 1 });
    const ready = read(second);
    expect(ready.inspecting).toMatchObject({ inspection: { chosen: 1 } });
    expect(found(ready)).toEqual(found(read(put(newLab, wrongOrder))));
    expect(put(ready, hotfix)).toMatchObject({ pod: 0, reading: { pod: 0 } });
    // The same text, pasted again, too.
    expect(put(ready, twoPods)).toMatchObject({ pod: 0, reading: { pod: 0 } });
  });
});

describe('a connection', () => {
  const state = { scenario: 'sidecar-to-istiod' };

  test('is opened on the rules that are there, once', () => {
    const ready = walk(read(put(newLab, hotfix)));
    const opened = hear(ready, { kind: 'open', state });
    expect(opened.own).toMatchObject({ state, result: null });
    const walked = walk(opened);
    expect(path(walked)?.[0]).toContain('pilot-agent uid 1337');
    expect(hear(walked, { kind: 'open', state: { ...state } })).toEqual(walked);
    // One that was asked for before, and comes late.
    const number = ready.own?.number ?? -1;
    expect(hear(opened, { kind: 'connection', number, result: { kind: 'not walked', because: '' } })).toEqual(
      opened,
    );
  });

  test('stays opened when other rules are pasted', () => {
    const opened = hear(read(put(newLab, hotfix)), { kind: 'open', state });
    expect(read(put(opened, wrongOrder)).own?.state).toEqual(state);
  });

  test('is opened on a text that takes the place of the first, once that is read', () => {
    const ready = walk(read(put(newLab, hotfix)));
    const opened = hear(ready, { kind: 'open', state, text: wrongOrder });
    expect(opened).toMatchObject({ text: wrongOrder, opens: state, own: null });
    expect(read(opened).own).toMatchObject({ state, result: null });
  });

  test('is walked on rules of a sidecar and of ambient mode, and on no others', () => {
    const text = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
    const ambient = read(put(newLab, text('../../analysis/pastes/ambient-save.txt')));
    expect(ambient.own?.state).toEqual({ scenario: 'ambient-service' });
    for (const kind of ['another-mesh', 'node', 'gateway', 'kubevirt']) {
      const ready = read(put(newLab, text(`../../../components/lab/samples/${kind}.txt`)));
      expect(ready.inspecting.state).toBe('ready');
      expect(ready.own).toBeNull();
    }
  });

  test('that cannot be walked says why', () => {
    const ready = read(put(newLab, hotfix));
    const number = ready.own?.number ?? -1;
    const failed = hear(ready, { kind: 'connection', number, result: { kind: 'not walked', because: 'no' } });
    expect(failed.own?.result).toEqual({ kind: 'not walked', because: 'no' });
  });
});

describe('a link', () => {
  test('is made of the text that is there, and of no other', async () => {
    const pasted = put(newLab, hotfix);
    const link = await encodeDump(hotfix);
    const linked = hear(pasted, { kind: 'link made', text: hotfix, link });
    expect(linked.link).toMatch(/^dump=/);
    expect(put(linked, wrongOrder).link).toBeNull();
    expect(hear(put(linked, wrongOrder), { kind: 'link made', text: hotfix, link }).link).toBeNull();
    // Another pod is of the same text.
    expect(hear(linked, { kind: 'pod', pod: 1 }).link).toBe(linked.link);
    const tooLong = { kind: 'too long', length: 99_999 } as const;
    expect(hear(linked, { kind: 'link made', text: hotfix, link: tooLong }).link).toBeNull();
  });

  const opened = async (fragment: string, lab = newLab) =>
    hear(lab, { kind: 'link opened', fragment, decoded: await decodeDump(fragment) });

  test.for(goldenDumps)('%s is opened as if its text had been pasted', async ([link, , text]) => {
    expect(await opened(link)).toEqual({ ...put(newLab, text), isFromLink: true });
  });

  test('a text that came by one is in the address; the next one is not', async () => {
    const [link] = goldenDumps[0] as (typeof goldenDumps)[number];
    const there = await opened(link);
    expect(there.isFromLink).toBe(true);
    expect(put(there, there.text).isFromLink).toBe(true);
    expect(put(there, wrongOrder).isFromLink).toBe(false);
  });

  test('without a text changes nothing', async () => {
    const ready = read(put(newLab, hotfix));
    expect(await opened('#v=1&scenario=local-to-remote', ready)).toBe(ready);
  });

  test('that was cut off is read as far as it goes, and says so until something is pasted', async () => {
    const [whole] = goldenDumps[0] as (typeof goldenDumps)[number];
    const cut = await opened(whole.slice(0, -41));
    expect(cut.text).toMatch(/^\*nat\n/);
    expect(cut.reading).not.toBeNull();
    expect(cut.unread).toMatchObject({
      kind: 'link',
      damaged: { damage: { kind: 'cut off or changed' } },
      connection: null,
    });
    expect(put(cut, hotfix).unread).toBeNull();
  });

  test('of which nothing can be read leads to its connection all the same', async () => {
    const nonsense = await opened('#v=1&from=Envoy&dump=AAAA');
    expect(nonsense).toMatchObject({ text: '', reading: null });
    expect(nonsense.unread).toMatchObject({ kind: 'link', connection: '#v=1&from=Envoy' });
    expect((await opened('#v=1&dump=AAAA')).unread).toMatchObject({ connection: null });
  });

  test('says of which scenario its connection is, in ambient mode too', () => {
    expect(scenarioInLink('#v=1&scenario=ambient-service&to=10.96.0.7:80')).toBe('ambient-service');
    expect(scenarioInLink('#v=1&from=Envoy')).toBe('');
    expect(scenarioInLink('#v=1&scenario=%E0%A4%A')).not.toBe('ambient-service');
  });
});

test('files that cannot be read leave what is there', () => {
  const ready = read(put(newLab, hotfix));
  const failed = hear(ready, { kind: 'over', isOver: true }, { kind: 'files not read', because: 'gone' });
  expect(failed).toEqual({ ...ready, isOver: true, unread: { kind: 'files', because: 'gone' } });
  expect(put(failed, wrongOrder).unread).toBeNull();
});

test('a text or files of 100 MB leave what is there, and what is to be put in is said', () => {
  const ready = read(put(newLab, hotfix));
  const size = 100 * 1024 * 1024;
  const refused = { ...ready, unread: { kind: 'too large', size } };
  expect(put(ready, 'x'.repeat(size))).toEqual(refused);
  expect(hear(ready, { kind: 'files too large', size })).toEqual(refused);
  expect(tooLargeWords(size, largestPaste)).toBe(
    'Nothing of this was read: it has 100 MB, and at most 64 MB are read here. Put in the part that is about the pod: 50,000 rules have 5 MB. What Envoy was told is smaller without its endpoints, as pilot-agent request GET config_dump prints it.',
  );
});

describe('the sides of a comparison', () => {
  const sides = (choices: readonly [Choice, Choice], ofThese: Partial<Options> | null) =>
    choicesShown(choices, ofThese !== null).map((choice) => sideOf(choice, ofThese));
  const made = { outboundPortsExclude: '80' };
  const release = { ...noChoice, rules: '1.29' };

  test('are not chosen at first; with rules in the page those are A', () => {
    expect(sides([noChoice, noChoice], null)).toEqual([null, null]);
    expect(sides([noChoice, noChoice], made)).toEqual([{ kind: 'these' }, null]);
  });

  test('a release has the options of the rules in the page, unless others are chosen', () => {
    const setting = (options: Partial<Options>) => ({
      kind: 'setting',
      setting: { release: '1.29', options },
    });
    expect(sides([noChoice, release], made)).toEqual([
      { kind: 'these' },
      { ...setting(made), isAsThese: true },
    ]);
    expect(sides([release, release], null)).toEqual([setting({}), setting({})]);
    const tproxy = { ...release, options: 'in TPROXY mode' };
    expect(sides([release, tproxy], made)).toEqual([
      setting({}),
      setting({ inboundInterceptionMode: 'TPROXY' }),
    ]);
    // The rules that it was chosen for are gone.
    expect(sides([{ ...release, options: asThese }, release], null)).toEqual([setting({}), setting({})]);
    expect(sides([{ ...noChoice, rules: these }, release], null)[0]).toBeNull();
  });

  test('another text is one once something is pasted', () => {
    const empty = { ...noChoice, rules: anotherText, text: ' \n' };
    expect(sides([empty, { ...empty, text: wrongOrder }], null)).toEqual([
      null,
      { kind: 'text', text: wrongOrder },
    ]);
    expect([empty, release, noChoice, { ...noChoice, rules: these }].map(isRelease)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('a link to a connection through a pasted Envoy', () => {
  test.for(goldenCalls)('%s', async ([fragment, asked, text]) => {
    const decoded = await decodeDump(fragment);
    const lab = labAfter(newLab, { kind: 'link opened', fragment, decoded });
    expect(lab).toMatchObject({ text, call: { asked }, isFromLink: text !== '' });
    // A text that comes apart is walked with it; one that is cleared takes it along.
    expect(put(lab, 'other').call?.asked).toEqual(asked);
    expect(put(put(lab, 'other'), '').call).toBeNull();
  });
});
