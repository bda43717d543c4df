import type { MatchExtension } from '../extension.ts';
import { portOptions } from './ports.ts';

export const dccp: MatchExtension = {
  name: 'dccp',
  impliedBy: ['dccp'],
  options: portOptions,
};
