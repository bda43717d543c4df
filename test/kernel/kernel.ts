/** What a test asks: the kernel, or the recording of what it said. */
import { type KernelCase, type Reply, runCase, type Said } from './case.ts';
import { eventLines, readEventLines } from './event.ts';
import { type Backend, openPod, type Pod } from './pod.ts';
import { type PodPlan, usualPod } from './pod-plan.ts';
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
  /** The same, with what each of them said. */
  askBoth(key: string, one: KernelCase): Promise<{ readonly [backend in Backend]: readonly Said[] }>;
  /** Puts any question to both back ends; the answer is plain JSON, and `question` is what it hangs on. */
  answer<Answer>(
    key: string,
    question: { readonly plan: PodPlan; readonly [more: string]: unknown },
    live: (pod: Pod, backend: Backend, isPatient: boolean) => Promise<Answer>,
  ): Promise<{ readonly [backend in Backend]: Answer }>;
  /** Ends all namespaces, and writes the recording if it was asked for. */
  end(): Promise<void>;
}

/** Ten times as long until a dial is given up: a machine that has much else to do is slow to answer. */
const patient = (one: KernelCase): KernelCase =>
  one.timeout === undefined ? one : { ...one, timeout: one.timeout * 10 };

const mostPods = 4;

/** Pods by their plans; the one that was used longest ago ends when there are too many. */
class Pods {
  readonly #open = new Map<string, Promise<Pod>>();

  async of(plan: PodPlan): Promise<Pod> {
    const key = JSON.stringify(plan);
    const pod = this.#open.get(key) ?? openPod(plan);
    this.#open.delete(key);
    this.#open.set(key, pod);
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostPods && oldest !== undefined) {
      const ending = this.#open.get(oldest);
      this.#open.delete(oldest);
      await (await ending)?.end();
    }
    return pod;
  }

  async end(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map(async (pod) => (await pod).end()));
  }
}

/** Opens the kernel for one test file; pods are opened when they are first needed. */
export function openKernel(name: string): Kernel {
  const recording = new Recording(name, modeOf(process.env, missing));
  const pods = new Pods();
  const kernel: Kernel = {
    async ask(key, one, { plan = usualPod, differ = false } = {}) {
      const { rulesets, ...rest } = one;
      const written = await kernel.answer(key, { plan, rulesets, ...rest }, async (pod, backend, isPatient) =>
        write(await runCase(pod, backend, isPatient ? patient(one) : one)),
      );
      const answers = { nft: read(written.nft), legacy: read(written.legacy) };
      const text = (said: readonly Said[]) => said.flatMap(saidLines).join('\n');
      if (!differ && text(answers.nft) !== text(answers.legacy))
        throw new Error(
          `the back ends differ about “${key}”\nnft:\n${text(answers.nft)}\nlegacy:\n${text(answers.legacy)}`,
        );
      return answers.nft;
    },
    async askBoth(key, { rulesets, ...rest }) {
      const one = { rulesets, ...rest };
      const question = { plan: usualPod, rulesets, ...rest };
      const written = await kernel.answer(key, question, async (pod, backend, isPatient) =>
        write(await runCase(pod, backend, isPatient ? patient(one) : one)),
      );
      return { nft: read(written.nft), legacy: read(written.legacy) };
    },
    answer(key, question, live) {
      return recording.answer(key, question, async (backend, isPatient) =>
        live(await pods.of(question.plan), backend, isPatient),
      );
    },
    async end() {
      recording.save();
      await pods.end();
    },
  };
  return kernel;
}

/** As it is recorded: events as lines. */
type Written<Thing> = Omit<Thing, 'events' | 'replies'> & { readonly events: readonly string[] };
type WrittenSaid = Written<Said> & { readonly replies: readonly Written<Reply>[] };

function write(said: readonly Said[]): WrittenSaid[] {
  return said.map((each) => ({
    ...each,
    events: eventLines(each.events),
    replies: each.replies.map((reply) => ({ ...reply, events: eventLines(reply.events) })),
  }));
}

function read(said: readonly WrittenSaid[]): Said[] {
  return said.map((each) => {
    const { protocol } = each.packet;
    return {
      ...each,
      events: readEventLines(each.events, protocol),
      replies: each.replies.map((reply) => ({ ...reply, events: readEventLines(reply.events, protocol) })),
    };
  });
}

/** What was said about one packet, in lines: its events, who took it, and the events of its answers. */
export function saidLines(said: Said): string[] {
  const { accepted, original } = said;
  const by = accepted?.by === 'remote' ? 'the peer' : `${accepted?.by.uid}:${accepted?.by.gid}`;
  const dialled = original === undefined ? '' : `, dialled ${original.address} port ${original.port}`;
  const taken =
    accepted === undefined
      ? said.result
      : `taken at ${accepted.local.address} port ${accepted.local.port} by ${by}${dialled}`;
  return [
    ...eventLines(said.events),
    taken,
    ...said.replies.flatMap((reply) => ['reply', ...eventLines(reply.events)]),
  ];
}
