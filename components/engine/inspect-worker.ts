/**
 * Reads and inspects a pasted text apart from the page, which stays responsive meanwhile, keeps its rules and walks
 * and compares on them.
 */
import { cutEnvoy, type Paste, readPaste } from '../../src/analysis/index.ts';
import type { AskedOfEnvoy } from '../../src/handbook/lab/envoy/index.ts';
import {
  type Anonymise,
  anonymiserOf,
  comparedSides,
  encodeDump,
  type Inspected,
  type InspectedWithEnvoy,
  type Inspection,
  inspectionWords,
  inspectPaste,
  labWalker,
  publishedPathsOn,
  type ShownPaths,
  ticket,
  withEnvoy,
  withWalks,
  writeCall,
} from '../../src/handbook/lab/index.ts';
import { encodePermalink, type State, type Walker } from '../../src/handbook/walk/index.ts';
import { type FromYaml, optionsFromYaml } from '../../src/istio/index.ts';
import type { Doing } from '../../src/words/index.ts';
import type { FromWorker, ToCompare, ToInspect, ToWalkEnvoy, ToWorker, ToWriteTicket } from './messages.ts';
import { answer } from './remote-walker.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
};

let inspected: Inspected | null = null;
let walker: (Walker & { readonly publishedPaths: () => ShownPaths }) | null = null;
let envoy: InspectedWithEnvoy['envoy'] = null;
/** What was read. */
let given: Pick<ToInspect, 'text' | 'pod'> = { text: '', pod: 0 };
/** The comparison that is wanted. */
let wanted = -1;

worker.onmessage = ({ data }) => {
  if (data.kind === 'text') void inspect(data);
  else if (data.kind === 'compare') void compare(data);
  else if (data.kind === 'ticket') void writeTicket(data);
  else if (data.kind === 'envoy') walkEnvoy(data);
  else if (walker !== null) worker.postMessage(answer(walker, data));
};

async function inspect({ text, pod }: ToInspect): Promise<void> {
  given = { text, pod };
  try {
    const progress = (done: number, doing: Doing) => worker.postMessage({ kind: 'progress', done, doing });
    progress(0.05, 'text');
    const cut = cutEnvoy(text);
    const paste = readPaste(cut.rest);
    ({ inspected, envoy } = await withEnvoy(
      inspectPaste(paste, pod, await yamlOf(paste, pod), progress),
      cut.envoy,
    ));
    const read = inspected;
    walker = { ...labWalker(read), publishedPaths: () => publishedPathsOn(read) };
    tell(inspected.inspection);
    await pause();
    tell(withWalks(inspected).inspection);
  } catch (error) {
    worker.postMessage({ kind: 'failed', because: error instanceof Error ? error.message : String(error) });
  }
}

function tell(inspection: Inspection): void {
  worker.postMessage({ kind: 'inspection', inspection, words: inspectionWords(inspection) });
}

function walkEnvoy({ number, asked }: ToWalkEnvoy): void {
  try {
    worker.postMessage({ kind: 'answer', number, answer: envoy?.walk(asked) ?? null });
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    worker.postMessage({ kind: 'refusal', number, because });
  }
}

/** What is asked meanwhile is answered first. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Names and addresses are replaced in what was pasted, which is read anew: so they are the same ones everywhere. */
async function writeTicket({ number, wish }: ToWriteTicket): Promise<void> {
  try {
    const { isAnonymous, hasText, lab } = wish;
    const replaced: Anonymise = isAnonymous
      ? anonymiserOf(given.text, crypto.getRandomValues(new Uint32Array(4)).join())
      : (one) => one;
    const text = replaced(given.text);
    const cut = cutEnvoy(text);
    const paste = readPaste(cut.rest);
    const read = inspectPaste(paste, given.pod, await yamlOf(paste, given.pod));
    const { inspected: again, envoy: ofEnvoy } = await withEnvoy(read, cut.envoy);
    const { inspection } = again;
    const state: State | null = JSON.parse(replaced(JSON.stringify(wish.state)));
    const asked: AskedOfEnvoy | null =
      ofEnvoy === null ? null : JSON.parse(replaced(JSON.stringify(wish.call)));
    const isWalked = state !== null && inspection.asksWith !== null;
    const connection = isWalked ? labWalker(again).text(state, 'Markdown') : null;
    const link = hasText ? await encodeDump(text) : null;
    const fragment =
      link?.kind === 'encoded'
        ? `#${[isWalked ? encodePermalink(state) : 'v=1', ...(asked === null ? [] : [writeCall(asked)]), link.part].join('&')}`
        : '';
    const call = asked === null ? null : (ofEnvoy?.walk(asked) ?? null);
    const written = ticket({ inspection, connection, call, lab, fragment });
    worker.postMessage({ kind: 'answer', number, answer: written });
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    worker.postMessage({ kind: 'refusal', number, because });
  }
}

/** Milliseconds between two looks at what else is asked. */
const patience = 60;

async function compare({ number, sides }: ToCompare): Promise<void> {
  wanted = number;
  if (sides === null) return;
  try {
    const { run, links } = await comparedSides(sides, inspected);
    let last = performance.now();
    for (let step = run.next(); wanted === number; step = run.next()) {
      if (step.done === true) {
        const comparison = step.value;
        worker.postMessage({
          kind: 'compared',
          number,
          comparison,
          links: comparison.connections.map(({ request }) => links(request)),
        });
        return;
      }
      if (performance.now() - last < patience) continue;
      worker.postMessage({ kind: 'comparing', number, done: step.value });
      await pause();
      last = performance.now();
    }
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    worker.postMessage({ kind: 'not compared', number, because });
  }
}

async function yamlOf({ pods }: Paste, pod: number): Promise<FromYaml | null> {
  const { yaml } = pods[pod] ?? {};
  if (yaml === undefined || yaml.lines.length === 0) return null;
  return optionsFromYaml(yaml.lines.join('\n'));
}
