/**
 * An option that is new is heeded in places that no type asks for: each of them names every option, or it is said here
 * why it has none of it.
 */
import { expect, test } from 'vitest';
import { ambientFields } from '../../../components/simulator/AmbientFields.tsx';
import { optionFields } from '../../../components/simulator/OptionFields.tsx';
import { optionsShown } from '../../../src/analysis/findings/yaml.ts';
import { inferOptions } from '../../../src/analysis/infer.ts';
import { inferNativeOptions } from '../../../src/analysis/native/infer.ts';
import { settings } from '../../../src/handbook/tables/compared-settings.ts';
import {
  ambientDefaults,
  type OptionName,
  optionNames,
  optionTable,
  releases,
  rulesFor,
} from '../../../src/istio/index.ts';
import { optionSet } from '../../mesh/istio-iptables/option-sets.ts';

type Reasons = Partial<Record<OptionName, string>>;

const noRule = 'changes no rule by itself';
const bySystem = 'Istio finds it in the pod, nobody asks for it';
const manyForms = 'its value can be written in more ways than rules show';
const plain = 'its rule is the same in each release that has it';
const seldom = 'few pods have another value';

function expectAll(named: Iterable<string>, without: Reasons, file: string): void {
  const has = new Set(named);
  const missing = optionNames.filter((name) => !has.has(name));
  expect(missing.sort(), `an option that ${file} lacks: give it one, or say here why not`).toEqual(
    Object.keys(without).sort(),
  );
}

/** Whether some candidate of what is read from the rules of its example names the option, in any release. */
function isSeen(name: OptionName, isNative: boolean): boolean {
  const { among, example } = optionTable[name];
  return releases.some(({ name: release }) => {
    const asked = { ...among, ...example, ...(isNative ? { nativeNftables: true } : {}) };
    const { v4, v6, nft } = rulesFor(release, asked);
    const guessed = [
      ...(nft === null ? [v4, ...(v6 === null ? [] : [v6])].flatMap((one) => inferOptions(one)) : []),
      ...(nft === null
        ? []
        : [inferNativeOptions(nft)].flatMap(({ likely, unusual }) => [...likely, ...unusual])),
    ];
    return guessed.some((options) => String(options[name]) === String(example[name]));
  });
}

test('what a pod’s rules show of it', () => {
  expectAll(
    optionNames.filter((name) => isSeen(name, false)),
    {
      dnsConntrackZone: '1.10.3 to 1.10.6 alone have it, whose rules are then those of newer patches',
      dualStack: noRule,
      inboundTProxyRouteTable: noRule,
      nativeNftables: 'read by src/analysis/native',
    },
    'src/analysis/infer.ts',
  );
  expectAll(
    optionNames.filter((name) => isSeen(name, true)),
    {
      dnsConntrackZone: 'no release with nftables has it',
      dualStack: noRule,
      inboundTProxyRouteTable: noRule,
      nativeNftables: 'that they are of nft says it',
    },
    'src/analysis/native/infer.ts',
  );
});

test('that it differs from what a pod’s YAML asks for', () => {
  expectAll(
    optionsShown,
    {
      captureAllDNS: 'its rules are those of redirectDNS without servers',
      cni: 'shown by its defaults alone',
      dnsConntrackZone: '1.10.3 to 1.10.6 alone have it',
      dnsServersV4: bySystem,
      dnsServersV6: bySystem,
      dualStack: noRule,
      enableIPv6: bySystem,
      hostIPv4LoopbackCidr: manyForms,
      inboundTProxyMark: manyForms,
      inboundTProxyRouteTable: noRule,
      inboundTunnelPort: 'no pod can ask for it',
      nativeNftables: 'no pod can ask for it',
      ownerGroupsExclude: manyForms,
      ownerGroupsInclude: manyForms,
    },
    'src/analysis/findings/yaml.ts',
  );
});

test('that a reader changes it in the simulator', () => {
  expectAll(
    optionFields.map(({ option }) => option),
    {
      dnsConntrackZone: '1.10.3 to 1.10.6 alone have it',
      dnsServersV4: 'comes with redirectDNS',
      dnsServersV6: 'comes with redirectDNS',
      dualStack: noRule,
      hostIPv4LoopbackCidr: seldom,
      inboundCapturePort: seldom,
      inboundInterceptionMode: 'has a field of its own',
      inboundTProxyMark: seldom,
      inboundTProxyRouteTable: seldom,
      inboundTunnelPort: seldom,
      ownerGroupsExclude: seldom,
      ownerGroupsInclude: seldom,
      proxyPort: seldom,
      rerouteVirtualInterfaces: seldom,
    },
    'components/simulator/OptionFields.tsx',
  );
});

test('that releases are compared under it', () => {
  expectAll(
    settings.flatMap(({ options }) => Object.keys(options)),
    {
      captureAllDNS: plain,
      cni: plain,
      dualStack: noRule,
      inboundCapturePort: plain,
      inboundPortsExclude: plain,
      inboundTProxyMark: plain,
      inboundTProxyRouteTable: plain,
      inboundTunnelPort: plain,
      nativeNftables: 'has a comparison of its own',
      outboundIPRangesExclude: plain,
      ownerGroupsInclude: plain,
      proxyGID: plain,
      proxyPort: plain,
      proxyUID: plain,
    },
    'src/handbook/tables/compared-settings.ts',
  );
});

test('that Istio’s own programs are asked about it', () => {
  const sets = Array.from({ length: 500 }, (_, at) => optionSet(1, at));
  expectAll(
    sets.flatMap(Object.keys),
    {
      cni: 'another program makes its rules',
      nativeNftables: 'test/kernel/istio-native.test.ts asks about it',
    },
    'test/mesh/istio-iptables/option-sets.ts',
  );
});

test('in ambient mode a reader changes each in the simulator', () => {
  const named = new Set(ambientFields.map(({ option }) => option));
  const all = Object.keys(ambientDefaults([1, 29, 0])) as (typeof ambientFields)[number]['option'][];
  expect(all.filter((name) => !named.has(name))).toEqual(['kubeletUID']);
});
