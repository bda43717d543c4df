/** CONNMARK: the mark of the connection is set, taken from the packet, or put on it (net/netfilter/xt_connmark.c). */
import {
  type Option,
  optionValue,
  type Settle,
  type TargetExtension,
  targetOption,
  withDefault,
} from '../extension.ts';
import { hexNumber, type Masked, nothing, unsigned } from '../values.ts';
import { marked, markOptions, settleMark } from './MARK.ts';

const allBits = 0xffffffff;

/** `--mask` is both masks; without any, all bits count. */
const settle: Settle = (options, family) => {
  const mask = optionValue<number>(options, '--mask');
  const marks = settleMark(
    options.filter(({ name }) => name !== '--mask'),
    family,
  );
  const copies = marks.some(({ name }) => name === '--save-mark' || name === '--restore-mark');
  if (!copies) return marks;
  return withDefault(withDefault(marks, '--nfmask', mask ?? allBits), '--ctmask', mask ?? allBits);
};

const maskOption = (name: string) =>
  targetOption<number>({ name, negatable: false, value: hexNumber(allBits) });

function has(options: readonly Option[], name: string): boolean {
  return options.some((option) => option.name === name);
}

export const CONNMARK: TargetExtension = {
  name: 'CONNMARK',
  needsConntrack: () => true,
  options: [
    ...markOptions,
    targetOption<null>({ name: '--save-mark', negatable: false, value: nothing }),
    targetOption<null>({ name: '--restore-mark', negatable: false, value: nothing }),
    maskOption('--nfmask'),
    maskOption('--ctmask'),
    maskOption('--mask'),
  ],
  settle,
  act: (options, { packet, connection }) => {
    if (connection === null)
      return {
        verdict: { kind: 'continue' },
        reason: { code: 'no connection to mark' },
      };
    const change = optionValue<Masked>(options, '--set-xmark');
    const ours = optionValue<number>(options, '--ctmask') ?? allBits;
    const packets = optionValue<number>(options, '--nfmask') ?? allBits;
    const mark = packet.mark ?? 0;
    if (change !== undefined)
      return { verdict: { kind: 'continue' }, connectionMark: marked(connection.mark, change) };
    if (has(options, '--save-mark')) {
      const saved = unsigned((connection.mark & ~ours) ^ (mark & packets));
      return { verdict: { kind: 'continue' }, connectionMark: saved };
    }
    const restored = unsigned((mark & ~packets) ^ (connection.mark & ours));
    return { verdict: { kind: 'continue' }, packet: { ...packet, mark: restored } };
  },
};
