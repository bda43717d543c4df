/** Values that random nft rules ask for, which random packets have, and the named sets of each random table. */
import type { Family } from '../../../src/netfilter/model/ruleset.ts';
import { values } from '../random-values.ts';
import type { RandomFamily } from './place.ts';

export const hosts = {
  v4: [values.v4.pod, values.v4.second, ...values.v4.loopback, ...values.v4.remote, ...values.v4.behind],
  v6: [values.v6.pod, values.v6.second, ...values.v6.loopback, ...values.v6.remote, ...values.v6.behind],
} as const;

/** No two of them overlap: nft takes no set in which they do. */
export const apart = {
  v4: [
    '10.244.1.5',
    '10.244.1.1',
    '10.244.1.70-10.244.1.90',
    '10.244.2.0/24',
    '10.96.0.0/16',
    '10.97.0.7',
    '10.244.3.0/24',
    '127.0.0.1',
    '127.0.0.4-127.0.0.7',
  ],
  v6: [
    'fd00:10:244:1::5',
    'fd00:10:244:1::1',
    'fd00:10:244:1::70-fd00:10:244:1::90',
    'fd00:10:244:2::/64',
    'fd00:10:96::/48',
    'fd00:10:97::7',
    'fd00:10:244:3::/64',
    '::1',
    '::4-::7',
  ],
} as const;

export const spans = {
  v4: [...values.v4.prefixes, '10.244.1.1-10.244.1.5', '127.0.0.2-127.0.0.6'],
  v6: [...values.v6.prefixes, 'fd00:10:244:1::1-fd00:10:244:1::5', '::1-::6'],
} as const;

export const ports = ['53', '80', '8080', '15001', '15006', '15008', '15020', '15090'] as const;
export const portsApart = [
  '53',
  '80',
  '8080',
  '15000-15005',
  '15006',
  '15008-15019',
  '15020',
  '15090',
  '20000-26000',
] as const;
export const portSpans = ['1-1023', '80-8080', '15001-15008', '15000-20000', '20000-65535'] as const;
export const marks = ['0x0', '0x1', '0x100', '0x539', '0x10'] as const;

const ofVersion = (version: Family): string => {
  const [digit, type] = version === 'v4' ? ['4', 'ipv4_addr'] : ['6', 'ipv6_addr'];
  const { pod, remote, loopback, behind } = values[version];
  return `set hosts${digit} { type ${type}
    elements = { ${pod}, ${remote[0]}, ${loopback[0]} }
  }
  set nets${digit} { type ${type}; flags interval
    elements = { ${apart[version].slice(1, 7).join(', ')} }
  }
  set ends${digit} { type ${type} . inet_service; flags interval
    elements = { ${pod} . 1-9000, ${remote[2]} . 80, ${spans[version].at(-1)} . 15000-15010 }
  }
  set seen${digit} { type ${type} . inet_service . ${type} . inet_service; flags dynamic; size 65535
  }
  map other${digit} { type ${type} : ${type}
    elements = { ${remote[2]} : ${remote[0]}, ${pod} : ${pod}, ${behind[1]} : ${remote[1]} }
  }
  `;
};

/** In front of the chains of a table. */
export function setsOf(family: RandomFamily): string {
  const versions: readonly Family[] = family === 'inet' ? ['v4', 'v6'] : family === 'ip' ? ['v4'] : ['v6'];
  return `${versions.map(ofVersion).join('')}set web { type inet_service
    elements = { 80, 8080, 15006 }
  }
  set links { type ifname
    elements = { "lo", "eth0" }
  }
  map marks { type inet_service : mark
    elements = { 53 : 0x1, 80 : 0x539, 15001 : 0x100 }
  }
  map turns { type inet_service : verdict
    elements = { 53 : accept, 8080 : return, 15020 : continue, 15090 : drop }
  }
  counter seen { packets 0 bytes 0
  }
  `;
}
