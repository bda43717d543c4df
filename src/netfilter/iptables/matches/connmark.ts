/** `-m connmark`: the mark of the packet's connection; without one neither it nor its negation matches. */
import { type MatchExtension, matchOption } from '../extension.ts';
import { type Masked, masked, unsigned } from '../values.ts';

export const connmark: MatchExtension = {
  name: 'connmark',
  needsConntrack: true,
  options: [
    matchOption<Masked>({
      name: '--mark',
      negatable: true,
      value: masked,
      field: 'connectionMark',
      test:
        ({ value, mask }) =>
        ({ connection }) =>
          connection === null
            ? { holds: false, found: null, isFinal: true }
            : { holds: unsigned(connection.mark & mask) === value, found: connection.mark },
    }),
  ],
};
