/** What a port of a Service speaks: pkg/config/protocol/instance.go, pkg/config/kube/conversion.go. */

export type PortProtocol =
  | 'TCP'
  | 'UDP'
  | 'GRPC'
  | 'GRPC-Web'
  | 'HTTP'
  | 'HTTP_PROXY'
  | 'HTTP2'
  | 'HTTPS'
  | 'TLS'
  | 'Mongo'
  | 'Redis'
  | 'MySQL'
  /** Nothing is declared: Envoy looks at the first bytes. */
  | 'UnsupportedProtocol';

const named: readonly PortProtocol[] = [
  'TCP',
  'UDP',
  'GRPC',
  'GRPC-Web',
  'HTTP',
  'HTTP_PROXY',
  'HTTP2',
  'HTTPS',
  'TLS',
  'Mongo',
  'Redis',
  'MySQL',
];

export function protocolNamed(name: string): PortProtocol {
  return named.find((one) => one.toLowerCase() === name.toLowerCase()) ?? 'UnsupportedProtocol';
}

/** Ports at which the server speaks first, most of all: they are TCP where nothing is declared. */
const wellKnown: readonly number[] = [25, 53, 3306, 27017];

const kubernetesNames: ReadonlyMap<string, PortProtocol> = new Map([
  ['kubernetes.io/h2c', 'HTTP2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** Of a Service's port: `appProtocol` before the name, and of the name what stands before the first hyphen. */
export function declaredProtocol(
  port: number,
  name: string,
  transport: string,
  appProtocol: string,
): PortProtocol {
  if (transport === 'UDP') return 'UDP';
  const known = kubernetesNames.get(appProtocol);
  if (known !== undefined) return known;
  const declared = appProtocol === '' ? name : appProtocol;
  if (/^grpc-web/i.test(declared)) return 'GRPC-Web';
  const protocol = protocolNamed(declared.split('-', 1)[0] ?? '');
  return protocol === 'UnsupportedProtocol' && wellKnown.includes(port) ? 'TCP' : protocol;
}

export function isHttp(protocol: PortProtocol): boolean {
  return ['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-Web'].includes(protocol);
}

export function isHttp2(protocol: PortProtocol): boolean {
  return ['HTTP2', 'GRPC', 'GRPC-Web'].includes(protocol);
}

export function isGrpc(protocol: PortProtocol): boolean {
  return protocol === 'GRPC' || protocol === 'GRPC-Web';
}

export function isTls(protocol: PortProtocol): boolean {
  return protocol === 'HTTPS' || protocol === 'TLS';
}

/** As a listener has it: declared as one, looked at, or not served. */
export type ListenerProtocol = 'TCP' | 'HTTP' | 'auto' | 'none';

export function listenerProtocol(protocol: PortProtocol): ListenerProtocol {
  if (isHttp(protocol)) return 'HTTP';
  if (protocol === 'UDP') return 'none';
  return protocol === 'UnsupportedProtocol' ? 'auto' : 'TCP';
}
