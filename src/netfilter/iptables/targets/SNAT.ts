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
  purpose:
    'The packet comes from another address or port from here on, and conntrack translates the answers back.',
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
