/** What an option does to every first packet of a connection, and not to examples: those that end otherwise with it. */
import { packetsThatDiffer } from '../../analysis/index.ts';
import type { OptionName } from '../../istio/index.ts';
import { entranceWords, packetEndWords, packetExampleWords, packetsWords } from '../../words/index.ts';
import { exampleOf } from './options.ts';
import { outsideExample, surveyUnder } from './reached.ts';

/** Packets that end the same way without the option, and the same way with it. */
export interface PacketsEndingOtherwise {
  readonly where: string;
  readonly sets: readonly string[];
  readonly example: string;
  readonly without: string;
  readonly with: string;
}

/** In the handbook's pod, under the example of the option; null where it gives the pod other addresses. */
export function packetsEndingOtherwise(option: OptionName): readonly PacketsEndingOtherwise[] | null {
  const { before, after } = exampleOf(option);
  const [one, other] = [surveyUnder(before), surveyUnder(after)];
  const found = packetsThatDiffer(one, other, { by: 'ends', destinations: [outsideExample] });
  if (found === null) return null;
  if (!found.isWhole)
    throw new Error(`not all packets can be told apart with ${option}: ${found.open.join(', ')}`);
  return found.cases.map(({ packets, traversals: [without, withIt], parting }) => ({
    where: entranceWords(packets),
    sets: packetsWords(packets),
    example: packetExampleWords(packets.example),
    without: packetEndWords(without, parting[0]),
    with: packetEndWords(withIt, parting[1]),
  }));
}
