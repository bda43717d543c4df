import type { MatchExtension } from '../extension.ts';
import { portOptions, withoutAllPorts } from './ports.ts';

export const udp: MatchExtension = {
  name: 'udp',
  impliedBy: ['udp'],
  options: portOptions,
  settle: withoutAllPorts,
};
