import type { MatchExtension } from '../extension.ts';
import { portOptions } from './ports.ts';

export const tcp: MatchExtension = {
  name: 'tcp',
  impliedBy: ['tcp'],
  purpose: 'The ports of TCP.',
  options: portOptions,
};
