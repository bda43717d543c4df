/**
 * The words for every condition: those of Istio's own rules, and here the others. To word a field otherwise: its line.
 */
import type {
  AddressBlock,
  Fields,
  TypesByInterface,
  UncommonFields,
  ValueRange,
} from '../../../netfilter/index.ts';
import { conditions as common } from './common.ts';
import {
  addressesWords,
  both,
  either,
  rangesWords,
  rangeWords,
  type Wording,
  type Wordings,
} from './wording.ts';

/** A field that is always a question: why the engine cannot say by itself. */
function question(subject: string, text: string): Wording<null> {
  return { subject, phrase: () => text };
}

function types(subject: string): Wording<readonly string[], readonly string[]> {
  return { subject, found: (list) => both(list) || 'none', wanted: either };
}

function typesByInterface(side: string): Wording<TypesByInterface, readonly string[]> {
  return {
    subject: `${side} type`,
    phrase: ({ found, wanted, negated }) =>
      `${side} type ${both(found?.types ?? []) || 'none'}, by the addresses of ${found?.interface ?? noInterface}, is ${negated ? '' : 'not '}${either(wanted)}`,
  };
}

/** `0x08` */
const byte = (number: number) => `0x${number.toString(16).padStart(2, '0')}`;

const noInterface = 'no interface';

const ttlWords = { '=': '', '<': 'less than ', '>': 'greater than ' };

const notCarried = { notTold: () => 'whether the packet carries it was not told' };
const headersNotTold = 'the extension headers of the packet were not told';

function connectionAddress(subject: string): Wording<string | null, AddressBlock> {
  return { subject, wanted: addressesWords };
}

function connectionPort(subject: string): Wording<number | null, ValueRange> {
  return { subject, wanted: (range) => rangeWords(range) };
}

const lookedAt = { absent: 'looked at', wanted: () => 'looked at' };
const lookedUp = { absent: 'looked up', wanted: () => 'looked up' };

const others: Wordings<UncommonFields> = {
  connection: { subject: 'connection', phrase: () => 'the packet belongs to no connection' },
  fragment: { subject: 'packet', absent: 'whole', wanted: () => 'a fragment' },
  eitherPort: {
    subject: 'one of the ports',
    found: (ports) => either(ports) || 'none',
    wanted: rangesWords,
  },
  tcpOption: {
    subject: 'TCP options',
    found: (hasSize) => (hasSize ? 'with MSS' : 'without MSS'),
    notTold: () => 'the options of the packet were not told',
  },
  tcpFlags: {
    subject: 'TCP flags',
    found: flagsWords,
    wanted: ({ mask, flags }) => `${flagsWords(flags)} of ${flagsWords(mask)}`,
  },
  socket: {
    subject: 'socket',
    found: (isThere) => (isThere ? 'present' : 'absent'),
    wanted: () => 'present',
  },
  supplementaryGroups: { subject: 'groups', ...lookedAt },
  groups: {
    subject: 'groups',
    phrase: ({ found, wanted, code, negated }) =>
      `the groups ${found?.join(', ')} are ${(code === 'holds') === negated ? 'not ' : ''}among ${rangeWords(wanted, '-')}`,
  },
  connectionProtocol: { subject: 'protocol of the connection' },
  originalSource: connectionAddress('original source'),
  originalDestination: connectionAddress('original destination'),
  replySource: connectionAddress('reply source'),
  replyDestination: connectionAddress('reply destination'),
  originalSourcePort: connectionPort('original source port'),
  originalDestinationPort: connectionPort('original destination port'),
  replySourcePort: connectionPort('reply source port'),
  replyDestinationPort: connectionPort('reply destination port'),
  connectionStatus: {
    subject: 'connection status',
    found: (list) => both(list) || 'NONE',
    wanted: either,
    notTold: () => 'whether conntrack holds the connection for ASSURED was not told',
  },
  connectionExpiry: {
    subject: 'time to live of the connection',
    notTold: () => 'it depends on the clock',
  },
  direction: { subject: 'direction' },
  socketFlag: { subject: 'socket', ...lookedUp },
  comment: { subject: 'comment', absent: 'any packet' },
  chunks: { subject: 'SCTP chunks', notTold: () => 'the chunks of the packet were not told' },
  icmpType: {
    subject: 'ICMP type',
    absent: 'a packet that is not ICMP',
    found: ({ type, code }) => `${type}/${code}`,
    wanted: ({ type, code }) => (type === null ? 'any' : code === null ? `${type}` : `${type}/${code}`),
  },
  sourceType: types('source type'),
  destinationType: types('destination type'),
  sourceTypeByInterface: typesByInterface('source'),
  destinationTypeByInterface: typesByInterface('destination'),
  typesByInterface: {
    subject: 'types',
    phrase: ({ found }) => `the address types hold by the addresses of ${found ?? noInterface}`,
  },
  typeFlag: { subject: 'interface', ...lookedAt },
  length: { subject: 'length', wanted: (range) => rangeWords(range) },
  ttl: { subject: 'TTL', wanted: ([relation, number]) => `${ttlWords[relation]}${number}` },
  mss: { subject: 'MSS', absent: 'none', wanted: (range) => rangeWords(range) },
  tos: { subject: 'TOS', found: byte, wanted: ({ value, mask }) => `${byte(value)}/${byte(mask)}` },
  dscp: { subject: 'DSCP', found: byte, wanted: byte },
  ect: { subject: 'ECT' },
  cwr: { subject: 'CWR', ...notCarried },
  ece: { subject: 'ECE', ...notCarried },
  hardwareAddress: { subject: 'hardware address', none: 'lo has no hardware addresses' },
  packetType: { subject: 'packet type' },
  wayBack: {
    subject: 'way back',
    phrase: ({ found }) => {
      if (found === null) return 'what comes in over lo is not questioned';
      switch (found.kind) {
        case 'own address':
          return `the source ${found.source} is this host's own`;
        case 'interface':
          return `the way back to ${found.source} is by ${found.interface}`;
        case 'none':
          return `there is no way back to ${found.source}`;
      }
    },
  },
  wayBackFlag: { subject: 'way back', ...lookedUp },
  bridgePort: {
    subject: 'bridge port',
    absent: 'none: the packet crosses no bridge',
    wanted: (port) => port ?? 'there',
    notTold: () => 'whether the packet crosses a bridge was not told',
  },
  setMember: {
    subject: 'address',
    wanted: ({ name, flags }) => `in the set ${name} by ${flags.join()}`,
    notTold: ({ name }) => membersNotTold(name),
  },
  memberOfSet: {
    subject: 'address',
    phrase: ({ found, wanted: { name, flags }, code, negated }) =>
      code === 'not told'
        ? membersNotTold(name)
        : `${found} is ${(code === 'holds') === negated ? 'not ' : ''}in the set ${name} by ${flags.join()}`,
  },
  nomatchElement: {
    subject: 'address',
    phrase: ({ found, wanted: { name, flags }, code, negated }) =>
      `${found} is ${(code === 'holds') === negated ? 'not ' : ''}a nomatch element of ${name} by ${flags.join()}`,
  },
  setFlag: { subject: 'set', phrase: () => 'asked' },
  setCounters: { subject: 'counters of the set', notTold: () => 'they were not told' },
  countersOfSet: question('counters of the set', 'the counters of the set were not told'),
  packetRate: question('rate', 'it depends on how many packets came before'),
  chance: question('chance', 'it depends on chance, or on how many packets came before'),
  seenBefore: question('earlier packets', 'it depends on the packets that came before'),
  clock: question('time', 'it depends on the clock'),
  bytesBefore: question('bytes', 'it depends on how many bytes came before'),
  connectionCount: question('connections', 'it depends on how many connections there are'),
  carried: question('bytes of the connection', 'it depends on what the connection has carried'),
  helper: question('helper', 'the helper of the connection was not told'),
  bytes: question('bytes of the packet', 'the bytes of the packet were not told'),
  content: question('content', 'what the packet carries was not told'),
  processor: question('processor', 'which processor handles the packet was not told'),
  interfaceGroup: question('interface group', 'the groups of the interfaces were not told'),
  ipsecPolicy: question('IPsec policy', 'the IPsec policy of the packet was not told'),
  controlGroup: question('control group', 'the control group of the process was not told'),
  realm: question('realm', 'the realm of the route was not told'),
  spi: question('SPI', 'the SPI of the packet was not told'),
  connectionLabel: question('connection label', 'the labels of the connection were not told'),
  connectionHash: question('hash', 'it depends on the hash of the connection'),
  extensionHeaders: question('extension headers', headersNotTold),
  linkAddress: question('hardware address', 'the hardware address of the packet was not told'),
  accounting: question('accounting object', 'the accounting object was not told'),
  virtualServer: question('virtual server', 'what the virtual server keeps was not told'),
};

function flagsWords(flags: readonly string[]): string {
  return flags.join() || 'NONE';
}

function membersNotTold(name: string): string {
  return `the members of the set ${name} were not told`;
}

export const conditions: Wordings<Fields> = { ...common, ...others };
