/** The words about options that Istio or iptables refuses, ignores or understands otherwise. */
import { describe, expect, test } from 'vitest';
import {
  checkOptions,
  isSupported,
  type OptionProblem,
  type Options,
  rulesFor,
} from '../../../src/istio/index.ts';
import { optionProblemWords, printOptionProblem, releaseNotice } from '../../../src/words/index.ts';

function words(release: string, options: Partial<Options> | Record<string, unknown>): readonly string[] {
  return checkOptions(release, options as Partial<Options>).map(printOptionProblem);
}

const groups = (count: number): string => Array.from({ length: count }, (_, at) => 2000 + at).join(',');

type Row = readonly [options: Partial<Options>, ...problems: string[]];

const errors: readonly Row[] = [
  [
    { proxyPort: '70000' },
    'error: proxyPort "70000": Ports end at 65535: iptables refuses the rule, and with it the table. Write a port from 0 to 65535.',
  ],
  [
    { inboundPortsInclude: '8080,http' },
    'error: inboundPortsInclude "http": A port is a decimal number: the injector refuses anything else, names of services too. With leading zeros iptables reads another number, or none: 010 is 8. Write a port from 0 to 65535, such as 8080.',
  ],
  [
    { inboundPortsInclude: '80,*' },
    'error: inboundPortsInclude "*": "*" means all only where it stands alone: beside ports Istio would write --dport *, which iptables refuses. Write \'*\' alone, or the ports without it.',
  ],
  [
    { inboundPortsExclude: '8000-8010' },
    'error: inboundPortsExclude "8000-8010": Istio takes no range of ports: the injector refuses the annotation. List the ports one by one: 8000,8001,8002.',
  ],
  [
    { inboundPortsExclude: '*' },
    'error: inboundPortsExclude "*": There is no "all" in this list: Istio would write --dport *, which iptables refuses. To capture nothing that comes in, set inboundPortsInclude to \'\'.',
  ],
  [
    { outboundPortsExclude: '*' },
    'error: outboundPortsExclude "*": There is no "all" in this list: Istio would write --dport *, which iptables refuses. To capture nothing that leaves, set outboundIPRangesInclude and outboundPortsInclude to \'\'.',
  ],
  [
    { outboundPortsInclude: '*' },
    'error: outboundPortsInclude "*": There is no "all" in this list: Istio would write --dport *, which iptables refuses. To capture everything, set outboundIPRangesInclude to \'*\'.',
  ],
  [
    { proxyUID: '-1' },
    'error: proxyUID "-1": It is no uid: iptables takes a number or the name of a user. Write a number, such as \'1337\'.',
  ],
  [
    { proxyGID: '4294967295' },
    'error: proxyGID "4294967295": A gid ends at 4294967294: iptables refuses the rule. Write a smaller number, such as \'1337\'.',
  ],
  [
    { ownerGroupsInclude: groups(65) },
    `error: ownerGroupsInclude "${groups(65)}": Istio takes at most 64 included groups, since they all go into one rule; here are 65. Include fewer, or set it to * and name the other groups in ownerGroupsExclude.`,
  ],
  [
    { ownerGroupsInclude: groups(50) },
    `error: ownerGroupsInclude "${groups(50)}": Istio lets 50 groups pass, but iptables-restore reads at most 255 words in a line, and all included groups go into one: more than 49 are refused. Include at most 49, or set it to * and name the other groups in ownerGroupsExclude.`,
  ],
  [
    { ownerGroupsInclude: '202,*' },
    'error: ownerGroupsInclude "*": "*" means all only where it stands alone: beside groups Istio would write --gid-owner *, which iptables refuses. Write \'*\' alone, or the groups without it.',
  ],
  [
    { ownerGroupsExclude: '*' },
    'error: ownerGroupsExclude "*": There is no "all" in this list: Istio would write --gid-owner *, which iptables refuses. To capture only some groups, name them in ownerGroupsInclude.',
  ],
  [
    { inboundInterceptionMode: 'tproxy' },
    'error: inboundInterceptionMode "tproxy": The injector takes REDIRECT, TPROXY or NONE in the annotation sidecar.istio.io/interceptionMode, and refuses the pod. Write \'TPROXY\'.',
  ],
  [
    { inboundInterceptionMode: 'NONE', cni: true },
    'error: inboundInterceptionMode "NONE": The CNI plugin knows only REDIRECT and TPROXY in the annotation, and refuses the pod. Set cni to false, or leave the pod out of the injection.',
  ],
  [
    { inboundInterceptionMode: 'TPROXY', inboundTProxyMark: '0x539' },
    'error: inboundTProxyMark "0x539": Istio reads the mark as a decimal number and stops at anything else; it has 32 bits. Write \'1337\', or another decimal number.',
  ],
  [
    { inboundInterceptionMode: 'TPROXY', inboundTProxyRouteTable: 'main' },
    'error: inboundTProxyRouteTable "main": Istio reads the number of the routing table as a decimal number and stops at anything else; it has 32 bits. Write \'133\', or another decimal number.',
  ],
  [
    { outboundIPRangesExclude: '*' },
    'error: outboundIPRangesExclude "*": Istio stops here: "invalid value for OUTBOUND_IP_RANGES_EXCLUDE". To capture nothing that leaves, set outboundIPRangesInclude to \'\'.',
  ],
  [
    { outboundIPRangesInclude: '10.0.0.0/8,*' },
    'error: outboundIPRangesInclude "*": "*" means all only where it stands alone. Write \'*\' alone, or the ranges without it.',
  ],
  [
    { outboundIPRangesInclude: '10.0.0.1' },
    'error: outboundIPRangesInclude "10.0.0.1": It is no range: the injector refuses the annotation. istio-init by itself stops at such a range since 1.27, and left it out before. Write 10.0.0.1/32.',
  ],
  [
    { inboundTProxyRouteTable: '0', inboundInterceptionMode: 'TPROXY', enableIPv6: true },
    'warning: inboundTProxyRouteTable "0": It is a table of the kernel (0 any, 253 default, 254 main, 255 local): a local default route in it sends all traffic of the pod to lo. Write another number, such as \'133\'.',
    'error: inboundTProxyRouteTable "0": IPv6 has no rule for table 0: the kernel refuses it, and istio-init stops. Write \'133\', or another number.',
  ],
  [
    { outboundIPRangesInclude: '10.0.0.0/08' },
    'error: outboundIPRangesInclude "10.0.0.0/08": It is no range: the injector refuses the annotation. istio-init by itself stops at such a range since 1.27, and left it out before. Write 10.0.0.0/8.',
  ],
  [
    { outboundIPRangesInclude: '10.0.0.0/33' },
    'error: outboundIPRangesInclude "10.0.0.0/33": It is no range: the injector refuses the annotation. istio-init by itself stops at such a range since 1.27, and left it out before. Write an address, a slash and a length: 10.0.0.0/8 or 2001:db8::/32.',
  ],
  [
    { outboundIPRangesInclude: '10.0.0.0/8, 11.0.0.0/8' },
    'error: outboundIPRangesInclude " 11.0.0.0/8": There is a blank in it: the injector refuses the annotation. istio-init by itself stops at such a range since 1.27, and left it out before. Write 11.0.0.0/8.',
  ],
  [
    { excludeInterfaces: 'a-very-long-name' },
    'error: excludeInterfaces "a-very-long-name": The name has 16 characters, and Linux knows interfaces of up to 15: iptables refuses the rule. Look the name up with ip link.',
  ],
  [
    { rerouteVirtualInterfaces: 'a/b' },
    'error: rerouteVirtualInterfaces "a/b": No interface can have this name in a rule. Look the name up with ip link.',
  ],
  [
    { excludeInterfaces: 'eth1,net+' },
    'error: excludeInterfaces "net+": Since 1.30 the injector and the CNI plugin refuse it, and with it the pod: a name begins with a letter, and letters, digits, "_", "." and "-" follow. There is no name that stands for several. Name each interface, as ip link shows it in the pod.',
  ],
  [
    { rerouteVirtualInterfaces: '*' },
    'error: rerouteVirtualInterfaces "*": Since 1.30 the injector and the CNI plugin refuse it, and with it the pod: a name begins with a letter, and letters, digits, "_", "." and "-" follow. There is no name that stands for several. Name each interface, as ip link shows it in the pod.',
  ],
  [
    { redirectDNS: true, dnsServersV4: ['kube-dns'] },
    'error: dnsServersV4 "kube-dns": It is no address. Istio takes the servers from resolv.conf as they stand, and iptables refuses the rule. Write an IPv4 address, such as 10.96.0.10.',
  ],
  [
    { redirectDNS: true, dnsServersV4: ['fd00::a'] },
    'error: dnsServersV4 "fd00::a": It is an IPv6 address among the IPv4 ones. Move it to dnsServersV6.',
  ],
  [
    { hostIPv4LoopbackCidr: '127.0.0.1/7' },
    "error: hostIPv4LoopbackCidr \"127.0.0.1/7\": Istio wants an IPv4 loopback address with a length from 8 to 32, and stops at anything else. Write '127.0.0.1/32' for localhost alone, or '127.0.0.1/8' for all of it.",
  ],
];

const warnings: readonly Row[] = [
  [
    { inboundPortsInclude: '8080', inboundPortsExclude: '9090' },
    'warning: inboundPortsExclude "9090": Istio heeds it only where inboundPortsInclude is "*"; here only 8080 is captured anyway. Leave it out, or set inboundPortsInclude to \'*\'.',
  ],
  [
    { inboundPortsInclude: '8080,' },
    'warning: inboundPortsInclude "8080,": The list has an empty part. The rule builder skips it; the injector refuses it in an annotation. Write \'8080\'.',
  ],
  [
    { inboundCapturePort: '15001' },
    'warning: inboundCapturePort "15001": It is the proxyPort too: what comes in and what goes out end at one listener, which cannot tell them apart. Write \'15006\'.',
  ],
  [
    { proxyUID: '' },
    'warning: proxyUID "": Istio takes the uid of the user istio-proxy, which is 1337. Write \'1337\' to say so.',
  ],
  [
    { proxyGID: '' },
    'warning: proxyGID "": Istio takes the same number as for the uid. Write \'1337\' to say so.',
  ],
  [
    { proxyUID: '1337,0' },
    'warning: proxyUID "0": Every process of root counts as the proxy then: nothing that root sends is captured. Write \'1337\', also where the proxy runs as root in TPROXY mode: its gid 1337 is enough to know it by.',
  ],
  [
    { ownerGroupsExclude: 'ftp' },
    'warning: ownerGroupsExclude "ftp": Istio hands the name on, and iptables looks it up in the image of the init container; where no group has it there, iptables refuses the rule. What it stands for is not known here. Write the number of the group.',
  ],
  [
    { ownerGroupsInclude: '' },
    'warning: ownerGroupsInclude "": No group is included: Istio writes ISTIO_OUTPUT -j RETURN, and nothing that leaves is captured. Write \'*\' for all groups.',
  ],
  [
    { ownerGroupsInclude: '202', ownerGroupsExclude: '888' },
    'warning: ownerGroupsExclude "888": Istio heeds it only where ownerGroupsInclude is "*". Leave it out, or set ownerGroupsInclude to \'*\'.',
  ],
  [
    { outboundPortsInclude: '8080' },
    'warning: outboundPortsInclude "8080": outboundIPRangesInclude is "*", so every port is captured, these and all others. Set outboundIPRangesInclude to \'\' to capture these ports alone.',
  ],
  [
    { outboundPortsInclude: '8080,9090', outboundPortsExclude: '9090', outboundIPRangesInclude: '' },
    'warning: outboundPortsInclude "9090": It is in outboundPortsExclude too, and the excluded ports come first: it is not captured. Take it out of one of the two.',
  ],
  [
    { outboundIPRangesInclude: '10.1.0.0/16', outboundIPRangesExclude: '10.0.0.0/8' },
    'warning: outboundIPRangesInclude "10.1.0.0/16": outboundIPRangesExclude holds all of it, and the excluded ranges come first: it is not captured. Take it out of one of the two.',
  ],
  [
    { outboundIPRangesInclude: '127.0.0.0/8' },
    'warning: outboundIPRangesInclude "127.0.0.0/8": With a loopback range Istio leaves out the rules that return what processes of the pod say to each other over lo, in both families. Include it only where the app is to reach itself through Envoy.',
  ],
  [
    { outboundIPRangesExclude: '10.1.2.3/8' },
    'warning: outboundIPRangesExclude "10.1.2.3/8": The address has bits behind the length: iptables clears them and takes 10.0.0.0/8. Write 10.0.0.0/8, or 10.1.2.3/32 for the one address.',
  ],
  [
    { outboundIPRangesExclude: '2001:db8::/32' },
    'warning: outboundIPRangesExclude "2001:db8::/32": The pod has no IPv6, so Istio writes no IPv6 rules. Set enableIPv6 to true where the pod has an IPv6 address.',
  ],
  [
    { rerouteVirtualInterfaces: 'net1', excludeInterfaces: 'net1' },
    'warning: rerouteVirtualInterfaces "net1": It is in excludeInterfaces too, and the rules for virtual interfaces are inserted before those: what comes in by it is captured. Take it out of one of the two.',
  ],
  [
    { inboundInterceptionMode: 'TPROXY', inboundTProxyMark: '1338' },
    'warning: inboundTProxyMark "1338": Istio marks what the proxy sends to its own pod with 1338: with the same number here the two are taken for each other. Write another number, such as \'1337\'.',
  ],
  [
    { inboundInterceptionMode: 'TPROXY', inboundTProxyMark: '0' },
    'warning: inboundTProxyMark "0": Every packet without a mark has the mark 0. Write another number, such as \'1337\'.',
  ],
  [
    { inboundTProxyMark: '2337', inboundInterceptionMode: 'TPROXY' },
    'warning: inboundTProxyMark "2337": Envoy marks what it sends to the app with 1337, whatever is set here. The rules look for another mark, so the answers of the app do not come back to Envoy, and what arrives at the pod gets no answer. Write \'1337\'.',
  ],
  [
    { inboundInterceptionMode: 'TPROXY', inboundTProxyRouteTable: '254' },
    'warning: inboundTProxyRouteTable "254": It is a table of the kernel (0 any, 253 default, 254 main, 255 local): a local default route in it sends all traffic of the pod to lo. Write another number, such as \'133\'.',
  ],
  [
    { redirectDNS: true },
    'warning: redirectDNS "true": Without DNS servers and without captureAllDNS Istio captures no DNS at all. Give the servers of the pod\'s resolv.conf in dnsServersV4 and dnsServersV6.',
  ],
  [
    { captureAllDNS: true },
    'warning: captureAllDNS "true": Istio heeds it only where redirectDNS is on. Set redirectDNS to true.',
  ],
  [
    { dnsServersV4: ['10.96.0.10'] },
    'warning: dnsServersV4 "10.96.0.10": Istio heeds it only where redirectDNS is on. Set redirectDNS to true.',
  ],
  [
    { redirectDNS: true, captureAllDNS: true, dnsServersV4: ['10.96.0.10'] },
    'warning: dnsServersV4 "10.96.0.10": captureAllDNS is on, so DNS to every server is captured, these and all others. Set captureAllDNS to false to capture DNS to these servers alone.',
  ],
  [
    { redirectDNS: true, dnsServersV6: ['fd00::a'] },
    'warning: dnsServersV6 "fd00::a": The pod has no IPv6, so Istio writes no IPv6 rules. Set enableIPv6 to true where the pod has an IPv6 address.',
  ],
  [
    { dnsConntrackZone: true },
    'warning: dnsConntrackZone "true": Since 1.11.0 the zones come with redirectDNS, and nothing turns them off. Leave it out.',
  ],
  [
    { dualStack: true },
    'warning: dualStack "true": It changes no rule by itself: with it Istio looks at all addresses of the pod and not only at the first, to find out whether there is IPv6. Set enableIPv6 to true where the pod has an IPv6 address.',
  ],
];

test('the defaults have no problem', () => {
  expect(checkOptions('1.30')).toEqual([]);
  expect(checkOptions('1.30', { cni: true })).toEqual([]);
});

describe('errors', () => {
  test.for(errors)('%o', ([options, ...problems]) => {
    expect(words('1.30', options)).toEqual(problems);
    const rules = rulesFor('1.30', { ...options, enableIPv6: true });
    expect(rules.text, 'nothing is programmed').toEqual({ v4: '', v6: '', nft: null });
    expect(rules.v4.tables).toEqual([]);
  });
});

describe('warnings', () => {
  test.for(warnings)('%o', ([options, ...problems]) => {
    expect(words('1.30', options)).toEqual(problems);
    expect(rulesFor('1.30', options).text.v4, 'the rules are programmed').not.toBe('');
  });
});

describe('releases', () => {
  const known =
    'Known are the releases from 1.5 to 1.32, with or without a patch number, such as "1.17" or "1.17.8".';

  test.for([
    ['1.4', 'Nearest are "1.5", "1.6" and "1.7".'],
    ['0.8', 'Nearest are "1.5", "1.6" and "1.7".'],
    ['2.0', 'Nearest are "1.32", "1.31" and "1.30".'],
    ['latest', 'Nearest are "1.32", "1.31" and "1.30".'],
    ['', 'Nearest are "1.32", "1.31" and "1.30".'],
  ] as const)('%s is not known', ([release, nearest]) => {
    expect(words(release, {})).toEqual([`error: release "${release}": ${known} ${nearest}`]);
    expect(rulesFor(release).v4.tables).toEqual([]);
  });

  test.for(['1.33', '1.40.2', '1.33.0-rc.1', '1.34-alpha.0f3c2d1e'])(
    '%s is newer, and taken as 1.32',
    (release) => {
      expect(words(release, {})).toEqual([
        `warning: release "${release}": It is newer than the newest release that is known here, 1.32, and is taken as that. Where the rules of a pod differ from those shown, believe the pod.`,
      ]);
      expect(rulesFor(release, { redirectDNS: true, captureAllDNS: true }).text).toEqual(
        rulesFor('1.32', { redirectDNS: true, captureAllDNS: true }).text,
      );
      expect(words(release, { outboundPortsExclude: 'http' }).at(-1)).toContain('outboundPortsExclude');
    },
  );

  test('a candidate is taken as its release', () => {
    expect(words('1.31.0-rc.0', {})).toEqual([]);
    expect(words('1.30-special', {})[0]).toContain('error');
  });

  test('whose rules nobody could see are said to be', () => {
    expect(['1.29', '1.31', '1.32', '1.33.1'].map(releaseNotice)).toEqual([
      'Istio 1.29 gets no more fixes.',
      null,
      'The rules of Istio 1.32 could not be seen: those of 1.31 are shown.',
      'The rules of Istio 1.33.1 could not be seen: those of 1.31 are shown.',
    ]);
  });

  test('support ends six weeks after the second one that follows', () => {
    expect(['1.5', '1.17.8', '1.29', '1.29.7', '1.30', '1.31.0', '1.32', '1.40'].filter(isSupported)).toEqual(
      ['1.30', '1.31.0', '1.32', '1.40'],
    );
  });

  test('differ in what they make of an empty list of groups, and of a length with a zero before it', () => {
    const none = { ownerGroupsInclude: '' };
    for (const release of ['1.14', '1.18.7', '1.19.4', '1.20.0']) {
      expect(words(release, none), release).toEqual([]);
      expect(rulesFor(release, none).text, release).toEqual(rulesFor(release).text);
    }
    for (const release of ['1.19.5', '1.20.1', '1.31'])
      expect(words(release, none)[0], release).toContain('No group is included');
    const range = { outboundIPRangesInclude: '10.0.0.0/08,::ffff:11.0.0.0/104' };
    expect(words('1.16', range)[0]).toContain('It is no range');
    expect(rulesFor('1.15', range).text.v4).toEqual(
      rulesFor('1.15', { outboundIPRangesInclude: '10.0.0.0/8,11.0.0.0/8' }).text.v4,
    );
  });

  test('differ in what they make of DNS capture without servers', () => {
    expect(words('1.8', { redirectDNS: true })).toEqual([]);
    expect(words('1.20', { redirectDNS: true })).toEqual([
      'warning: redirectDNS "true": Without DNS servers and without captureAllDNS Istio writes the rules around DNS capture, and none that captures. Give the servers of the pod\'s resolv.conf in dnsServersV4 and dnsServersV6.',
    ]);
  });

  test('differ in which names of interfaces they refuse', () => {
    const names = { excludeInterfaces: 'net+,2nd', rerouteVirtualInterfaces: 'eth1,br-0_a.7' };
    expect(words('1.29.6', names)).toEqual([]);
    expect(rulesFor('1.29.6', names).text.v4).toContain('-i net+ ');
    expect(words('1.30.0', names)).toEqual([
      expect.stringMatching(/^error: excludeInterfaces "net\+": Since 1\.30 /),
      expect.stringMatching(/^error: excludeInterfaces "2nd": Since 1\.30 /),
    ]);
    expect(words('1.29', { excludeInterfaces: '*' })).toEqual([
      'warning: excludeInterfaces "*": It is taken for a name: "*" does not mean all here, and 1.30 and newer releases refuse it. Name each interface, as ip link shows it in the pod.',
    ]);
    expect(rulesFor('1.29', { excludeInterfaces: '*' }).text.v4).not.toBe('');
  });

  test('differ in how many groups fit into a line', () => {
    const options = { ownerGroupsInclude: groups(49), redirectDNS: true, dnsServersV4: ['10.96.0.10'] };
    expect(words('1.25', options)).toEqual([]);
    expect(words('1.24', options)).toHaveLength(1);
    expect(words('1.13', options)).toEqual([]);
  });
});

describe('what is no option', () => {
  test('is told with the name that was meant', () => {
    expect(words('1.17', { proxyUid: '1337' })).toEqual([
      'warning: proxyUid "1337": No option of Istio that shapes the rules has this name, so it is not heeded. Did you mean proxyUID?',
    ]);
    expect(words('1.17', { nonsense: 1 })[0]).toMatch(
      /^warning: nonsense "1": .* The options are proxyPort, /,
    );
  });

  test('and values of another type are errors', () => {
    expect(words('1.17', { dnsServersV4: '10.96.0.10', enableIPv6: 'yes', proxyPort: 15001 })).toEqual([
      'error: proxyPort "15001": It is a string. Write it as text, such as \'15001\'.',
      'error: dnsServersV4 "10.96.0.10": It is a list of addresses. Write [\'10.96.0.10\'].',
      'error: enableIPv6 "yes": It is a boolean. Write true or false.',
    ]);
    expect(words('1.17', null as unknown as Partial<Options>)).toEqual([
      'error: options "null": Options are a record. Write { redirectDNS: true }, or leave them out.',
    ]);
  });
});

describe('a problem has a code', () => {
  test.each([
    [{ proxyPort: '70000' }, 'port too high'],
    [{ inboundPortsExclude: '8000-8010' }, 'range of ports'],
    [{ outboundIPRangesExclude: '*' }, 'all excluded'],
    [{ inboundInterceptionMode: 'NONE', cni: true }, 'mode unknown to CNI'],
    [{ ownerGroupsExclude: '888', ownerGroupsInclude: '1000' }, 'only with all included'],
    [{ captureAllDNS: true }, 'only with DNS capture'],
    [{ outbound: '80' }, 'unknown option'],
    [{ redirectDNS: 'yes' }, 'wrong type'],
  ])('%o: %s', (options, code) => {
    expect(checkOptions('1.30', options as Partial<Options>)).toMatchObject([{ code }]);
  });

  test('also where there is no such release', () => {
    expect(checkOptions('2.0')).toMatchObject([{ code: 'unknown release', option: 'release' }]);
  });

  test('and names other options as its reader knows them', () => {
    const problems = checkOptions('1.30', { captureAllDNS: true });
    expect(problems).toMatchObject([{ option: 'captureAllDNS' }]);
    expect(optionProblemWords(problems[0] as OptionProblem, (option) => `<${option}>`)).toEqual({
      because: 'Istio heeds it only where <redirectDNS> is on.',
      fix: 'Set <redirectDNS> to true.',
    });
  });
});

test('mark and table of TPROXY are not looked at in another mode, where Istio reads neither', () => {
  for (const inboundInterceptionMode of ['REDIRECT', 'NONE'] as const) {
    const options = { inboundInterceptionMode, inboundTProxyMark: '0x539', inboundTProxyRouteTable: 'main' };
    expect(checkOptions('1.30', options)).toEqual([]);
  }
});
