/** Pods at random, with the Services, policies and Sidecars around them: the same seed draws the same. */
import type { SidecarPod } from '../../../src/istio/index.ts';
import { Draw } from '../../kernel/draw.ts';

export type NamedPod = SidecarPod & { readonly Name: string };

/** The pods of a seed. */
export function randomPods(seed: number, count: number): readonly NamedPod[] {
  return Array.from({ length: count }, (_, number) => randomPod(seed, number));
}

type Family = 'v4' | 'v6';

const names = [
  'http',
  'tcp',
  'auto',
  'grpc',
  'http2-api',
  'tls',
  'https',
  'mysql',
  'redis',
  'tcp-db',
  'udp-x',
  '',
];
const appProtocols = ['http', 'kubernetes.io/h2c', 'tcp', 'https', 'http2', 'unknown/thing'];
const numbers = [80, 81, 443, 3306, 5432, 7000, 8080, 9000, 9090, 27017];

interface Port {
  readonly name: string;
  readonly port: number;
  readonly target: number;
  readonly appProtocol?: string;
}

interface Service {
  readonly name: string;
  readonly namespace: string;
  /** Empty: headless. */
  readonly address: string;
  readonly endpoints: readonly string[];
  readonly ports: readonly Port[];
  readonly hasSidecar: boolean;
  readonly app: string;
}

function randomPod(seed: number, number: number): NamedPod {
  const draw = new Draw(seed, number, 0x1570d);
  const families: readonly Family[] = draw.pick([['v4'], ['v4'], ['v4'], ['v6'], ['v4', 'v6']] as const);
  const family = families[0] as Family;
  const own: Service = { ...serviceOf(draw, 'shop', 0, family), namespace: 'default' };
  const others = Array.from({ length: draw.between(1, 4) }, (_, at) =>
    serviceOf(draw, ['web', 'db', 'cache', 'other'][at] as string, at + 1, family),
  );
  const second = draw.chance(0.25)
    ? [
        {
          ...serviceOf(draw, 'shop-admin', 7, family),
          namespace: 'default',
          endpoints: own.endpoints,
          app: 'shop',
        },
      ]
    : [];
  const services = [own, ...others, ...second];
  const inbound = draw.chance(0.15) ? { Inbound: 'LOCALHOST' as const } : {};
  return {
    Name: `random-${seed}-${number}`,
    Mode: draw.pick(['REDIRECT', 'REDIRECT', 'TPROXY', 'NONE']),
    Policy: draw.pick(['ALLOW_ANY', 'REGISTRY_ONLY']),
    ...inbound,
    IPs: families.map((one) => addressOf(one, 0, 10)),
    Labels: { app: 'shop' },
    ClusterID: draw.pick(['Kubernetes', '']),
    Config: [...authentications(draw), ...entries(draw, family), ...sidecars(draw, family, services)].join(
      '',
    ),
    Objects: services.map(objectsOf).join(''),
  };
}

const addressOf = (family: Family, group: number, last: number): string =>
  family === 'v4' ? `10.0.${group}.${last}` : `fd00::${group}:${last}`;

function serviceOf(draw: Draw, name: string, at: number, family: Family): Service {
  const isHeadless = at !== 0 && draw.chance(0.2);
  const ports: Port[] = [];
  for (let wanted = draw.between(1, 4); wanted > 0; wanted--) {
    const port = draw.pick(numbers);
    // Kubernetes takes neither a number nor a name twice, and no port without a name beside another.
    const called = draw.pick(names);
    if (called.startsWith('udp') || (called === '' && wanted > 1) || (called === '' && ports.length > 0))
      continue;
    if (ports.some((one) => one.port === port || one.name === called)) continue;
    ports.push({
      name: called,
      port,
      target: draw.chance(0.6) ? port : draw.pick([8080, 8081, 9000, 3306]),
      ...(draw.chance(0.15) ? { appProtocol: draw.pick(appProtocols) } : {}),
    });
  }
  if (ports.length === 0) ports.push({ name: 'http', port: 80, target: 8080 });
  const endpoints = Array.from({ length: at === 0 ? 1 : draw.between(0, 2) }, (_, nth) =>
    addressOf(family, at, 10 + nth),
  );
  return {
    name,
    namespace: draw.pick(['default', 'default', 'other']),
    address: isHeadless ? '' : family === 'v4' ? `10.96.0.${10 + at}` : `fd96::${10 + at}`,
    endpoints,
    ports,
    hasSidecar: draw.chance(0.75),
    app: name,
  };
}

function objectsOf({ name, namespace, address, endpoints, ports, hasSidecar, app }: Service): string {
  const port = (one: Port) =>
    `  - {${one.name === '' ? '' : `name: ${one.name}, `}port: ${one.port}, targetPort: ${one.target}, protocol: TCP${
      one.appProtocol === undefined ? '' : `, appProtocol: ${one.appProtocol}`
    }}\n`;
  const service = `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  clusterIP: ${address === '' ? 'None' : `'${address}'`}
  selector: {app: ${app}}
  ports:
${ports.map(port).join('')}---
`;
  if (endpoints.length === 0) return service;
  const slice = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, namespace: ${namespace}, labels: {kubernetes.io/service-name: ${name}}}
addressType: ${endpoints[0]?.includes(':') ? 'IPv6' : 'IPv4'}
endpoints:
${endpoints
  .map(
    (each, nth) =>
      `  - addresses: ['${each}']\n    conditions: {ready: true}\n    targetRef: {kind: Pod, name: ${app}-${nth}, namespace: ${namespace}}\n`,
  )
  .join('')}ports:
${ports.map((one) => `  - {name: '${one.name}', port: ${one.target}, protocol: TCP}\n`).join('')}---
`;
  if (app !== name) return service + slice;
  const label = hasSidecar ? ', security.istio.io/tlsMode: istio' : '';
  const pods = endpoints.map(
    (each, nth) => `apiVersion: v1
kind: Pod
metadata: {name: ${app}-${nth}, namespace: ${namespace}, labels: {app: ${app}${label}}}
spec: {containers: [{name: app, image: a}]}
status: {podIP: '${each}', podIPs: [{ip: '${each}'}], phase: Running, conditions: [{type: Ready, status: 'True'}]}
---
`,
  );
  return service + slice + pods.join('');
}

const modes = ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'] as const;

function authentications(draw: Draw): readonly string[] {
  const written = (name: string, namespace: string, spec: string) =>
    `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n---\n`;
  const mode = () => draw.pick(modes);
  return [
    ...(draw.chance(0.5) ? [written('mesh', 'istio-system', `{mtls: {mode: ${mode()}}}`)] : []),
    ...(draw.chance(0.3) ? [written('space', 'default', `{mtls: {mode: ${mode()}}}`)] : []),
    ...(draw.chance(0.3)
      ? [
          written(
            'own',
            'default',
            `{selector: {matchLabels: {app: shop}}, mtls: {mode: ${mode()}}, portLevelMtls: {${draw.pick([8080, 9000, 3306])}: {mode: ${mode()}}}}`,
          ),
        ]
      : []),
    ...(draw.chance(0.15) ? [written('away', 'other', `{mtls: {mode: ${mode()}}}`)] : []),
  ];
}

function entries(draw: Draw, family: Family): readonly string[] {
  return Array.from({ length: draw.pick([0, 0, 1, 1, 2]) }, (_, at) => {
    const resolution = draw.pick(['DNS', 'STATIC', 'NONE'] as const);
    const protocol = draw.pick(['HTTP', 'TCP', 'TLS', 'HTTPS', 'GRPC']);
    const address = family === 'v4' ? `203.0.113.${10 + at}` : `2001:db8::${10 + at}`;
    const hasAddress = resolution !== 'DNS' || draw.chance(0.5);
    const where =
      resolution === 'STATIC'
        ? `  endpoints: [{address: '${family === 'v4' ? `198.51.100.${10 + at}` : `2001:db8:1::${10 + at}`}'}]\n`
        : '';
    return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: entry-${at}, namespace: ${draw.pick(['default', 'other'])}}
spec:
  hosts: [api-${at}.example.com]
${hasAddress ? `  addresses: ['${address}']\n` : ''}  ports: [{number: ${draw.pick([80, 443, 5432, 8443])}, name: p, protocol: ${protocol}}]
  resolution: ${resolution}
  location: ${draw.pick(['MESH_EXTERNAL', 'MESH_INTERNAL'])}
${where}---
`;
  });
}

function sidecars(draw: Draw, family: Family, services: readonly Service[]): readonly string[] {
  if (draw.chance(0.6)) return [];
  const local = draw.pick(family === 'v4' ? ['127.0.0.1', '0.0.0.0'] : ['::1', '::']);
  const end = local.includes(':') ? `[${local}]` : local;
  const ingress = draw.chance(0.5)
    ? `  ingress:\n  - {port: {number: ${draw.pick([80, 8080, 9000])}, protocol: ${draw.pick(['HTTP', 'TCP', 'GRPC'])}, name: in}, defaultEndpoint: '${end}:8080'}\n`
    : '';
  const hosts = draw.pick([
    ["'./*'"],
    ["'*/*'"],
    ["'default/*'", "'istio-system/*'"],
    [`'*/${services[1]?.name}.${services[1]?.namespace}.svc.cluster.local'`],
    ["'~/*'"],
  ]);
  const egress = draw.chance(0.7) ? `  egress:\n  - hosts: [${hosts.join(', ')}]\n` : '';
  if (ingress === '' && egress === '') return [];
  const selector = draw.chance(0.7) ? '  workloadSelector: {labels: {app: shop}}\n' : '';
  // A Sidecar of a whole namespace may not have ingress.
  return [
    `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: own, namespace: default}\nspec:\n${
      ingress === '' ? selector : '  workloadSelector: {labels: {app: shop}}\n'
    }${ingress}${egress}---\n`,
  ];
}
