/** A config_dump of a mesh with many Services, in the manner of istiod: its own answer for a pod, with the parts of a Service again and again. */
import { answerOf, type Message } from '../mesh/istiod/answer.ts';

/** The address of a Service, which is none of the real answer's. */
export function serviceAddress(at: number): string {
  return `10.${128 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
}

/** Every other Service speaks TCP at 9000, and has a listener; the others HTTP at 80, and have a virtual host. */
export function dumpOfServices(count: number): string {
  const { listeners, clusters, routes, endpoints } = answerOf('redirect') as Message;
  const named = (all: readonly Message[], name: string) =>
    all.find((one) => (one.name ?? one.cluster_name) === name);
  const ofTcp = listeners.find(({ name }: Message) => /^10\..*_5432$/.test(name));
  const tcp = ofTcp.name.split('_')[0] as string;
  const table = named(routes, '80');
  const web = table.virtual_hosts.find(({ name }: Message) => name.startsWith('reviews.default'));
  const cluster = 'outbound|80||reviews.default.svc.cluster.local';
  const parts = { cluster: named(clusters, cluster), endpoints: named(endpoints, cluster) };
  const printed = Object.fromEntries(
    Object.entries({ ...parts, web, ofTcp }).map(([name, part]) => [name, JSON.stringify(part)]),
  );
  const each = (make: (at: number) => Message, keep = (_at: number) => true): readonly Message[] =>
    Array.from({ length: count }, (_, at) => at)
      .filter(keep)
      .map(make);
  const isTcp = (at: number) => at % 2 === 0;
  const nameOf = (at: number) => `s${at}.default.svc.cluster.local`;
  const portOf = (at: number) => (isTcp(at) ? 9000 : 80);
  const renamed = (part: string | undefined, at: number): Message =>
    JSON.parse(
      (part as string)
        .replaceAll('reviews.default.svc.cluster.local', nameOf(at))
        .replaceAll('outbound|80|', `outbound|${portOf(at)}|`)
        .replaceAll('"reviews', `"s${at}`),
    );
  const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}ConfigDump`;
  const told = { version_info: '2026-11-29T00:00:00Z/7', last_updated: '2026-11-29T00:00:00.000Z' };
  const listenerAt = (at: number): Message =>
    JSON.parse(
      (printed.ofTcp as string)
        .replaceAll(tcp, serviceAddress(at))
        .replaceAll('5432', '9000')
        .replaceAll(/outbound\|9000\|\|[^"]*/g, `outbound|9000||${nameOf(at)}`),
    );
  const allListeners = [...listeners, ...each(listenerAt, isTcp)];
  const allClusters = [...clusters, ...each((at) => renamed(printed.cluster, at))];
  const hosts = [
    ...table.virtual_hosts,
    ...each(
      (at) => renamed(printed.web, at),
      (at) => !isTcp(at),
    ),
  ];
  const allRoutes = routes.map((one: Message) => (one === table ? { ...one, virtual_hosts: hosts } : one));
  const allEndpoints = [...endpoints, ...each((at) => renamed(printed.endpoints, at))];
  return JSON.stringify(
    {
      configs: [
        { '@type': type('Bootstrap'), bootstrap: { node: { id: 'sidecar~10.244.1.5~shop.default~x' } } },
        {
          '@type': type('Clusters'),
          dynamic_active_clusters: allClusters.map((one) => ({ ...told, cluster: one })),
        },
        {
          '@type': type('Endpoints'),
          dynamic_endpoint_configs: allEndpoints.map((one) => ({ ...told, endpoint_config: one })),
        },
        {
          '@type': type('Listeners'),
          dynamic_listeners: allListeners.map((listener) => ({
            name: listener.name,
            active_state: { ...told, listener },
          })),
        },
        {
          '@type': type('Routes'),
          dynamic_route_configs: allRoutes.map((one: Message) => ({ ...told, route_config: one })),
        },
      ],
    },
    null,
    1,
  );
}
