/** What Envoy has of its own bootstrap is what pilot-agent writes for pods of each family, in the fields that decide. */
import { expect, test } from 'vitest';
import { ownParts } from '../../../src/istio/sidecar/index.ts';
import { answerOf, type Message } from '../../mesh/istiod/answer.ts';
import { askedPod, podNames } from '../../mesh/istiod/pods.ts';

const place = ({ address: { socket_address: socket } }: Message) => `${socket.address} ${socket.port_value}`;

test.each(podNames)('%s', (name) => {
  const families = askedPod(name).addresses.map((address) => (address.includes(':') ? 'v6' : 'v4'));
  const { listeners, clusters } = answerOf(name).bootstrap.static_resources;
  const own = ownParts(families);
  const listener = (one: Message) => {
    const [chain] = one.filter_chains;
    const [host] = chain.filters[0].typed_config.route_config.virtual_hosts;
    const more = one.additional_addresses ?? one.additionalAddresses ?? [];
    return [one.name, place(one), more.map(place), host.domains, host.routes[0].match, host.routes[0].route];
  };
  expect(own.listeners.map(listener)).toEqual(listeners.map(listener));
  const cluster = ({ name, type, load_assignment }: Message) => [
    name,
    type,
    place(load_assignment.endpoints[0].lb_endpoints[0].endpoint),
  ];
  const named = own.clusters.map((one) => one.name);
  expect(own.clusters.map(cluster)).toEqual(
    clusters.filter((one: Message) => named.includes(one.name)).map(cluster),
  );
});
