/**
 * What an Envoy was told, from any of the texts that say it: `GET /config_dump`, with endpoints or without, the lists of
 * resources that are made of it, a bootstrap, or listeners, clusters, routes and endpoints side by side.
 */
import type {
  BindConfig,
  Cluster,
  ConfigSection,
  EndpointGroup,
  EnvoyConfig,
  Listener,
  ResourceState,
  RouteTable,
  UpstreamHost,
} from '../model/config.ts';
import type { ConfigProblem } from '../model/problem.ts';
import { readAssignment, readCluster, readStatus } from './cluster.ts';
import { fieldsOf, isMessage, type MessageFields } from './fields.ts';
import { readListener } from './listener.ts';
import { domainsIn, lookupIn } from './lookup.ts';
import { PastedReading, quotable } from './pasted-reading.ts';
import { readBind, readPlace } from './places.ts';
import { readRouteTable } from './routes.ts';
import { readValues } from './source.ts';
import { NestedTooDeep } from './values.ts';

export interface ParsedEnvoyConfig {
  readonly config: EnvoyConfig;
  readonly problems: readonly ConfigProblem[];
}

/** Reads the text of a configuration. What cannot be read is a problem, and the rest is read. */
export function parseEnvoyConfig(text: string): ParsedEnvoyConfig {
  const { values, problems } = readValues(text);
  const { config, problems: more } = readEnvoyConfig(values);
  return { config, problems: [...problems, ...more] };
}

/** The same of values that are parsed already: those of one or several texts. */
export function readEnvoyConfig(values: readonly unknown[]): ParsedEnvoyConfig {
  const draft = new Draft();
  for (const value of values) draft.try(value);
  return draft.done();
}

class Draft {
  readonly #reading = new PastedReading();
  readonly #has = new Set<ConfigSection>();
  readonly #listeners: Listener[] = [];
  readonly #clusters: Cluster[] = [];
  readonly #routes: RouteTable[] = [];
  readonly #endpoints: EndpointGroup[] = [];
  readonly #rest: Record<string, unknown> = {};
  /** What a bootstrap has, which a dump repeats in its sections; and what it has the whole of. */
  readonly #started: { readonly listeners: Listener[]; readonly clusters: Cluster[] } = {
    listeners: [],
    clusters: [],
  };
  readonly #ofBootstrap = new Set<ConfigSection>();
  /** Sections of a dump that were read. */
  readonly #inSection = new Set<ConfigSection>();
  /** Sections that stood in a dump: a second one is another Envoy's. */
  readonly #dumped = new Set<string>();
  readonly #secrets: string[] = [];
  #node = '';
  #bind: BindConfig | null = null;
  #runtime: Readonly<Record<string, unknown>> = {};

  done(): ParsedEnvoyConfig {
    if (!this.#inSection.has('listeners')) this.#listeners.unshift(...this.#started.listeners);
    if (!this.#inSection.has('clusters')) this.#clusters.unshift(...this.#started.clusters);
    for (const part of this.#ofBootstrap) this.#has.add(part);
    const config: EnvoyConfig = {
      has: {
        listeners: this.#has.has('listeners'),
        clusters: this.#has.has('clusters'),
        routes: this.#has.has('routes'),
        endpoints: this.#has.has('endpoints'),
      },
      listeners: this.#listeners,
      clusters: this.#clusters,
      routes: this.#routes,
      endpoints: this.#endpoints,
      node: this.#node,
      bind: this.#bind,
      runtime: this.#runtime,
      rest: this.#rest,
    };
    this.#namedTwice('listener', config.listeners);
    this.#namedTwice('cluster', config.clusters);
    lookupIn(config);
    for (const table of this.#routes) domainsIn(table);
    return { config, problems: this.#reading.problems };
  }

  /** What is nested too deep is read as far as it was before. */
  try(value: unknown): void {
    try {
      this.#add(value);
    } catch (error) {
      if (!(error instanceof NestedTooDeep)) throw error;
      this.#problem({ code: 'nested too deep' });
    }
  }

  #add(value: unknown): void {
    if (Array.isArray(value)) {
      this.#list(value);
      return;
    }
    if (!isMessage(value)) {
      this.#problem({ code: 'not a configuration', found: 'text', fields: [] });
      return;
    }
    const fields = fieldsOf(this.#reading, value, 'text');
    if (fields.has('configs')) this.#dump(fields);
    else if (this.#parts(fields)) return;
    else if (fields.has('static_resources') || fields.has('dynamic_resources')) this.#bootstrap(fields);
    else if (fields.has('bootstrap') && !this.#sideBySide(fields)) this.#bootstrap(fields.inner('bootstrap'));
    else if (fields.has('cluster_statuses')) this.#list(fields.list('cluster_statuses'));
    // Names and addresses: what these listeners do is not in it.
    else if (fields.has('listener_statuses')) this.#rest.listener_statuses = fields.list('listener_statuses');
    else if (this.#isOtherProgram(fields))
      this.#problem({
        code: 'dump of another program',
        fields: namesIn(value),
        counts: Object.fromEntries(
          ['workloads', 'services', 'policies'].map((part) => [
            part,
            Object.keys(fields.get(part) ?? {}).length,
          ]),
        ),
      });
    else if (!this.#single(fields, value) && !this.#sideBySide(fields))
      this.#problem({
        code: 'not a configuration',
        found: 'message',
        fields: namesIn(value),
      });
  }

  #namedTwice(
    part: 'listener' | 'cluster',
    all: readonly { readonly name: string; readonly state: ResourceState }[],
  ): void {
    const names = new Set<string>();
    for (const { name, state } of all) {
      if (state !== 'active' || name === '') continue;
      if (names.has(name)) {
        this.#problem({ code: 'named twice', part, name: quotable(name, mostQuoted) });
        return;
      }
      names.add(name);
    }
  }

  #problem(problem: ConfigProblem): void {
    this.#reading.problems.push(problem);
  }

  /** A proxy that forwards whole connections by workload has a dump of its own, with these at its top. */
  #isOtherProgram(fields: MessageFields): boolean {
    return fields.has('workloads') && (fields.has('services') || fields.has('policies'));
  }

  #list(values: readonly unknown[]): void {
    if (values.length === 0) this.#problem({ code: 'not a configuration', found: 'list', fields: [] });
    values.forEach((value, at) => {
      const fields = fieldsOf(this.#reading, value, `[${at}]`);
      if (isMessage(value) && !this.#single(fields, value))
        this.#problem({ code: 'not a configuration', found: 'list', fields: namesIn(value) });
    });
  }

  /** One resource by itself, which its fields tell. */
  #single(fields: MessageFields, value: Readonly<Record<string, unknown>>): boolean {
    const type = fields.text('@type');
    if (type !== '' && this.#typed(type, fields)) return true;
    if (this.#parts(fields) || this.#wrapped(fields)) return true;
    if (fields.has('virtual_hosts')) this.#route(fields);
    else if (fields.has('host_statuses')) this.#endpoint(readStatus(fields));
    else if (fields.has('cluster_name')) this.#endpoint(readAssignment(fields));
    else if (
      fields.has('filter_chains') ||
      fields.has('default_filter_chain') ||
      fields.has('listener_filters')
    )
      this.#listener(fields, 'active');
    else if (isCluster(fields)) this.#cluster(fields, 'active');
    // A table of routes, or endpoints, of which there are none.
    else if (Object.keys(value).length === 1 && fields.has('name')) this.#route(fields);
    else if (fields.has('name') && fields.has('address')) this.#listener(fields, 'active');
    else return false;
    return true;
  }

  /** Lists of a section, which somebody took out of a dump: `{ dynamic_listeners: [] }`. */
  #parts(fields: MessageFields): boolean {
    const found = sectionLists.filter(([list]) => fields.has(list));
    for (const section of new Set(found.map(([, name]) => name))) this.#typed(section, fields);
    return found.length > 0;
  }

  /** A resource as it stands in a section, with when it was told. */
  #wrapped(fields: MessageFields): boolean {
    const states = fields.present(['active_state', 'warming_state', 'draining_state', 'error_state']);
    if (states.length > 0) this.#dynamicListener(fields);
    else if (isMessage(fields.get('listener'))) this.#listener(fields.inner('listener'), 'active');
    else if (isMessage(fields.get('cluster'))) this.#cluster(fields.inner('cluster'), 'active');
    else if (isMessage(fields.get('route_config'))) this.#route(fields.inner('route_config'));
    else if (isMessage(fields.get('endpoint_config')))
      this.#endpoint(readAssignment(fields.inner('endpoint_config')));
    else return false;
    return true;
  }

  /** What a control plane says, by kind: `{ listeners, clusters, routes, endpoints }`. */
  #sideBySide(fields: MessageFields): boolean {
    const kinds = fields.present(['listeners', 'clusters', 'routes', 'endpoints']);
    eachMessage(fields, 'listeners', (one) => this.#listener(one, 'active'));
    eachMessage(fields, 'clusters', (one) => this.#cluster(one, 'active'));
    eachMessage(fields, 'routes', (one) => this.#route(one));
    eachMessage(fields, 'endpoints', (one) => this.#endpoint(readAssignment(one)));
    for (const kind of kinds) this.#has.add(kind as ConfigSection);
    const bootstrap = kinds.length === 0 ? null : fields.message('bootstrap');
    if (bootstrap !== null) this.#bootstrap(bootstrap);
    return kinds.length > 0;
  }

  #bootstrap(fields: MessageFields): void {
    const own = fields.inner('static_resources');
    // What it is served later is not in it.
    const served = fields.message('dynamic_resources');
    const isServed = { listeners: served?.has('lds_config'), clusters: served?.has('cds_config') };
    for (const part of ['listeners', 'clusters'] as const)
      if (fields.has('static_resources') && isServed[part] !== true) this.#ofBootstrap.add(part);
    this.#started.listeners.push(...own.messages('listeners').map((one) => readListener(one, 'active')));
    this.#started.clusters.push(...own.messages('clusters').map((one) => readCluster(one, 'active')));
    this.#readSettings(fields);
    Object.assign(this.#rest, { bootstrap: fields.rest() });
  }

  #readSettings(bootstrap: MessageFields): void {
    this.#node = bootstrap.inner('node').text('id') || this.#node;
    this.#bind = readBind(bootstrap.inner('cluster_manager').message('upstream_bind_config')) ?? this.#bind;
    for (const layer of bootstrap.inner('layered_runtime').messages('layers')) {
      const values = layer.get('static_layer');
      if (isMessage(values)) this.#runtime = { ...this.#runtime, ...values };
    }
  }

  /** The sections of `/config_dump`, or with `?resource=` the elements of one. */
  #dump(fields: MessageFields): void {
    // Before v3 they stood in a map.
    const sections = isMessage(fields.get('configs'))
      ? Object.keys(fields.get('configs') as object).map((name) => fields.inner('configs').inner(name))
      : fields.messages('configs');
    const types = sections.map((one) => one.text('@type')).filter((type) => type.endsWith('ConfigDump'));
    if (types.some((type) => this.#dumped.has(type))) {
      const bootstrap = sections.find((one) => one.has('bootstrap'))?.inner('bootstrap');
      const node = bootstrap?.inner('node').text('id') ?? '';
      this.#problem({ code: 'another dump', node: quotable(node, mostQuoted) });
      return;
    }
    for (const type of types) this.#dumped.add(type);
    for (const section of sections) {
      const type = section.text('@type');
      if (!this.#typed(type, section))
        this.#problem({ code: 'part unknown', part: quotable(type, mostQuoted) });
    }
  }

  /** A message by its type; false where that is none that is known here. */
  #typed(type: string, fields: MessageFields): boolean {
    if (this.#isOlder(type)) return true;
    const name = type.split('.').at(-1) ?? '';
    switch (name) {
      case 'BootstrapConfigDump':
        this.#bootstrap(fields.inner('bootstrap'));
        return true;
      case 'ListenersConfigDump':
        this.#section('listeners');
        eachMessage(fields, 'static_listeners', (one) => this.#listener(one.inner('listener'), 'active'));
        eachMessage(fields, 'dynamic_listeners', (one) => this.#dynamicListener(one));
        return true;
      case 'DynamicListener':
        this.#dynamicListener(fields);
        return true;
      case 'StaticListener':
        this.#listener(fields.inner('listener'), 'active');
        return true;
      case 'ClustersConfigDump':
        this.#section('clusters');
        for (const part of ['static_clusters', 'dynamic_active_clusters'])
          eachMessage(fields, part, (one) => this.#cluster(one.inner('cluster'), 'active'));
        eachMessage(fields, 'dynamic_warming_clusters', (one) =>
          this.#cluster(one.inner('cluster'), 'warming'),
        );
        return true;
      case 'StaticCluster':
      case 'DynamicCluster':
        this.#cluster(fields.inner('cluster'), 'active');
        return true;
      case 'RoutesConfigDump':
        this.#section('routes');
        for (const part of ['static_route_configs', 'dynamic_route_configs'])
          eachMessage(fields, part, (one) => this.#route(one.inner('route_config')));
        return true;
      case 'StaticRouteConfig':
      case 'DynamicRouteConfig':
        this.#route(fields.inner('route_config'));
        return true;
      case 'EndpointsConfigDump':
        this.#section('endpoints');
        for (const part of ['static_endpoint_configs', 'dynamic_endpoint_configs'])
          eachMessage(fields, part, (one) => this.#endpoint(readAssignment(one.inner('endpoint_config'))));
        return true;
      case 'StaticEndpointConfig':
      case 'DynamicEndpointConfig':
        this.#endpoint(readAssignment(fields.inner('endpoint_config')));
        return true;
      case 'SecretsConfigDump':
        // Of secrets their names are kept, and nothing else.
        for (const part of ['static_secrets', 'dynamic_active_secrets', 'dynamic_warming_secrets'])
          this.#secrets.push(...fields.messages(part).map((one) => one.text('name')));
        this.#rest.secrets = this.#secrets;
        return true;
      case 'ScopedRoutesConfigDump':
      case 'EcdsConfigDump':
        this.#rest[name] = fields.rest();
        return true;
      case 'Listener':
        this.#listener(fields, 'active');
        return true;
      case 'Cluster':
        this.#cluster(fields, 'active');
        return true;
      case 'RouteConfiguration':
        this.#route(fields);
        return true;
      case 'ClusterLoadAssignment':
        this.#endpoint(readAssignment(fields));
        return true;
      default:
        return false;
    }
  }

  /** A resource of v2 may stand in a dump of v3, too. */
  #isOlder(type: string): boolean {
    if (!older.test(type)) return false;
    this.#problem({ code: 'older API', type: quotable(type, mostQuoted) });
    return true;
  }

  #section(name: ConfigSection): void {
    this.#has.add(name);
    this.#inSection.add(name);
  }

  #dynamicListener(fields: MessageFields): void {
    for (const state of ['active', 'warming', 'draining'] as const) {
      const one = fields.message(`${state}_state`);
      if (one !== null) this.#listener(one.inner('listener'), state);
    }
    const failed = fields.message('error_state');
    if (failed !== null)
      this.#problem({
        code: 'part failed',
        part: quotable(fields.text('name'), mostQuoted),
        details: quotable(failed.text('details'), 3 * mostQuoted),
      });
  }

  #listener(fields: MessageFields, state: ResourceState): void {
    this.#has.add('listeners');
    if (this.#isOlder(fields.text('@type'))) return;
    this.#listeners.push(readListener(fields, state));
  }

  #cluster(fields: MessageFields, state: ResourceState): void {
    this.#has.add('clusters');
    if (this.#isOlder(fields.text('@type'))) return;
    const cluster = readCluster(fields, state);
    this.#clusters.push(cluster.hosts === null ? { ...cluster, hosts: readOlderHosts(fields) } : cluster);
  }

  #route(fields: MessageFields): void {
    this.#has.add('routes');
    if (this.#isOlder(fields.text('@type'))) return;
    this.#routes.push(readRouteTable(fields));
  }

  #endpoint(group: EndpointGroup): void {
    this.#has.add('endpoints');
    this.#endpoints.push(group);
  }
}

const older = /\.v2(alpha)?\.|envoy\.api\.v2\./;

/** Of a name, or of what Envoy says of it, in characters. */
const mostQuoted = 200;

function namesIn(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(value)
    .slice(0, 5)
    .map((name) => quotable(name, mostQuoted));
}

/** The messages of a long list, one after the other: none is kept. */
function eachMessage(fields: MessageFields, name: string, read: (one: MessageFields) => void): void {
  for (const [at, value] of fields.list(name).entries())
    read(fieldsOf(fields.reading, value, name, fields, at));
}

/** `hosts`, which stood in a cluster before v3. */
function readOlderHosts(fields: MessageFields): readonly UpstreamHost[] | null {
  if (!fields.has('hosts')) return null;
  return fields.messages('hosts').map((one) => {
    const { kind, address, port } = readPlace(one);
    const unsaid = { health: '', priority: 0, weight: 1, labels: {}, localityLabels: {} };
    return { kind, address, port, ...unsaid, rest: one.rest() };
  });
}

/** The lists of the sections of `/config_dump`, and whose they are. */
const sectionLists: readonly (readonly [list: string, section: string])[] = [
  ['static_listeners', 'ListenersConfigDump'],
  ['dynamic_listeners', 'ListenersConfigDump'],
  ['static_clusters', 'ClustersConfigDump'],
  ['dynamic_active_clusters', 'ClustersConfigDump'],
  ['dynamic_warming_clusters', 'ClustersConfigDump'],
  ['static_route_configs', 'RoutesConfigDump'],
  ['dynamic_route_configs', 'RoutesConfigDump'],
  ['static_endpoint_configs', 'EndpointsConfigDump'],
  ['dynamic_endpoint_configs', 'EndpointsConfigDump'],
  ['static_secrets', 'SecretsConfigDump'],
  ['dynamic_active_secrets', 'SecretsConfigDump'],
  ['dynamic_warming_secrets', 'SecretsConfigDump'],
  ['ecds_filters', 'EcdsConfigDump'],
];

const clusterFields = [
  'load_assignment',
  'eds_cluster_config',
  'lb_policy',
  'connect_timeout',
  'cluster_type',
  'alt_stat_name',
];

function isCluster(fields: MessageFields): boolean {
  return fields.present(clusterFields).length > 0 || (fields.has('name') && fields.has('type'));
}
