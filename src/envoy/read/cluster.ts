/** Clusters, and the endpoints of those that are told them apart. */
import type {
  Cluster,
  EndpointGroup,
  ResourceState,
  TransportSocketMatch,
  UpstreamHost,
} from '../model/config.ts';
import { isMessage, type MessageFields } from './fields.ts';
import { readBind, readPlace } from './places.ts';
import { readSocketIn, readTransportSocket } from './transport-socket.ts';

const clusterTypes: readonly string[] = ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST'];
/** Fields by which a host is chosen, or a socket, in a way that is not modelled. */
const undecided = ['transport_socket_matcher', 'lb_subset_config'];

export function readCluster(fields: MessageFields, state: ResourceState): Cluster {
  const name = fields.text('name');
  const own = fields.message('cluster_type');
  const type = own === null ? fields.text('type', 'STATIC') : typeOf(own.text('name'));
  const eds = fields.message('eds_cluster_config');
  const assignment = fields.message('load_assignment');
  const common = fields.message('common_lb_config');
  const panic = common?.message('healthy_panic_threshold') ?? null;
  const original = fields.message('original_dst_lb_config');
  const header = original?.truth('use_http_header') ?? false;
  return {
    name,
    state,
    type: (clusterTypes.includes(type) ? type : 'other') as Cluster['type'],
    edsName: eds?.text('service_name') || name,
    altStatName: fields.text('alt_stat_name'),
    dnsLookupFamily: fields.text('dns_lookup_family'),
    connectTimeout: fields.duration('connect_timeout', 5000),
    hosts: assignment === null ? null : readHosts(assignment),
    bind: readBind(fields.message('upstream_bind_config')),
    transportSocket: readSocketIn(fields),
    transportSocketMatches: fields.messages('transport_socket_matches').map(readSocketMatch),
    healthyPanicThreshold: panic === null ? 50 : panic.number('value', 0),
    upstreamPortOverride: original?.number('upstream_port_override', null) ?? null,
    originalDstHeader: header ? original?.text('http_header_name') || 'x-envoy-original-dst-host' : null,
    undecided:
      original === null
        ? fields.present(undecided)
        : [...fields.present(undecided), ...original.present(['metadata_key'])],
    rest: fields.rest(),
  };
}

/** `envoy.cluster.eds`, `envoy.clusters.strict_dns`. */
function typeOf(extension: string): string {
  return (extension.split('.').at(-1) ?? '').toUpperCase();
}

function readSocketMatch(fields: MessageFields): TransportSocketMatch {
  const labels = fields.get('match');
  return {
    name: fields.text('name'),
    labels: isMessage(labels) ? labels : {},
    transportSocket: readTransportSocket(fields.inner('transport_socket')),
  };
}

/** A ClusterLoadAssignment. */
export function readAssignment(fields: MessageFields): EndpointGroup {
  const cluster = fields.text('cluster_name');
  return { cluster, hosts: readHosts(fields), rest: fields.rest() };
}

function readHosts(assignment: MessageFields): readonly UpstreamHost[] {
  return assignment.messages('endpoints').flatMap((locality) => {
    const priority = locality.number('priority', 0);
    const localityLabels = labelsOf(locality);
    return locality.messages('lb_endpoints').map((one): UpstreamHost => {
      const { kind, address, port } = readPlace(one.inner('endpoint').message('address'));
      return {
        kind,
        address,
        port,
        health: one.text('health_status'),
        priority,
        weight: one.number('load_balancing_weight', 1),
        labels: labelsOf(one),
        localityLabels,
        rest: one.rest(),
      };
    });
  });
}

function hostAt({
  kind,
  address,
  port,
}: ReturnType<typeof readPlace>): Pick<UpstreamHost, 'kind' | 'address' | 'port'> {
  return { kind, address, port };
}

const noLabels = Object.freeze({});

function labelsOf(fields: MessageFields): Readonly<Record<string, unknown>> {
  const labels = fields.message('metadata')?.message('filter_metadata')?.get('envoy.transport_socket_match');
  return isMessage(labels) ? labels : noLabels;
}

/** A ClusterStatus of `/clusters?format=json`. */
export function readStatus(fields: MessageFields): EndpointGroup {
  const hosts = fields.messages('host_statuses').map((one): UpstreamHost => {
    const health = one.message('health_status');
    return {
      ...hostAt(readPlace(one.message('address'))),
      health: statusOf(health),
      priority: one.number('priority', 0),
      weight: one.number('weight', 1),
      labels: {},
      localityLabels: {},
      rest: one.rest(),
    };
  });
  return { cluster: fields.text('name'), hosts, rest: fields.rest() };
}

/** A failed check, or an outlier, is as bad as what EDS says of a sick host. */
function statusOf(health: MessageFields | null): string {
  if (health === null) return '';
  const failed = [
    'failed_active_health_check',
    'failed_outlier_check',
    'pending_active_hc',
    'excluded_via_immediate_hc_fail',
  ].some((name) => health.truth(name));
  return failed ? 'UNHEALTHY' : health.text('eds_health_status');
}
