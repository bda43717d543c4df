/** What a test asks: the kernel, or the recording of what it said. */
import { type KernelCase, runCase, type Said } from './case.ts';
import { eventLines } from './event.ts';
import { openPod, type Pod, type PodPlan, usualPod } from './pod.ts';
import { missing, modeOf, Recording } from './recording.ts';

export interface Kernel {
  /**
   * Puts a case to both back ends under a key that is unique in the test file. They must agree, unless `differ`.
   * Answers with what nft's said.
   */
  ask(
    key: string,
    one: KernelCase,
    options?: { readonly plan?: PodPlan; readonly differ?: boolean },
  ): Promise<readonly Said[]>;
  /** Ends all namespaces, and writes the recording if it was asked for. */
  end(): Promise<void>;
}

/** Opens the kernel for one test file; pods are opened when they are first needed. */
export function openKernel(name: string): Kernel {
  const recording = new Recording(name, modeOf(process.env, missing));
  const pods = new Map<string, Promise<Pod>>();
  const podOf = (plan: PodPlan) => {
    const key = JSON.stringify(plan);
    const known = pods.get(key) ?? openPod(plan);
    pods.set(key, known);
    return known;
  };
  return {
    async ask(key, one, { plan = usualPod, differ = false } = {}) {
      const answers = await recording.answer(key, plan, one, async (backend) =>
        runCase(await podOf(plan), backend, one),
      );
      const text = (said: readonly Said[]) => said.flatMap(saidLines).join('\n');
      if (!differ && text(answers.nft) !== text(answers.legacy))
        throw new Error(
          `the back ends differ about “${key}”\nnft:\n${text(answers.nft)}\nlegacy:\n${text(answers.legacy)}`,
        );
      return answers.nft;
    },
    async end() {
      recording.save();
      await Promise.allSettled([...pods.values()].map(async (pod) => (await pod).end()));
    },
  };
}

/** What was said about one packet, in lines: who took it, its events, and those of its answers. */
export function saidLines(said: Said): string[] {
  const { accepted, original } = said;
  const taken =
    accepted === undefined
      ? said.result
      : `taken at ${accepted.local.address}:${accepted.local.port} by ${
          accepted.by === 'remote' ? 'the peer' : `${accepted.by.uid}:${accepted.by.gid}`
        }${original === undefined ? '' : `, dialled ${original.address}:${original.port}`}`;
  return [
    ...eventLines(said.events),
    taken,
    ...said.replies.flatMap((reply) => ['reply', ...eventLines(reply.events)]),
  ];
}
