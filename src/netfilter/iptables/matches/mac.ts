/** `-m mac`: the hardware address that a packet was sent from. Over lo there is none, and neither form matches. */
import { type MatchExtension, matchOption } from '../extension.ts';
import { notTold } from '../situation.ts';
import { hardwareAddress } from '../values.ts';

export const mac: MatchExtension = {
  name: 'mac',
  hooks: ['PREROUTING', 'INPUT', 'FORWARD'],
  options: [
    matchOption<string>({
      name: '--mac-source',
      negatable: true,
      value: hardwareAddress,
      field: 'hardwareAddress',
      test:
        (address) =>
        ({ packet, ...devices }) => {
          if (devices.in === 'lo') return { holds: false, found: null, isFinal: true };
          if (packet.mac === undefined) return notTold;
          return { holds: packet.mac.toLowerCase() === address, found: packet.mac };
        },
    }),
  ],
};
