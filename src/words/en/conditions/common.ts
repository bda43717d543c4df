/**
 * The words for the conditions of `iptables/matches/common.ts`: all that a page says whose rules are Istio's own.
 */
import {
  type AddressBlock,
  type AddressSpan,
  type CommonFields,
  printAddress,
  printEndpoint,
  protocolName,
  protocolNumber,
  readAddress,
  type ValueRange,
} from '../../../netfilter/index.ts';
import {
  addressesWords,
  both,
  either,
  hexWords,
  maskedWords,
  rangesWords,
  rangeWords,
  type Wording,
  type Wordings,
} from './wording.ts';

function address(subject: string): Wording<string, AddressBlock | AddressSpan> {
  return { subject, found: canonical, wanted: addressesWords };
}

/** An address as Linux prints it. */
function canonical(text: string): string {
  const read = readAddress(text);
  return read === null ? text : printAddress(read.family, read.value);
}

function port(subject: string): Wording<number | null, readonly ValueRange[]> {
  return { subject, absent: 'a packet without ports', wanted: rangesWords };
}

function owner(subject: string): Wording<number | null, ValueRange> {
  return {
    subject,
    absent: 'none, because no process owns the packet',
    wanted: (range) => rangeWords(range, '-'),
  };
}

export const conditions: Wordings<CommonFields> = {
  source: address('source'),
  destination: address('destination'),
  inInterface: { subject: 'in interface', absent: 'none' },
  outInterface: { subject: 'out interface', absent: 'none' },
  protocol: {
    subject: 'protocol',
    found: (name) => {
      const number = protocolNumber(name);
      return number === null ? 'an unknown protocol' : protocolName(number);
    },
  },
  sourcePort: port('source port'),
  destinationPort: port('destination port'),
  uid: owner('uid'),
  gid: owner('gid'),
  mark: { subject: 'mark', found: hexWords, wanted: maskedWords },
  connectionMark: {
    subject: 'connection mark',
    none: 'the packet belongs to no connection',
    found: hexWords,
    wanted: maskedWords,
  },
  connectionState: { subject: 'connection state', found: both, wanted: either },
  stateWithoutEntry: {
    subject: 'connection state',
    phrase: ({ found, wanted, code, negated }) =>
      `connection state ${both(found ?? [])} is ${(code === 'holds') === negated ? 'not ' : ''}${either(wanted)}`,
  },
  takingSocket: {
    subject: 'socket',
    phrase: ({ found, code }) => {
      if (found === null)
        return code === 'fails'
          ? 'no socket would take the packet'
          : 'the sockets of this host were not told';
      const name = `the socket on ${printEndpoint(found.address, found.port)}`;
      switch (found.is) {
        case 'usable':
          return `${name} would take the packet`;
        case 'on every address':
          return `${name} listens on every address`;
        case 'not transparent':
          return `${name} is not transparent`;
        case 'of a mark that was not told':
          return `the mark of ${name} was not told`;
      }
    },
  },
};
