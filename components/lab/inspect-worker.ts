/**
 * Reads and inspects a pasted text apart from the page, which stays responsive meanwhile, keeps its rules and walks on
 * them.
 */
import { readPaste } from '../../src/analysis/index.ts';
import { compare, type Inspected, inspectRules, walkerOn, withWalks } from '../../src/handbook/index.ts';
import { type FromYaml, optionsFromPod, rulesFor } from '../../src/istio/index.ts';
import type { Rulesets } from '../../src/journey/index.ts';
import { parseDumps } from '../../src/netfilter/index.ts';
import { answer } from '../simulator/remote-walker.ts';
import type { Against, FromWorker, LabWalker, ToInspect, ToWorker } from './messages.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
};

let walker: LabWalker | null = null;

worker.onmessage = ({ data }) => {
  if (data.kind === 'text') void inspect(data);
  else if (walker !== null) worker.postMessage(answer(walker, data));
};

async function inspect({ text, pod }: ToInspect): Promise<void> {
  try {
    const yaml = await yamlOf(text, pod);
    const inspected = inspectRules(text, pod, yaml, (done, doing) =>
      worker.postMessage({ kind: 'progress', done, doing }),
    );
    walker = labWalker(inspected);
    worker.postMessage({ kind: 'inspection', inspection: inspected.inspection });
    // What is asked meanwhile is answered first.
    await new Promise((resolve) => setTimeout(resolve));
    worker.postMessage({ kind: 'inspection', inspection: withWalks(inspected).inspection });
  } catch (error) {
    worker.postMessage({ kind: 'failed', because: error instanceof Error ? error.message : String(error) });
  }
}

/** More rules than these are not compared: it would take too long. */
const mostRules = 5000;

function labWalker({ pod, inspection: { expected, read } }: Inspected): LabWalker {
  const { rulesets = {} } = pod;
  return {
    ...walkerOn(pod),
    compare(against: Against) {
      if (read.some(({ rules }) => rules > mostRules)) return null;
      if ('text' in against) {
        const others = parseDumps(against.text);
        return countRules(others) > mostRules ? null : compare(rulesets, others, expected);
      }
      const { v4, v6 } = rulesFor(against.release, expected.options);
      return compare(rulesets, v6 === null ? { v4 } : { v4, v6 }, expected);
    },
  };
}

function countRules({ v4, v6 }: Rulesets): number {
  const chains = [v4, v6].flatMap((ruleset) => ruleset?.tables.flatMap((table) => table.chains) ?? []);
  return chains.reduce((sum, { rules }) => sum + rules.length, 0);
}

async function yamlOf(text: string, pod: number): Promise<FromYaml | null> {
  if (!/^\s*(apiVersion|kind|metadata|spec):/m.test(text)) return null;
  const { yaml } = readPaste(text).pods[pod] ?? {};
  if (yaml === undefined || yaml.lines.length === 0) return null;
  return optionsFromPod(yaml.lines.join('\n'));
}
