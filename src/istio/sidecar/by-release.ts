/**
 * What istiod of an older release tells otherwise. The rest of this folder is of the newest; a difference is an entry here,
 * with the release that brought it. Of releases before the oldest here nothing is told.
 */
import { isSince, readRelease } from '../history/release.ts';
import type { EnvoyMessage } from './messages.ts';
import type { OutboundPolicy } from './workload.ts';

/** The oldest release whose istiod has been compared, in its source: before, a call by gRPC was tried again at the app. */
export const oldestTold = '1.25.2';

export interface Told {
  readonly listeners: readonly EnvoyMessage[];
  readonly routes: readonly EnvoyMessage[];
}

interface Difference {
  readonly since: string;
  /** From what the release tells to what those before it told. */
  readonly before: (told: Told) => Told;
}

const differences: readonly Difference[] = [
  // Istio ce55506561f: PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN, on by default; before, `web.default.` is nobody's name.
  {
    since: '1.27',
    before: ({ listeners, routes }) => ({ listeners, routes: routes.map(withoutAbsoluteNames) }),
  },
];

/** What a release tells; `null` of one that is not known. */
export function asToldBy<All extends Told>(release: string, policy: OutboundPolicy, told: All): All {
  const read = readRelease(release);
  const isKnown = read === null || isSince(read, oldestTold);
  // Istio 1fc5b25133f brought the mode.
  const isPolicyKnown = policy !== 'ALLOW_ANY_DYNAMIC_DNS' || read === null || isSince(read, '1.31');
  if (!isKnown || !isPolicyKnown) {
    const by = isKnown ? `${policy} before Istio 1.31` : `Istio before ${oldestTold}`;
    return { ...told, listeners: told.listeners.map((one) => withFilterOf(by, one)) };
  }
  const before = differences.filter(({ since }) => read !== null && !isSince(read, since));
  return { ...told, ...before.reduce<Told>((all, difference) => difference.before(all), told) };
}

/** A listener filter that nobody knows: whatever comes there, nobody can tell. */
function withFilterOf(name: string, listener: EnvoyMessage): EnvoyMessage {
  const filters = (listener.listener_filters ?? []) as readonly EnvoyMessage[];
  return { ...listener, listener_filters: [{ name }, ...filters] };
}

function withoutAbsoluteNames(table: EnvoyMessage): EnvoyMessage {
  const hosts = (table.virtual_hosts ?? []) as readonly (EnvoyMessage & {
    readonly domains: readonly string[];
  })[];
  const isAbsolute = (domain: string): boolean => /\.(?::\d+)?$/.test(domain);
  return {
    ...table,
    virtual_hosts: hosts.map((host) => ({
      ...host,
      domains: host.domains.filter((one) => !isAbsolute(one)),
    })),
  };
}
