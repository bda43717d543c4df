/**
 * Reads and inspects a pasted text apart from the page, which stays responsive meanwhile. The rules of a large dump
 * are handed over piece by piece: taking all of them at once would hold the page up.
 */
import { readPaste } from '../../src/analysis/index.ts';
import { inspectRules, withWalks } from '../../src/handbook/index.ts';
import { type FromYaml, optionsFromPod } from '../../src/istio/index.ts';
import type { FromWorker, ToWorker } from './messages.ts';

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
};

/** Rules to a message. */
const piece = 2000;

worker.onmessage = async ({ data: { text, pod } }) => {
  try {
    const yaml = await yamlOf(text, pod);
    const inspected = inspectRules(text, pod, yaml, (done, doing) =>
      worker.postMessage({ kind: 'progress', done, doing }),
    );
    const { rulesets = {} } = inspected.pod;
    worker.postMessage({ kind: 'inspection', inspection: inspected.inspection });
    worker.postMessage({ kind: 'inspection', inspection: withWalks(inspected).inspection });
    for (const ruleset of [rulesets.v4, rulesets.v6]) {
      if (ruleset === undefined) continue;
      const { family } = ruleset;
      for (const { name: table, chains } of ruleset.tables) {
        for (const { rules, ...chain } of chains) {
          worker.postMessage({ kind: 'chain', family, table, chain });
          for (let at = 0; at < rules.length; at += piece)
            worker.postMessage({ kind: 'rules', rules: rules.slice(at, at + piece) });
        }
      }
    }
    worker.postMessage({ kind: 'done' });
  } catch (error) {
    worker.postMessage({ kind: 'failed', because: error instanceof Error ? error.message : String(error) });
  }
};

async function yamlOf(text: string, pod: number): Promise<FromYaml | null> {
  if (!/^\s*(apiVersion|kind|metadata|spec):/m.test(text)) return null;
  const { yaml } = readPaste(text).pods[pod] ?? {};
  if (yaml === undefined || yaml.lines.length === 0) return null;
  return optionsFromPod(yaml.lines.join('\n'));
}
