/** One connection through an Envoy, step by step. */
import { familyOf } from '../../netfilter/index.ts';
import type { Endpoint, EnvoyConfig, FilterChain, Listener, NetworkFilter } from '../model/config.ts';
import type { EnvoyConnection } from '../model/connection.ts';
import type { ConnectionWalk, EnvoyEvent, EnvoyOutcome, ListenerFilterDoing } from '../model/event.ts';
import { dial } from './dial.ts';
import { type ChainQuestion, chooseFilterChain } from './filter-chains.ts';
import { manage } from './http.ts';
import { type EnvoyRelease, inspectTls } from './inspectors.ts';
import { type AcceptedSocket, runListenerFilters } from './listener-filters.ts';
import { acceptingListener, listenerAt } from './listeners.ts';
import { chooseByMatcher } from './matcher.ts';
import { isSilent, type Stream, streamOf } from './stream.ts';

export interface ConnectOptions {
  /** 1.39 unless said otherwise. */
  readonly version?: EnvoyRelease;
  /** Clusters that are taken where several have weights. */
  readonly chosen?: readonly string[];
}

/** What this Envoy does with a connection, and what becomes of it. */
export function connect(
  config: EnvoyConfig,
  connection: EnvoyConnection,
  { version = '1.39', chosen = [] }: ConnectOptions = {},
): ConnectionWalk {
  const walk = new Walk(config, connection, version, chosen);
  const outcome = walk.start();
  return { events: walk.events, outcome };
}

/** What a filter says that has looked at the first bytes. */
const looked: readonly ListenerFilterDoing['code'][] = ['TLS', 'not TLS', 'HTTP', 'not HTTP', 'waits'];

class Walk {
  readonly events: EnvoyEvent[] = [];
  readonly #config: EnvoyConfig;
  readonly #connection: EnvoyConnection;
  readonly #release: EnvoyRelease;
  readonly #chosen: readonly string[];
  readonly #stream: Stream;
  readonly #remote: Endpoint;

  constructor(
    config: EnvoyConfig,
    connection: EnvoyConnection,
    release: EnvoyRelease,
    chosen: readonly string[],
  ) {
    this.#config = config;
    this.#connection = connection;
    this.#release = release;
    this.#chosen = chosen;
    this.#stream = streamOf(connection.sends);
    this.#remote = { address: connection.source, port: connection.sourcePort };
  }

  /**
   * Whether bytes of the client lie unread when it is closed, and are sure to have come: a listener filter has waited for them. Else
   * Envoy mostly closes before they come.
   */
  get #unread(): boolean {
    return (
      !isSilent(this.#stream) &&
      this.events.some((event) => event.kind === 'listener filter' && looked.includes(event.did.code))
    );
  }

  start(): EnvoyOutcome {
    const { destination, destinationPort, listener: port, accepted } = this.#connection;
    const isRedirected = destinationPort !== port;
    const address = accepted ?? (isRedirected ? null : destination);
    const found = acceptingListener(this.#config, port, familyOf(destination), address);
    if (found.kind === 'several')
      return {
        kind: 'cannot tell',
        because: { code: 'several listeners', port, listeners: found.listeners.map(({ name }) => name) },
      };
    if (found.kind === 'none') {
      if (this.#config.has.listeners) return this.#closed('nobody listens');
      const name = `${destination}:${port}`;
      return { kind: 'cannot tell', because: { code: 'not in the text', section: 'listeners', name } };
    }
    const { listener } = found;
    this.events.push({ kind: 'listener', listener: listener.name, by: 'bound', address: found.address });
    // A transparent socket has the address that was called, unless that was changed on the way.
    const isOwn = !isRedirected || (listener.transparent && accepted === undefined);
    return this.#accept(
      listener,
      {
        localAddress: isOwn ? destination : address,
        localPort: isOwn ? destinationPort : port,
        isRestored: false,
        remote: this.#remote,
        serverName: '',
        transportProtocol: '',
        applicationProtocols: [],
        keptSource: null,
      },
      true,
    );
  }

  /** What the kernel says of where a connection was going: nothing where it does not track it. */
  get #originalDestination(): Endpoint | null {
    const { destination, destinationPort, tracked = true } = this.#connection;
    return tracked ? { address: destination, port: destinationPort } : null;
  }

  #accept(listener: Listener, accepted: AcceptedSocket, mayHandOver: boolean, from = 0): EnvoyOutcome {
    const end = runListenerFilters(
      listener,
      accepted,
      {
        stream: this.#stream,
        release: this.#release,
        originalDestination: this.#originalDestination,
      },
      this.events,
      from,
    );
    if (end.kind === 'cannot tell') return { kind: 'cannot tell', because: end.because };
    if (end.kind === 'passed') return this.#filtered(listener, end.accepted, mayHandOver);
    const { listenerFiltersTimeout: timeout, continueOnListenerFiltersTimeout: goesOn } = listener;
    const otherwise =
      end.for === 'the end of the first line'
        ? this.#quietly(() => this.#accept(listener, end.accepted, mayHandOver, end.at + 1))
        : null;
    const waits = { kind: 'waits', for: end.for, filter: end.filter, otherwise } as const;
    if (timeout === 0) return { ...waits, timeout: null, afterwards: null };
    this.events.push({
      kind: 'listener filter',
      listener: listener.name,
      filter: end.filter,
      did: { code: 'too late', after: timeout },
    });
    const afterwards = goesOn
      ? this.#filtered(listener, end.accepted, mayHandOver)
      : this.#closed('listener filters timed out');
    return { ...waits, timeout, afterwards };
  }

  /** What would be done, without a word of the way. */
  #quietly(walk: () => EnvoyOutcome): EnvoyOutcome {
    const before = this.events.length;
    const outcome = walk();
    this.events.length = before;
    return outcome;
  }

  /** Behind the listener filters: to another listener, once, or to a filter chain. */
  #filtered(listener: Listener, accepted: AcceptedSocket, mayHandOver: boolean): EnvoyOutcome {
    if (mayHandOver && listener.useOriginalDst && accepted.isRestored && accepted.localAddress !== null) {
      const destination = { address: accepted.localAddress, port: accepted.localPort };
      const next = listenerAt(this.#config, destination);
      if (next !== null) {
        this.events.push({
          kind: 'listener',
          listener: next.listener.name,
          by: next.by,
          address: destination,
        });
        return this.#accept(next.listener, accepted, false);
      }
      this.events.push({ kind: 'not handed over', listener: listener.name, destination });
    }
    const transportProtocol = accepted.transportProtocol === '' ? 'raw_buffer' : accepted.transportProtocol;
    return this.#choose(listener, { ...accepted, transportProtocol });
  }

  #choose(listener: Listener, accepted: AcceptedSocket): EnvoyOutcome {
    const question: ChainQuestion = { ...accepted, directRemote: this.#remote };
    if (listener.matcher !== null) {
      const named = chooseByMatcher(listener.matcher, question, listener.name);
      if (typeof named === 'object' && named !== null) return { kind: 'cannot tell', because: named };
      return this.#take(listener, named, accepted);
    }
    const choice = chooseFilterChain(listener.filterChains, question);
    if (choice.needsAddress)
      return { kind: 'cannot tell', because: { code: 'accepted address unknown', listener: listener.name } };
    if (choice.alike.length > 0)
      return {
        kind: 'cannot tell',
        because: { code: 'several chains', chains: choice.alike.map(({ name }) => name) },
      };
    for (const [index, missed] of choice.misses.entries()) {
      const { name } = listener.filterChains[index] as FilterChain;
      this.events.push({ kind: 'filter chain', chain: name, position: index + 1, missed });
    }
    if (choice.chain !== null) return this.#run(choice.chain, accepted);
    return this.#otherwise(listener, accepted);
  }

  /** The chain that a match tree names: one that is not there is not made up for by the default one. */
  #take(listener: Listener, named: string | null, accepted: AcceptedSocket): EnvoyOutcome {
    if (named === null) return this.#otherwise(listener, accepted);
    const at = listener.filterChains.findIndex(({ name }) => name === named);
    const chain = listener.filterChains[at];
    if (chain === undefined) return this.#noChain();
    this.events.push({ kind: 'filter chain', chain: named, position: at + 1, missed: null });
    return this.#run(chain, accepted);
  }

  #otherwise({ defaultFilterChain: chain }: Listener, accepted: AcceptedSocket): EnvoyOutcome {
    this.events.push({ kind: 'default filter chain', chain: chain === null ? null : chain.name });
    return chain === null ? this.#noChain() : this.#run(chain, accepted);
  }

  #noChain(): EnvoyOutcome {
    return { ...this.#closed('no filter chain'), flags: 'NR', details: 'filter_chain_not_found' };
  }

  #run(chain: FilterChain, accepted: AcceptedSocket): EnvoyOutcome {
    for (const filter of chain.filters) {
      if (filter.kind === 'other')
        return {
          kind: 'cannot tell',
          because: { code: 'not modelled', what: 'network filter', name: filter.name },
        };
      const ends = filter.kind !== 'passing';
      this.events.push({ kind: 'network filter', filter: filter.name, does: ends ? 'ends' : 'passes' });
      if (ends) return this.#end(chain, filter, accepted);
    }
    return this.#closed('no filters');
  }

  #end(
    chain: FilterChain,
    filter: Exclude<NetworkFilter, { kind: 'passing' | 'other' }>,
    accepted: AcceptedSocket,
  ): EnvoyOutcome {
    const socket = chain.transportSocket;
    if (socket?.kind === 'other')
      return {
        kind: 'cannot tell',
        because: { code: 'not modelled', what: 'transport socket', name: socket.name },
      };
    const downstreamTls = socket?.kind === 'tls';
    if (downstreamTls && this.#stream.kind === 'bytes' && !isSilent(this.#stream)) {
      const seen = inspectTls(this.#stream);
      if (!('waits' in seen)) return this.#closed('not TLS');
    }
    if (filter.kind === 'tcp_proxy') return this.#proxy(filter, accepted, downstreamTls);
    const setting = {
      config: this.#config,
      release: this.#release,
      accepted,
      events: this.events,
      downstreamTls,
      chosen: this.#chosen,
    };
    if (!downstreamTls) return manage(filter, bytesOf(this.#stream), setting);
    if (this.#stream.kind === 'bytes')
      return {
        kind: 'waits',
        for: 'the whole ClientHello',
        filter: null,
        timeout: null,
        otherwise: null,
        afterwards: null,
      };
    const { inside } = this.#stream.hello;
    if (inside === undefined) return { kind: 'responds', with: 'TLS' };
    return manage(filter, bytesOf(streamOf(inside)), setting);
  }

  #proxy(
    filter: Extract<NetworkFilter, { kind: 'tcp_proxy' }>,
    accepted: AcceptedSocket,
    downstreamTls: boolean,
  ): EnvoyOutcome {
    const names = filter.clusters.filter(({ weight }) => weight > 0).map(({ name }) => name);
    const cluster = names.length === 1 ? names[0] : names.find((name) => this.#chosen.includes(name));
    if (cluster === undefined) return { kind: 'cannot tell', because: { code: 'weights', clusters: names } };
    if (filter.connectMode === 'ON_DOWNSTREAM_DATA' && isSilent(this.#stream))
      return { kind: 'waits', for: 'a byte', filter: null, timeout: null, otherwise: null, afterwards: null };
    const dialled = dial(this.#config, cluster, accepted, null, this.events);
    switch (dialled.kind) {
      case 'cannot tell':
        return { ...dialled, cluster };
      case 'unknown cluster':
        return { ...this.#closed('cluster unknown'), flags: 'NC' };
      case 'no host':
        return { ...this.#closed('no healthy host'), flags: 'UH', cluster };
      case 'no source':
        return { ...this.#closed('source address of another family'), flags: 'URX', cluster };
      case 'hosts':
        return {
          kind: 'dials',
          cluster,
          hosts: dialled.hosts,
          ...(dialled.source === null ? {} : { source: dialled.source }),
          protocol: 'tcp',
          tls: dialled.tls,
          downstreamTls,
          retries: false,
          unread: this.#unread,
        };
    }
  }

  #closed(
    because: Extract<EnvoyOutcome, { kind: 'closed' }>['because'],
  ): Extract<EnvoyOutcome, { kind: 'closed' }> {
    return { kind: 'closed', because, unread: this.#unread };
  }
}

/** The first byte of a TLS record is all that a codec needs of it. */
function bytesOf(stream: Stream): string {
  return stream.kind === 'bytes' ? stream.bytes : '\x16\x03\x01';
}
