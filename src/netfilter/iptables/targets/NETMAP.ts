/** NETMAP: the network part of an address is replaced, the rest stays (net/netfilter/xt_NETMAP.c). */
import type { Prefix } from '../../model/address.ts';
import { optionValue, type TargetExtension, targetOption } from '../extension.ts';
import { prefix } from '../values.ts';

export const NETMAP: TargetExtension = {
  name: 'NETMAP',
  tables: ['nat'],
  needsConntrack: () => true,
  options: [targetOption<Prefix>({ name: '--to', negatable: false, value: prefix })],
  act: (options, { hook }) => {
    const network = optionValue<Prefix>(options, '--to');
    const side = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'destination' : 'source';
    return { verdict: { kind: 'accept' }, ...(network === undefined ? {} : { nat: { side, network } }) };
  },
};
