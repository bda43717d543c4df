/** DNAT: the destination becomes another address or port (net/netfilter/xt_nat.c). */
import { type TargetExtension, targetOption } from '../extension.ts';
import { type NatRange, natAction, natRange, persistentOption, randomOption } from './nat-range.ts';

export const DNAT: TargetExtension = {
  name: 'DNAT',
  tables: ['nat'],
  hooks: ['PREROUTING', 'OUTPUT'],
  needsConntrack: () => true,
  options: [
    targetOption<NatRange>({ name: '--to-destination', negatable: false, value: natRange }),
    randomOption,
    persistentOption,
  ],
  act: (options) => natAction(options, '--to-destination', 'destination'),
};
