/** `-m sctp`: ports; what chunks a packet has, the engine is not told. */
import { type MatchExtension, matchOption, type ValueKind } from '../extension.ts';
import { notTold } from '../situation.ts';
import { portOptions } from './ports.ts';

const chunkTypes: ValueKind<string> = {
  name: 'SCTP chunks',
  words: 2,
  read: ([which = '', list = '']) => {
    const isKnown = list === 'ALL' || list === 'NONE' || list.split(',').every(isChunk);
    return ['any', 'all', 'only'].includes(which) && isKnown ? `${which} ${inOrder(list)}` : null;
  },
  print: (text) => text,
};

const chunks = [
  'DATA',
  'INIT',
  'INIT_ACK',
  'SACK',
  'HEARTBEAT',
  'HEARTBEAT_ACK',
  'ABORT',
  'SHUTDOWN',
  'SHUTDOWN_ACK',
  'ERROR',
  'COOKIE_ECHO',
  'COOKIE_ACK',
  'ECN_ECNE',
  'ECN_CWR',
  'SHUTDOWN_COMPLETE',
  'I_DATA',
  'RE_CONFIG',
  'PAD',
  'ASCONF',
  'ASCONF_ACK',
  'FORWARD_TSN',
  'I_FORWARD_TSN',
];

/** `INIT`, `DATA:Be` */
function isChunk(text: string): boolean {
  const [name = '', flags = '', more] = text.split(':');
  return chunks.includes(name) && /^[a-z]*$/i.test(flags) && more === undefined;
}

function inOrder(list: string): string {
  const place = (chunk: string) => chunks.indexOf(chunk.split(':')[0] ?? '');
  return list
    .split(',')
    .sort((a, b) => place(a) - place(b))
    .join(',');
}

export const sctp: MatchExtension = {
  name: 'sctp',
  impliedBy: ['sctp'],
  options: [
    ...portOptions,
    matchOption<string>({
      name: '--chunk-types',
      negatable: true,
      value: chunkTypes,
      field: 'chunks',
      test: () => () => notTold,
    }),
  ],
};
