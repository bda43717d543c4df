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
  /** As metadata has it. */
  readonly created: string;
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
  family === 'v4' ? `10.0.${group}.${last}` : `fd00::${group + 1}:${last}`;

/** Of two Services the older one has its say; some are of one second. */
const created = (draw: Draw): string =>
  `creationTimestamp: '${draw.pick(['2024-03-01T08:00:00Z', '2025-01-15T10:30:00Z', '2025-01-15T10:30:01Z'])}'`;

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
    created: created(draw),
  };
}

function objectsOf(service: Service): string {
  const { name, namespace, address, endpoints, ports, hasSidecar, app } = service;
  const port = (one: Port) =>
    `  - {${one.name === '' ? '' : `name: ${one.name}, `}port: ${one.port}, targetPort: ${one.target}, protocol: TCP${
      one.appProtocol === undefined ? '' : `, appProtocol: ${one.appProtocol}`
    }}\n`;
  const written = `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}, ${service.created}}
spec:
  clusterIP: ${address === '' ? 'None' : `'${address}'`}
  selector: {app: ${app}}
  ports:
${ports.map(port).join('')}---
`;
  if (endpoints.length === 0) return written;
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
  if (app !== name) return written + slice;
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
  return written + slice + pods.join('');
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
  return Array.from({ length: draw.pick([0, 0, 1, 1, 2, 3]) }, (_, at) => entryOf(draw, family, at));
}

function entryOf(draw: Draw, family: Family, at: number): string {
  const resolution = draw.pick(['DNS', 'STATIC', 'NONE', 'DNS_ROUND_ROBIN'] as const);
  const isByName = resolution.startsWith('DNS');
  const outside = (last: number) => (family === 'v4' ? `203.0.113.${last}` : `2001:db8::${last}`);
  const numbers = draw.pick([[80], [443], [5432], [8443], [9000], [80, 443], [5432, 8443]]);
  const protocols = numbers.map(() => draw.pick(['HTTP', 'TCP', 'TLS', 'HTTPS', 'GRPC', 'HTTP2', 'MONGO']));
  // Of several addresses or hosts of one entry istiod has them in an order that changes, which a table of routes shows.
  const isOrdered = protocols.every((one) => ['TCP', 'TLS', 'HTTPS', 'MONGO'].includes(one));
  const addresses = draw.pick([
    [outside(10 + at)],
    [outside(10 + at)],
    isOrdered ? [outside(20 + at), outside(30 + at)] : [outside(20 + at)],
    // Istio takes no range of what it resolves.
    isByName
      ? [outside(10 + at)]
      : [family === 'v4' ? `203.0.113.${64 + 16 * at}/28` : `2001:db8:${at + 2}::/64`],
  ]);
  const hasAddress = draw.chance(isByName ? 0.5 : 0.85);
  const host = `api-${at}.example.com`;
  // Istio takes several hosts only where a name in the call tells them apart, and no star that would be resolved.
  const isTold = protocols.every((one) => one !== 'TCP' && one !== 'MONGO') && (isOrdered || !hasAddress);
  const star = `*.wild-${at}.example.com`;
  const hosts = draw.pick([
    [host],
    ...(isTold ? [[host, `also-${at}.example.com`]] : []),
    ...(resolution === 'NONE' ? [[star]] : []),
    ...(resolution === 'NONE' && isTold ? [[host, star]] : []),
  ]);
  const ports = numbers.map((number, nth) => {
    const target =
      resolution !== 'NONE' && draw.chance(0.2) ? `, targetPort: ${draw.pick([8080, 9443])}` : '';
    return `{number: ${number}, name: p${nth}, protocol: ${protocols[nth]}${target}}`;
  });
  const endpoint = (last: number) =>
    `{address: '${family === 'v4' ? `198.51.100.${last}` : `2001:db8:1::${last}`}'${
      draw.chance(0.3) ? `, ports: {p0: ${draw.pick([8081, 9090])}}` : ''
    }${draw.chance(0.2) ? ', labels: {security.istio.io/tlsMode: istio}' : ''}}`;
  const endpoints =
    resolution === 'STATIC'
      ? Array.from({ length: draw.between(1, 2) }, (__, nth) => endpoint(10 + at + 20 * nth))
      : [];
  const shown = draw.chance(0.2) ? `  exportTo: ['${draw.pick(['.', '*', '~', 'other'])}']\n` : '';
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: entry-${at}, namespace: ${draw.pick(['default', 'other'])}, ${created(draw)}}
spec:
  hosts: [${hosts.map((one) => `'${one}'`).join(', ')}]
${hasAddress ? `  addresses: [${addresses.map((one) => `'${one}'`).join(', ')}]\n` : ''}  ports: [${ports.join(', ')}]
  resolution: ${resolution}
  location: ${draw.pick(['MESH_EXTERNAL', 'MESH_INTERNAL'])}
${shown}${endpoints.length === 0 ? '' : `  endpoints: [${endpoints.join(', ')}]\n`}---
`;
}

function sidecars(draw: Draw, family: Family, services: readonly Service[]): readonly string[] {
  if (draw.chance(0.5)) return [];
  const ingress = draw.chance(0.5) ? ingressOf(draw, family) : '';
  const egress = draw.chance(0.7) ? egressOf(draw, family, services) : '';
  const policy = draw.chance(0.2)
    ? `  outboundTrafficPolicy: {mode: ${draw.pick(['ALLOW_ANY', 'REGISTRY_ONLY'])}}\n`
    : '';
  if (ingress === '' && egress === '' && policy === '') return [];
  // A Sidecar of a whole namespace may not have ingress.
  const isOfAll = ingress === '' && draw.chance(0.4);
  const selector = isOfAll ? '' : '  workloadSelector: {labels: {app: shop}}\n';
  const namespace = isOfAll && draw.chance(0.3) ? 'istio-system' : 'default';
  return [
    `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: own, namespace: ${namespace}}\nspec:\n${selector}${ingress}${egress}${policy}---\n`,
  ];
}

function ingressOf(draw: Draw, family: Family): string {
  const all = draw.pick([[80], [8080], [9000], [8080, 9000], [80, 9090]]).map((number, nth) => {
    const local = draw.pick(family === 'v4' ? ['127.0.0.1', '0.0.0.0'] : ['::1', '::']);
    const end = local.includes(':') ? `[${local}]` : local;
    const protocol = draw.pick(['HTTP', 'TCP', 'GRPC', 'HTTPS', 'TLS', 'HTTP2']);
    const bind = draw.chance(0.15) ? `bind: '${local}', ` : '';
    const capture = draw.chance(0.15) ? `captureMode: ${draw.pick(['NONE', 'IPTABLES', 'DEFAULT'])}, ` : '';
    const to = draw.chance(0.85) ? `defaultEndpoint: '${end}:${draw.pick([8080, 8081])}'` : '';
    return `  - {port: {number: ${number}, protocol: ${protocol}, name: in${nth}}, ${bind}${capture}${to}}\n`;
  });
  return `  ingress:\n${all.join('')}`;
}

function egressOf(draw: Draw, family: Family, services: readonly Service[]): string {
  const hosts = () =>
    draw.pick([
      ["'./*'"],
      ["'*/*'"],
      ["'default/*'", "'istio-system/*'"],
      ["'other/*'"],
      ["'*/*.example.com'"],
      [`'*/${services[1]?.name}.${services[1]?.namespace}.svc.cluster.local'`],
      ["'~/*'"],
    ]);
  const rest = draw.chance(0.85) ? [`  - hosts: [${hosts().join(', ')}]\n`] : [];
  // What names a port stands before what takes the rest.
  const ofPorts = draw.chance(0.3)
    ? draw.pick([[80], [5432], [9080], [80, 5432]]).map((number, nth) => {
        const protocol = draw.pick(['HTTP', 'TCP', 'HTTPS', 'MONGO']);
        const bind = draw.chance(0.4)
          ? `bind: '${draw.pick(family === 'v4' ? ['127.0.0.1', '127.0.0.2'] : ['::1'])}', `
          : '';
        const capture = draw.chance(0.2)
          ? `captureMode: ${draw.pick(['NONE', 'IPTABLES', 'DEFAULT'])}, `
          : '';
        return `  - {port: {number: ${number}, protocol: ${protocol}, name: out${nth}}, ${bind}${capture}hosts: [${hosts().join(', ')}]}\n`;
      })
    : [];
  const all = [...ofPorts, ...rest];
  return all.length === 0 ? '' : `  egress:\n${all.join('')}`;
}
