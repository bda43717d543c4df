/** The connections that are walked through a pasted Envoy unasked: one of each kind that its configuration tells apart. */
import { acceptingListeners, declaredPorts } from '../../../analysis/envoy/index.ts';
import type { EnvoyConfig } from '../../../envoy/index.ts';
import { portOf } from '../../../istio/index.ts';
import { type OwnPort, ownPaths, ownPorts } from '../../../istio/sidecar/index.ts';
import type { AskedOfEnvoy } from './asked.ts';

const unknown = { v4: '203.0.113.5', v6: '2001:db8:1::5' } as const;

/** Of a large mesh there are thousands, and they are alike. */
const mostSockets = 8;

export function usualOfEnvoy(config: EnvoyConfig, address: string): readonly AskedOfEnvoy[] {
  const { listeners, routes, has } = config;
  if (!has.listeners) return [];
  const elsewhere = unknown[address.includes(':') ? 'v6' : 'v4'];
  const isThere = (name: string) => listeners.some((one) => one.name === name);
  // Of a pod without interception each listener has a socket of its own.
  if (!isThere(acceptingListeners.inbound) && !isThere(acceptingListeners.outbound))
    return [...ofEnvoyItself(config, address), ...usualOfSockets(config, address).slice(0, mostSockets)];
  const ports = declaredPorts(config) ?? [];
  const ofHttp = listeners.flatMap(({ name, filterChains }) =>
    name !== acceptingListeners.inbound
      ? []
      : filterChains.flatMap(({ match, filters }) =>
          match.destinationPort !== null && filters.some(({ kind }) => kind === 'http')
            ? [match.destinationPort]
            : [],
        ),
  );
  const declared = ports.find((port) => ofHttp.includes(port)) ?? ports[0];
  const into = (port: number, first: AskedOfEnvoy['first']): AskedOfEnvoy => ({
    direction: 'inbound',
    address,
    port,
    first,
    host: first === 'HTTP' ? `${address}:${port}` : '',
  });
  const undeclared = [8081, 9999, 64_999].find((port) => !ports.includes(port)) ?? 64_999;
  const inbound = isThere(acceptingListeners.inbound)
    ? [
        ...(declared === undefined ? [] : [into(declared, 'HTTP'), into(declared, 'mutual TLS of Istio')]),
        into(undeclared, 'nothing'),
      ]
    : [];
  const own = listeners.find(
    ({ trafficDirection, addresses: [place] }) =>
      trafficDirection === 'OUTBOUND' &&
      place?.kind === 'ip' &&
      !/^(?:0\.0\.0\.0|::|127\.)/.test(place.address),
  )?.addresses[0];
  const table = routes.find(({ name }) => name === '80') ?? routes.find(({ name }) => /^\d+$/.test(name));
  const named = table?.virtualHosts
    .flatMap(({ domains }) => domains)
    .find((one) => !/[*:]/.test(one) && /\D/.test(one));
  const out = (to: string, port: number, first: AskedOfEnvoy['first'], host = ''): AskedOfEnvoy => ({
    direction: 'outbound',
    address: to,
    port,
    first,
    host,
  });
  const outbound = [
    ...(own === undefined ? [] : [out(own.address, own.port, 'bytes')]),
    ...(table === undefined || named === undefined
      ? []
      : [out(elsewhere, Number(table.name), 'HTTP', named)]),
    ...(isThere(acceptingListeners.outbound) ? [out(elsewhere, 443, 'TLS', 'elsewhere.example')] : []),
  ];
  return [...inbound, ...ofEnvoyItself(config, address), ...outbound];
}

function ofEnvoyItself({ listeners }: EnvoyConfig, address: string): readonly AskedOfEnvoy[] {
  return (Object.keys(ownPaths) as OwnPort[]).flatMap((name) => {
    const port = portOf(name);
    const isBound = listeners.some((one) => one.addresses.some((place) => place.port === port));
    const host = `${address}:${port}`;
    return isBound
      ? [{ direction: 'inbound', address, port, first: 'HTTP', host, path: ownPaths[name] }]
      : [];
  });
}

/** Of an Envoy to which clients come by themselves, as to a gateway's: one for each listener, with a name that it knows. */
export function usualOfSockets(config: EnvoyConfig, address: string): readonly AskedOfEnvoy[] {
  return config.listeners.flatMap(
    ({ state, bindToPort, addresses: [place], filterChains, trafficDirection }): readonly AskedOfEnvoy[] => {
      if (state !== 'active' || !bindToPort || place?.kind !== 'ip' || ownPorts.includes(place.port))
        return [];
      const isOfApp = trafficDirection === 'OUTBOUND' && /^127\.|^::1$/.test(place.address);
      const call = isOfApp
        ? ({ direction: 'outbound', address: place.address, port: place.port } as const)
        : ({ direction: 'inbound', address, port: place.port } as const);
      const serverName = filterChains.flatMap(({ match }) => match.serverNames)[0];
      if (serverName !== undefined)
        return [{ ...call, first: 'TLS', host: serverName.replace(/^\*\.?/, 'any.') }];
      const http = filterChains.flatMap(({ filters }) => filters).find(({ kind }) => kind === 'http');
      if (http?.kind !== 'http' || http.routes === null) return [{ ...call, first: 'bytes', host: '' }];
      const { routes } = http;
      const table = 'rds' in routes ? config.routes.find(({ name }) => name === routes.rds) : routes;
      const domain = table?.virtualHosts.flatMap(({ domains }) => domains).find((one) => one !== '*');
      const host = domain?.replace(/^\*\.?/, 'any.').replace(/:\*$/, '') ?? `${call.address}:${place.port}`;
      return [{ ...call, first: 'HTTP', host }];
    },
  );
}
