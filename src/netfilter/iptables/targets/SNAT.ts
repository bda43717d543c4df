/** SNAT: the source becomes another address or port (net/netfilter/xt_nat.c). */
import { type TargetExtension, targetOption } from '../extension.ts';
import {
  fullyRandomOption,
  type NatRange,
  natAction,
  natRange,
  persistentOption,
  randomOption,
} from './nat-range.ts';

export const SNAT: TargetExtension = {
  name: 'SNAT',
  tables: ['nat'],
  hooks: ['POSTROUTING', 'INPUT'],
  needsConntrack: () => true,
  options: [
    targetOption<NatRange>({ name: '--to-source', negatable: false, value: natRange }),
    randomOption,
    fullyRandomOption,
    persistentOption,
  ],
  act: (options) => natAction(options, '--to-source', 'source'),
};
