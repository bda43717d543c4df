/**
 * CT and NOTRACK: whether and in which zone conntrack looks a packet up (net/netfilter/xt_CT.c).
 *
 * Only the first of them that a packet meets counts, and over lo none does: the packet has its entry already.
 */
import { type Action, type Option, optionValue, type TargetExtension, targetOption } from '../extension.ts';
import { nothing, oneWord, readNumber, verbatim } from '../values.ts';

const zone = oneWord<number | 'mark'>(
  'zone',
  (text) => (text === 'mark' ? 'mark' : readNumber(text, 65535)),
  String,
);

function zonesOf(options: readonly Option[], mark: number): NonNullable<Action['zones']> {
  const of = (name: string) => {
    const value = optionValue<number | 'mark'>(options, name);
    return value === 'mark' ? mark & 0xffff : value;
  };
  const both = of('--zone');
  const original = of('--zone-orig') ?? both;
  const reply = of('--zone-reply') ?? both;
  return { ...(original === undefined ? {} : { original }), ...(reply === undefined ? {} : { reply }) };
}

export const CT: TargetExtension = {
  name: 'CT',
  tables: ['raw'],
  needsConntrack: (options) => !options.some(({ name }) => name === '--notrack'),
  options: [
    targetOption<null>({ name: '--notrack', negatable: false, value: nothing }),
    targetOption<string>({ name: '--helper', negatable: false, value: verbatim }),
    targetOption<string>({ name: '--timeout', negatable: false, value: verbatim }),
    targetOption<string>({ name: '--ctevents', negatable: false, value: verbatim }),
    targetOption<string>({ name: '--expevents', negatable: false, value: verbatim }),
    ...['--zone-orig', '--zone-reply', '--zone'].map((name) =>
      targetOption<number | 'mark'>({ name, negatable: false, value: zone }),
    ),
  ],
  act: (options, { packet }) =>
    options.some(({ name }) => name === '--notrack')
      ? { verdict: { kind: 'continue' }, untracked: true }
      : { verdict: { kind: 'continue' }, zones: zonesOf(options, packet.mark ?? 0) },
};

export const NOTRACK: TargetExtension = {
  name: 'NOTRACK',
  tables: ['raw'],
  options: [],
  act: () => ({ verdict: { kind: 'continue' }, untracked: true }),
};
