/** `-m tos`, `-m dscp` and `-m ecn`: the traffic class of a packet, whole, its upper six bits, its lower two. */
import { type MatchExtension, matchOption } from '../extension.ts';
import { notTold, type Situation, type Tested } from '../situation.ts';
import { hexNumber, type Masked, nothing, oneWord, readNumber, wholeNumber } from '../values.ts';

/** What leaves a socket of this host has 0 unless the packet says otherwise. */
export function tosOf({ packet, isLocal }: Situation): number | null {
  return packet.tos ?? (isLocal ? 0 : null);
}

export function printByte(number: number): string {
  return `0x${number.toString(16).padStart(2, '0')}`;
}

const tosNames: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'Minimize-Delay': 0x10,
    'Maximize-Throughput': 0x08,
    'Maximize-Reliability': 0x04,
    'Minimize-Cost': 0x02,
    'Normal-Service': 0x00,
  }),
);

/** A name stands for six bits, a number without a mask for all eight. */
export function readTos(text: string): Masked | null {
  const name = tosNames.get(text);
  if (name !== undefined) return { value: name, mask: 0x3f };
  const [first = '', second, more] = text.split('/');
  const value = readNumber(first, 255);
  const mask = second === undefined ? 255 : readNumber(second, 255);
  return value === null || mask === null || more !== undefined ? null : { value, mask };
}

export const maskedByte = oneWord<Masked>(
  'type of service',
  readTos,
  ({ value, mask }) => `${printByte(value)}/${printByte(mask)}`,
);

export const tos: MatchExtension = {
  name: 'tos',
  options: [
    matchOption<Masked>({
      name: '--tos',
      negatable: true,
      value: maskedByte,
      field: 'tos',
      test:
        ({ value, mask }) =>
        (situation) => {
          const own = tosOf(situation);
          return own === null ? notTold : { holds: (own & mask) === value, found: own };
        },
    }),
  ],
};

export const dscpClasses: ReadonlyMap<string, number> = new Map(
  Object.entries({
    CS0: 0,
    CS1: 8,
    CS2: 16,
    CS3: 24,
    CS4: 32,
    CS5: 40,
    CS6: 48,
    CS7: 56,
    BE: 0,
    LE: 1,
    AF11: 10,
    AF12: 12,
    AF13: 14,
    AF21: 18,
    AF22: 20,
    AF23: 22,
    AF31: 26,
    AF32: 28,
    AF33: 30,
    AF41: 34,
    AF42: 36,
    AF43: 38,
    EF: 46,
  }),
);

export const dscpClass = oneWord<number>(
  { oneOf: [...dscpClasses.keys()] },
  (text) => dscpClasses.get(text.toUpperCase()) ?? null,
  printByte,
);

function testDscp(value: number): (situation: Situation) => Tested<number> {
  return (situation) => {
    const own = tosOf(situation);
    return own === null ? notTold : { holds: own >> 2 === value, found: own >> 2 };
  };
}

export const dscp: MatchExtension = {
  name: 'dscp',
  options: [
    matchOption<number>({
      name: '--dscp',
      negatable: true,
      value: hexNumber(63, 2),
      field: 'dscp',
      test: testDscp,
    }),
    matchOption<number>({
      name: '--dscp-class',
      negatable: true,
      value: dscpClass,
      field: 'dscp',
      test: testDscp,
    }),
  ],
  settle: (options) =>
    options.map((option) => (option.name === '--dscp-class' ? { ...option, name: '--dscp' } : option)),
};

function ecnFlag(name: string, field: 'cwr' | 'ece') {
  return matchOption<null>({
    name,
    negatable: true,
    value: nothing,
    field,
    test: () => () => notTold,
  });
}

export const ecn: MatchExtension = {
  name: 'ecn',
  options: [
    ecnFlag('--ecn-tcp-cwr', 'cwr'),
    ecnFlag('--ecn-tcp-ece', 'ece'),
    matchOption<number>({
      name: '--ecn-ip-ect',
      negatable: true,
      value: wholeNumber(3),
      field: 'ect',
      test: (value) => (situation) => {
        const own = tosOf(situation);
        return own === null ? notTold : { holds: (own & 3) === value, found: own & 3 };
      },
    }),
  ],
};
