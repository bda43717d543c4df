/**
 * The part `istio-iptables` of the long tests: every recorded answer of Istio's programs against `rulesFor`, and as root
 * also what the kernel lists of `rulesFor`. With a clone of Istio new option sets are drawn and its programs asked anew.
 */
import { rulesFor } from '../../../src/istio/index.ts';
import { missing } from '../../kernel/recording.ts';
import type { Task } from '../../long/parts.ts';
import { type Answer, ask, listLoaded, listNative, type Said } from './ask.ts';
import { chainsIn, differenceOf, linesDiffer, onlyOfIptables } from './compare.ts';
import { type OptionSet, optionSet } from './option-sets.ts';
import { programOf, tagOf } from './program.ts';
import { type Recorded, type Recording, readRecording } from './recorded.ts';

export async function compareRecorded(task: Task): Promise<boolean> {
  const recording = readRecording();
  if (recording === null) throw new Error('nothing is recorded: npm run record:istio -- PATH_TO_CLONE');
  const { clone, release: only } = task.options;
  const asksKernel = missing() === null;
  const releases = Object.entries(recording.releases).filter(([name]) => only === undefined || name === only);
  let compared = 0;
  let native = 0;
  let faults = 0;
  for (let number = task.from; number < task.from + task.amount && !task.isStopped(); number++) {
    for (const [release, recorded] of releases) {
      const asked = await answerFor(recording, recorded, number, task.seed, clone);
      if (asked === null) continue;
      const { set, said, nft } = asked;
      const wrong =
        differenceOf(recorded.tag, set, said) ??
        (asksKernel ? await kernelDifference(recorded.tag, set, said) : null) ??
        (asksKernel && nft !== undefined ? await nativeDifference(recorded.tag, set, nft) : null);
      compared++;
      if (nft !== undefined) native++;
      if (wrong === null) continue;
      faults++;
      console.log(`${release}, set ${number}: ${JSON.stringify(set)}\n${wrong}\n`);
    }
    task.reached(number + 1);
  }
  const listed = asksKernel
    ? `, loaded into the kernel and listed, ${native} of them of native nftables, too`
    : '; the kernel was not asked, it takes root';
  console.log(`${compared} answers of ${releases.length} releases compared${listed}: ${faults} differ`);
  return faults === 0 && compared > 0;
}

/** The answer for a number: the recorded one, or with a clone that of a program of now to a set of the seed. */
async function answerFor(
  { sets }: Recording,
  { tag, answers }: Recorded,
  number: number,
  seed: number,
  clone: string | undefined,
): Promise<(Answer & { readonly set: OptionSet }) | null> {
  if (clone !== undefined) {
    const set = optionSet(seed, number);
    return { set, ...(await ask(programOf(clone, tagOf(clone, tag)), set)) };
  }
  const [set, answer] = [sets[number], answers[number]];
  return set === undefined || answer === undefined ? null : { set, ...answer };
}

/** Where the kernel lists something else after `rulesFor` than after Istio's program; null where it does not. */
export async function kernelDifference(release: string, set: OptionSet, said: Said): Promise<string | null> {
  const { text, problems } = rulesFor(release, set);
  if (said === null || problems.some(({ severity }) => severity === 'error')) return null;
  const listed = await listLoaded(text);
  const differences = [
    ...linesDiffer('kernel, IPv4', chainsIn(said.v4), chainsIn(listed.v4)),
    ...linesDiffer('kernel, IPv6', chainsIn(said.v6), chainsIn(listed.v6)),
  ];
  return differences.length === 0 ? null : differences.join('\n');
}

/** The same of native nftables; `nft` is what was listed after Istio's program, null where it refused. */
export async function nativeDifference(
  release: string,
  set: OptionSet,
  nft: string | null,
): Promise<string | null> {
  const { text, problems } = rulesFor(release, { ...set, nativeNftables: true });
  if (problems.some(({ severity, code }) => severity === 'error' && onlyOfIptables.has(code))) return null;
  if (nft === null) return text.nft === null ? null : 'nft: Istio refuses the options, rulesFor does not';
  if (text.nft === null) return 'nft: Istio takes the options, rulesFor refuses them';
  const listed = await listNative(text.nft);
  if (listed === null) return 'nft: Istio takes the options, nft refuses what rulesFor makes';
  const lines = (given: string) => given.trim().split('\n');
  const differences = linesDiffer('nft', lines(nft), lines(listed));
  if (differences.length > 0) return differences.join('\n');
  return nft.trim() === listed.trim() ? null : 'nft: the same lines in another order';
}
