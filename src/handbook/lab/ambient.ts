/** A pasted pod of ambient mode: whose its rules are, and how the types of ambient mode fare on them. */
import {
  type AmbientIdentification,
  type AmbientSide,
  identifyAmbient,
  type Kind,
} from '../../analysis/index.ts';
import { type AmbientOptions, ambientRulesFor, type EnrolledWorkload } from '../../istio/index.ts';
import { enrolledPodOf, type Inhabited, type Journey, journey, type Request } from '../../journey/index.ts';
import type { Family, NftRuleset, Ruleset } from '../../netfilter/index.ts';
import {
  type AmbientGround,
  type AmbientScenario,
  ambientScenarios,
  asSent,
  enrolledWorkload,
  workloadIn,
} from '../scenarios/ambient.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { nodeGround } from './ambient-node.ts';

/** The rules of a text, by where they were read from. */
interface ReadRulesets extends Partial<Readonly<Record<Family, Ruleset>>> {
  /** What nft listed; null where the text has nothing of it. */
  readonly nft: NftRuleset | null;
  /** False where the text tells a part of what iptables has. */
  readonly isWhole: boolean;
}

const sides: ReadonlyMap<Kind, AmbientSide> = new Map([
  ['ambient pod', 'pod'],
  ['ambient node', 'node'],
]);

/** Null for a text of another kind, and for one that has too little of the rules. */
export function ambientOf(kind: Kind, { nft, isWhole, v4, v6 }: ReadRulesets): AmbientIdentification | null {
  const side = sides.get(kind);
  if (side === undefined) return null;
  if (nft?.tables.some(({ name }) => name.startsWith('istio-ambient-')) === true)
    return identifyAmbient({ side, nft });
  if (v4 === undefined && v6 === undefined) return null;
  const found = identifyAmbient({
    side,
    ...(v4 === undefined ? {} : { v4 }),
    ...(v6 === undefined ? {} : { v6 }),
  });
  // Commands and logs tell what was done: where that is all of Istio's rules, whose they are can be told.
  return isWhole || (found !== null && isExact(found)) ? found : null;
}

function isExact({ missing, foreign, untold }: AmbientIdentification): boolean {
  return missing.length + foreign.length + untold.length === 0;
}

/** What a connection of the reader's own is walked on: the pasted pod, or its node. Null where the text has too few rules. */
export function ambientGround(real: RealPod, found: AmbientIdentification): AmbientGround | null {
  const { v4, v6, nft } = real.rulesets ?? {};
  if ((v4 === undefined && v6 === undefined && nft === undefined) || found.untold.length > 0) return null;
  const release = found.releases.at(-1) ?? '';
  const { options } = found;
  const rules = ambientRulesFor(release, options);
  if (found.side === 'node') return nodeGround(real, release, rules);
  return podGround(real, release, options);
}

/** On an enrolled pod as this release sets it up, with what is known of a real one. */
export function podGround(real: RealPod, release: string, options: Partial<AmbientOptions>): AmbientGround {
  const rules = ambientRulesFor(release, options);
  return {
    usual: 'ambient-service',
    bind(scenario, change) {
      const own = workloadOn(real, workloadIn(scenario, change));
      const pod = asTold(enrolledPodOf(release, options, own, real.rulesets), real);
      const asked = { ...requestFor(own, scenario.request), ...change.request };
      // Who asks a real pod from an address means that one.
      const isTold = real.rulesets !== undefined && change.request?.from !== undefined;
      const request = asSent(asked, isTold ? null : rules.options, own.ports[0]?.port);
      return { release, rules, workload: own, pod, request, journey: journey(pod, request) };
    },
  };
}

export interface AmbientWalk {
  readonly scenario: AmbientScenario;
  readonly here: Journey;
  /** The same on Istio's own rules. */
  readonly expected: Journey;
}

/** The types of ambient mode on the rules of an enrolled pod; none on those of a node. */
export function ambientWalks(real: RealPod, found: AmbientIdentification): readonly AmbientWalk[] {
  const { v4, nft } = real.rulesets ?? {};
  const isTold = found.untold.length === 0 && (v4 !== undefined || nft !== undefined);
  if (found.side !== 'pod' || !isTold) return [];
  const { options } = found;
  const release = found.releases.at(-1) ?? '';
  return ambientScenarios
    .filter((scenario) => scenario.isMain && isAbout(scenario, found))
    .map((scenario): AmbientWalk => {
      const own = workloadOn(real, { ...enrolledWorkload, ...scenario.workload });
      const request = requestFor(own, scenario.request);
      const meant = enrolledPodOf(release, options, own);
      const here = enrolledPodOf(release, options, own, real.rulesets);
      return {
        scenario,
        here: journey(asTold(here, real), request),
        expected: journey(meant, request),
      };
    });
}

/** Ingress mode and a virtual machine are not in every pod. */
function isAbout({ options = {} }: AmbientScenario, found: AmbientIdentification): boolean {
  if (options.ingressMode === true) return found.options.ingressMode === true;
  return options.virtualInterfaces === undefined || found.options.virtualInterfaces !== undefined;
}

/** With the routing that the text tells, where it tells it. */
function asTold(pod: Inhabited, { network, state = {} }: RealPod): Inhabited {
  if (network === undefined) return { ...pod, host: { ...pod.host, ...state } };
  const hasTable = network.tables === null || network.tables.includes('100');
  return {
    ...pod,
    host: {
      ...pod.host,
      ...state,
      ...(network.told.rules.includes('v4') && network.rules !== undefined ? { rules: network.rules } : {}),
      ...(network.told.routes.includes('v4') && hasTable && network.routes !== undefined
        ? { routes: network.routes }
        : {}),
    },
  };
}

/** The addresses, ports and user that the text tells, in the place of the handbook's. */
function workloadOn({ app = {}, network, state = {} }: RealPod, usual: EnrolledWorkload): EnrolledWorkload {
  const told = network?.interfaces
    ?.filter(({ name }) => name !== 'lo')
    .flatMap(({ addresses }) => addresses)
    .filter((address) => !/^fe[89ab]/i.test(address));
  const addresses = told !== undefined && told.length > 0 ? told : (app.addresses ?? usual.addresses);
  const own = addresses[0]?.split('/')[0] ?? '';
  const ports = app.ports !== undefined && app.ports.length > 0 ? app.ports : usual.ports;
  const port = ports[0]?.port ?? 0;
  const isOwn = (address: string) => usual.addresses.some((one) => one.split('/')[0] === address);
  return {
    ...usual,
    addresses,
    ports,
    ...(app.uid === undefined ? {} : { uid: app.uid }),
    ...(app.gid === undefined ? {} : { gid: app.gid }),
    isLoV4: isLoV4(network, state),
    services: usual.services.map((service) => ({
      ...service,
      endpoints: service.endpoints.map((one) => (isOwn(one.address) ? { ...one, address: own, port } : one)),
    })),
  };
}

/** What the text tells of lo; where it tells of no IPv6 at all, that may not have been asked for. */
function isLoV4(network: RealPod['network'], { sysctls = {} }: NonNullable<RealPod['state']>): boolean {
  const interfaces = network?.interfaces ?? [];
  const isV6 = (address: string) => address.includes(':');
  const lo = interfaces.find(({ name }) => name === 'lo');
  const isLeftOut =
    lo !== undefined && !lo.addresses.some(isV6) && interfaces.some(({ addresses }) => addresses.some(isV6));
  const [onLo, onAll] = ['lo', 'all'].map((name) => sysctls[`net.ipv6.conf.${name}.disable_ipv6`]);
  return (onLo ?? onAll) === 1 || isLeftOut;
}

/** The pod's own address and port in the place of the handbook's. */
function requestFor({ addresses, ports }: EnrolledWorkload, request: Request): Request {
  const usual = enrolledWorkload.addresses[0]?.split('/')[0] ?? '';
  const [own, port] = [addresses[0]?.split('/')[0] ?? usual, ports[0]?.port];
  const usualPort = enrolledWorkload.ports[0]?.port;
  return {
    ...request,
    ...(request.address === usual ? { address: own } : {}),
    ...(request.address === usual && request.port === usualPort && port !== undefined ? { port } : {}),
    ...(request.path === `${usual}:${usualPort}` ? { path: `${own}:${port}` } : {}),
  };
}
