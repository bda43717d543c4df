/** MARK: the packet's mark becomes `(mark & ~mask) ^ value` (net/netfilter/xt_mark.c). */
import { type Option, optionValue, type Settle, type TargetExtension, targetOption } from '../extension.ts';
import { type Masked, maskedInFull, unsigned, wholeNumber } from '../values.ts';

/** All ways to write it are kept as `--set-xmark` (libxt_MARK.c). */
export const settleMark: Settle = (options) =>
  options.map((option): Option => {
    const { name, value } = option;
    const number = value as number;
    const as = (masked: Masked): Option => ({ ...option, name: '--set-xmark', value: masked });
    switch (name) {
      case '--set-mark': {
        const masked = value as Masked;
        return as({ value: masked.value, mask: unsigned(masked.value | masked.mask) });
      }
      case '--or-mark':
        return as({ value: number, mask: number });
      case '--and-mark':
        return as({ value: 0, mask: unsigned(~number) });
      case '--xor-mark':
        return as({ value: number, mask: 0 });
      default:
        return option;
    }
  });

export const markOptions = [
  targetOption<Masked>({ name: '--set-xmark', negatable: false, value: maskedInFull }),
  targetOption<Masked>({ name: '--set-mark', negatable: false, value: maskedInFull }),
  ...['--or-mark', '--and-mark', '--xor-mark'].map((name) =>
    targetOption<number>({ name, negatable: false, value: wholeNumber(0xffffffff) }),
  ),
];

export function marked(mark: number, { value, mask }: Masked): number {
  return unsigned((mark & ~mask) ^ value);
}

export const MARK: TargetExtension = {
  name: 'MARK',
  options: markOptions,
  settle: settleMark,
  act: (options, { packet }) => {
    const change = optionValue<Masked>(options, '--set-xmark');
    return {
      verdict: { kind: 'continue' },
      ...(change === undefined ? {} : { packet: { ...packet, mark: marked(packet.mark ?? 0, change) } }),
    };
  },
};
