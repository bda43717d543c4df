/** TOS and DSCP: the traffic class of the packet, whole or its upper six bits (net/netfilter/xt_DSCP.c). */
import { type Option, optionValue, type TargetExtension, targetOption } from '../extension.ts';
import { dscpClass, maskedByte, tosOf } from '../matches/tos.ts';
import { hexNumber, type Masked, wholeNumber } from '../values.ts';

export const TOS: TargetExtension = {
  name: 'TOS',
  tables: ['mangle'],
  options: [
    targetOption<Masked>({ name: '--set-tos', negatable: false, value: maskedByte }),
    ...['--and-tos', '--or-tos', '--xor-tos'].map((name) =>
      targetOption<number>({ name, negatable: false, value: wholeNumber(255) }),
    ),
  ],
  settle: (options) =>
    options.map((option): Option => {
      const { name, value } = option;
      const number = value as number;
      const as = (masked: Masked): Option => ({ ...option, name: '--set-tos', value: masked });
      if (name === '--and-tos') return as({ value: 0, mask: ~number & 255 });
      if (name === '--or-tos') return as({ value: number, mask: number });
      return name === '--xor-tos' ? as({ value: number, mask: 0 }) : option;
    }),
  act: (options, situation) => {
    const change = optionValue<Masked>(options, '--set-tos');
    const own = tosOf(situation);
    if (change === undefined) return { verdict: { kind: 'continue' } };
    if (own === null && change.mask !== 255)
      return {
        verdict: { kind: 'continue' },
        reason: { code: 'traffic class not told' },
      };
    return {
      verdict: { kind: 'continue' },
      packet: { ...situation.packet, tos: ((own ?? 0) & ~change.mask & 255) ^ change.value },
    };
  },
};

export const DSCP: TargetExtension = {
  name: 'DSCP',
  tables: ['mangle'],
  options: [
    targetOption<number>({ name: '--set-dscp', negatable: false, value: hexNumber(63, 2) }),
    targetOption<number>({ name: '--set-dscp-class', negatable: false, value: dscpClass }),
  ],
  settle: (options) =>
    options.map((option) =>
      option.name === '--set-dscp-class' ? { ...option, name: '--set-dscp' } : option,
    ),
  act: (options, situation) => {
    const value = optionValue<number>(options, '--set-dscp');
    const own = tosOf(situation);
    if (value === undefined) return { verdict: { kind: 'continue' } };
    if (own === null)
      return {
        verdict: { kind: 'continue' },
        reason: { code: 'traffic class not told' },
      };
    return { verdict: { kind: 'continue' }, packet: { ...situation.packet, tos: (own & 3) | (value << 2) } };
  },
};
