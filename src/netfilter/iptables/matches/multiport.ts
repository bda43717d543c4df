/** `-m multiport`: lists of ports and ranges (net/netfilter/xt_multiport.c). */
import { intervalOption, type MatchExtension, matchOption } from '../extension.ts';
import { portList, type ValueRange } from '../values.ts';
import { portDimension } from './ip.ts';
import { type PortField, rangeInterval } from './ports.ts';

function sideOption(name: string, alias: string, side: 'source' | 'destination') {
  return intervalOption<readonly ValueRange[], PortField>({
    name,
    aliases: [alias],
    negatable: true,
    value: portList,
    dimension: portDimension(side),
    intervals: (ranges) => ranges.map(rangeInterval),
  });
}

export const multiport: MatchExtension = {
  name: 'multiport',
  options: [
    sideOption('--sports', '--source-ports', 'source'),
    sideOption('--dports', '--destination-ports', 'destination'),
    matchOption<readonly ValueRange[]>({
      name: '--ports',
      negatable: true,
      value: portList,
      field: 'eitherPort',
      test:
        (ranges) =>
        ({ packet }) => {
          const found = [packet.sourcePort, packet.destinationPort].filter((port) => port !== undefined);
          return {
            holds: found.some((port) => ranges.some(([first, last]) => first <= port && port <= last)),
            found,
          };
        },
    }),
  ],
};
