/**
 * The listener filters of one listener, one after the other: source/common/listener_manager/active_tcp_socket.cc. Bytes
 * are looked at and stay where they are.
 */
import type { Endpoint, Listener, ListenerFilter, Predicate } from '../model/config.ts';
import type { Awaited, Doubt, EnvoyEvent, ListenerFilterDoing } from '../model/event.ts';
import { type EnvoyRelease, inspectHttp, inspectTls } from './inspectors.ts';
import { isSilent, type Stream } from './stream.ts';

/** A connection before its filter chain is chosen, as the filters leave it. */
export interface AcceptedSocket {
  /** Null where nobody knows at which of the machine's addresses it was accepted. */
  readonly localAddress: string | null;
  readonly localPort: number;
  readonly isRestored: boolean;
  readonly remote: Endpoint;
  readonly serverName: string;
  readonly transportProtocol: string;
  readonly applicationProtocols: readonly string[];
  /** The source address that original_src asks for. */
  readonly keptSource: string | null;
}

export interface FilterSetting {
  readonly stream: Stream;
  readonly release: EnvoyRelease;
  /** What SO_ORIGINAL_DST says; null: nothing. */
  readonly originalDestination: Endpoint | null;
}

export type FiltersEnd =
  | { readonly kind: 'passed'; readonly accepted: AcceptedSocket }
  /** `accepted` is as it is at that moment: what a listener goes on with after the timeout. */
  | {
      readonly kind: 'waits';
      readonly accepted: AcceptedSocket;
      readonly for: Awaited;
      readonly filter: string;
      /** The place of the filter. */
      readonly at: number;
    }
  | { readonly kind: 'cannot tell'; readonly because: Doubt };

const usualOriginalDst: ListenerFilter = {
  kind: 'original_dst',
  name: 'original_dst',
  disabled: null,
  rest: {},
};

/** `use_original_dst` adds a filter behind all others: listener_impl.cc buildOriginalDstListenerFilter. */
function filtersOf({ listenerFilters, useOriginalDst }: Listener): readonly ListenerFilter[] {
  const adds = useOriginalDst && !listenerFilters.some(({ kind }) => kind === 'original_dst');
  return adds ? [...listenerFilters, usualOriginalDst] : listenerFilters;
}

export function runListenerFilters(
  listener: Listener,
  before: AcceptedSocket,
  setting: FilterSetting,
  events: EnvoyEvent[],
  from = 0,
): FiltersEnd {
  let accepted = before;
  for (const [at, filter] of filtersOf(listener).entries()) {
    if (at < from) continue;
    const tell = (did: ListenerFilterDoing): void => {
      events.push({ kind: 'listener filter', listener: listener.name, filter: filter.name, did });
    };
    const isDisabled = filter.disabled === null ? false : holds(filter.disabled, accepted.localPort);
    if (isDisabled === null)
      return {
        kind: 'cannot tell',
        because: { code: 'not modelled', what: 'filter_disabled', name: filter.name },
      };
    if (isDisabled) {
      tell({ code: 'disabled', port: accepted.localPort });
      continue;
    }
    const ran = run(filter, accepted, setting);
    if ('because' in ran) return { kind: 'cannot tell', because: ran.because };
    tell(ran.did);
    if ('waits' in ran) return { kind: 'waits', accepted, for: ran.waits, filter: filter.name, at };
    accepted = ran.accepted;
  }
  return { kind: 'passed', accepted };
}

/** Whether a listener filter looks at a connection to this port; null where that cannot be told. */
export function isRun({ disabled }: ListenerFilter, port: number): boolean | null {
  const isDisabled = disabled === null ? false : holds(disabled, port);
  return isDisabled === null ? null : !isDisabled;
}

/** source/common/network/filter_matcher.h; null where a condition is not known. */
function holds(predicate: Predicate, port: number): boolean | null {
  switch (predicate.kind) {
    case 'any':
      return true;
    case 'ports':
      return port >= predicate.start && port < predicate.end;
    case 'not': {
      const inner = holds(predicate.of, port);
      return inner === null ? null : !inner;
    }
    case 'and':
    case 'or': {
      const decides = predicate.kind === 'or';
      const all = predicate.all.map((one) => holds(one, port));
      if (all.includes(decides)) return decides;
      return all.includes(null) ? null : !decides;
    }
    case 'unknown':
      return null;
  }
}

type Ran =
  | { readonly did: ListenerFilterDoing; readonly accepted: AcceptedSocket }
  | { readonly did: ListenerFilterDoing; readonly waits: Awaited }
  | { readonly because: Doubt };

function run(filter: ListenerFilter, accepted: AcceptedSocket, setting: FilterSetting): Ran {
  const { stream, release, originalDestination } = setting;
  switch (filter.kind) {
    case 'original_dst':
      if (originalDestination === null) return { did: { code: 'not restored' }, accepted };
      return {
        did: { code: 'restored', destination: originalDestination },
        accepted: {
          ...accepted,
          localAddress: originalDestination.address,
          localPort: originalDestination.port,
          isRestored: true,
        },
      };
    case 'original_src':
      return {
        did: { code: 'keeps source', source: accepted.remote.address },
        accepted: { ...accepted, keptSource: accepted.remote.address },
      };
    case 'tls_inspector': {
      const seen = inspectTls(stream);
      if ('waits' in seen) return waiting(seen.waits);
      if (seen.found === null) return { did: { code: 'not TLS' }, accepted };
      const { serverName, alpn } = seen.found;
      return {
        did: { code: 'TLS', serverName, alpn },
        accepted: {
          ...accepted,
          transportProtocol: 'tls',
          serverName,
          applicationProtocols: alpn.length > 0 ? alpn : accepted.applicationProtocols,
        },
      };
    }
    case 'http_inspector': {
      if (accepted.transportProtocol !== '' && accepted.transportProtocol !== 'raw_buffer')
        return { did: { code: 'not asked' }, accepted };
      const seen = inspectHttp(stream, release);
      if ('waits' in seen) return waiting(seen.waits);
      if (seen.found === null) return { did: { code: 'not HTTP' }, accepted };
      return {
        did: { code: 'HTTP', protocol: seen.found },
        accepted: { ...accepted, applicationProtocols: [seen.found] },
      };
    }
    case 'proxy_protocol':
      // Whoever sends nothing is waited for in any case.
      if (isSilent(stream)) return waiting('a byte');
      return { because: { code: 'not modelled', what: 'listener filter', name: filter.name } };
    case 'other':
      return { because: { code: 'not modelled', what: 'listener filter', name: filter.name } };
  }
}

function waiting(what: Awaited): Ran {
  return { did: { code: 'waits', for: what }, waits: what };
}
