/** What an option or a release does to every first packet of a connection, and not to examples: those that end otherwise. */
import {
  byRoughEnds,
  type PacketsEnding,
  packetsThatDiffer,
  type Survey,
  survey,
  unmarked,
} from '../../analysis/index.ts';
import { completeOptions, type OptionName } from '../../istio/index.ts';
import type { Host, Interface } from '../../netfilter/index.ts';
import {
  pod,
  podAddressV6,
  podUnder,
  type Setting,
  secondNetwork,
  settingWith,
  workload,
} from '../scenarios/setting.ts';
import { settings } from './compared-settings.ts';
import { exampleOf } from './options.ts';
import { outsideExample, surveyUnder } from './reached.ts';
import type { ReleaseStep, SettingDifference } from './releases.ts';

export interface EndingPackets {
  /** What the pod of these packets has, and the handbook's has not: without it the options have nothing to do. */
  readonly beside: readonly Interface[];
  /** Every way through the pod. */
  readonly surveys: readonly [before: Survey, after: Survey];
  /** Those that end otherwise; no other does that no process has marked. */
  readonly ending: readonly PacketsEnding[];
  /** Whether some of those end otherwise that a process marks. */
  readonly hasMarked: boolean;
}

/** Under the example of the option; null where the pod has other addresses with it. */
export function optionPackets(option: OptionName): EndingPackets | null {
  const { before, after } = exampleOf(option);
  return endingPackets(before, after);
}

/** From one release to the next, under a setting whose rules differ. */
export function stepPackets(
  { before, after }: ReleaseStep,
  { name }: SettingDifference,
): EndingPackets | null {
  const options = settings.find((one) => one.name === name)?.options;
  return endingPackets(settingWith(before.name, options), settingWith(after.name, options));
}

/** Of two settings of one pod; null where it has other addresses under them. */
export function endingPackets(before: Setting, after: Setting): EndingPackets | null {
  const beside = besideFor(before, after);
  const surveys = [surveyWith(before, beside), surveyWith(after, beside)] as const;
  const [one, other] = surveys;
  const found = packetsThatDiffer(one, other, { by: 'ends', ...liked });
  if (found === null) return null;
  if (!found.isWhole)
    throw new Error(
      `not all packets can be told apart between ${JSON.stringify([before, after])}: ${found.open.join(', ')}`,
    );
  // A program that marks packets itself is rare, and what becomes of them is a long list.
  return {
    beside,
    surveys,
    ending: byRoughEnds(one.host, unmarked(found.cases), liked),
    hasMarked: found.cases.some(({ packets }) => packets.sets.flat().some(({ field }) => field === 'mark')),
  };
}

/** A second network, where the options name an interface; an address of IPv6, where they are about it. */
function besideFor(before: Setting, after: Setting): readonly Interface[] {
  const { excludeInterfaces, rerouteVirtualInterfaces } = completeOptions(after.options);
  const named = [excludeInterfaces, rerouteVirtualInterfaces].flatMap((names) => names.split(','));
  const hasV6 = [before, after].every(({ options }) => completeOptions(options).enableIPv6);
  return [
    ...(hasV6 ? [{ name: 'eth0', addresses: [`${podAddressV6}/64`] }] : []),
    ...named.flatMap((name) => (name === '' ? [] : [{ name, addresses: [secondNetwork.address] }])),
  ];
}

const known = new Map<string, Survey>();

/** Found once for each: releases are compared with two neighbours. */
function surveyWith(setting: Setting, beside: readonly Interface[]): Survey {
  if (beside.length === 0) return surveyUnder(setting);
  const key = JSON.stringify([setting, beside]);
  const found = known.get(key) ?? surveyBeside(setting, beside);
  known.set(key, found);
  return found;
}

function surveyBeside(setting: Setting, beside: readonly Interface[]): Survey {
  const more = beside.filter(({ name }) => name === 'eth0').flatMap(({ addresses }) => addresses);
  const { host } = podUnder(setting, {}, { ...workload, addresses: [...workload.addresses, ...more] });
  const interfaces = [...host.interfaces, ...beside.filter(({ name }) => name !== 'eth0')];
  return survey({ ...host, interfaces } satisfies Host, liked);
}

const liked = {
  destinations: [pod.address, podAddressV6, outsideExample, secondNetwork.peer, '127.0.0.2'],
};
