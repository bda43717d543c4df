/** Which filter chain. */
import {
  answers,
  chain,
  hello,
  httpTo,
  inspector,
  place,
  range,
  raw,
  route,
  type Sketch,
  silent,
  tcpTo,
  terminatesTls,
  to,
} from './sketch.ts';

export const chainCases: readonly Sketch[] = [
  {
    title: 'the address of an IPv6 wildcard: a connection by IPv4 does not come to it',
    listener: { address: place('::', 0), filter_chains: [to(0)] },
    others: [{ address: place('0.0.0.0', 0), filter_chains: [to(1)] }],
    calls: [
      { source: '::1', destination: '::1' },
      { source: '127.0.0.1', destination: '127.0.0.1' },
      { source: 'fd00:10:244:1::5', destination: 'fd00:10:244:1::5' },
    ],
  },
  {
    title: 'an IPv6 wildcard that is compatible takes both families',
    listener: {
      address: { socket_address: { address: '::', port_value: 0, ipv4_compat: true } },
      filter_chains: [to(0, { prefix_ranges: [range('127.0.0.0', 8)] }), to(1)],
    },
    calls: [
      { source: '::1', destination: '::1' },
      { source: '127.0.0.1', destination: '127.0.0.1' },
      { source: '10.244.1.5', destination: '10.244.1.5' },
    ],
  },
  {
    title: 'an exact address takes what is called there, the wildcard the rest',
    listener: { filter_chains: [to(0)] },
    others: [{ address: place('127.0.0.7', 0), filter_chains: [to(1)] }],
    calls: [{ destination: '127.0.0.7' }, { destination: '127.0.0.1' }],
  },
  {
    title: 'who comes from where he goes, and the loopback of IPv6, is near',
    listener: {
      address: { socket_address: { address: '::', port_value: 0, ipv4_compat: true } },
      filter_chains: [to(0, { source_type: 'SAME_IP_OR_LOOPBACK' }), to(1, { source_type: 'EXTERNAL' })],
    },
    calls: [
      { source: '::1', destination: '::1' },
      { source: '::6', destination: '::1' },
      { source: '::1', destination: '::6' },
      { source: '::6', destination: '::6' },
      { source: '127.0.0.7', destination: '127.0.0.7' },
      { source: '127.0.0.7', destination: '127.0.0.1' },
      { source: '127.0.0.1', destination: '127.0.0.7' },
      { source: '10.244.2.9', destination: '10.244.1.5' },
    ],
  },
  {
    title: 'prefixes of both families: each holds its own',
    listener: {
      address: { socket_address: { address: '::', port_value: 0, ipv4_compat: true } },
      filter_chains: [
        to(0, { prefix_ranges: [range('::', 96)] }),
        to(1, { prefix_ranges: [range('127.0.0.0', 8)] }),
        to(2, { source_prefix_ranges: [range('::6', 128)] }),
        to(3),
      ],
    },
    calls: [
      { source: '::1', destination: '::1' },
      { source: '127.0.0.1', destination: '127.0.0.1' },
      { source: '10.244.1.5', destination: '10.244.1.5' },
      { source: 'fd00:10:244:1::5', destination: 'fd00:10:244:1::5' },
    ],
  },
  {
    title: 'a chain without a prefix in IPv6',
    listener: {
      address: place('::', 0),
      filter_chains: [to(0, { prefix_ranges: [range('fd00::', 8)] }), to(1)],
    },
    calls: [
      { source: '::1', destination: '::1' },
      { source: 'fd00:10:244:1::5', destination: 'fd00:10:244:1::5' },
    ],
  },
  {
    title: 'server names with dots at their ends, and none',
    listener: {
      listener_filters: [inspector('tls_inspector')],
      filter_chains: [
        to(0, { server_names: ['*.example'] }),
        to(1, { server_names: ['*.a.example', 'b.example'] }),
        to(2, { transport_protocol: 'tls' }),
        to(3),
      ],
    },
    calls: [
      hello('b.example'),
      hello('c.example'),
      hello('x.a.example'),
      hello('y.x.a.example'),
      hello('a.example'),
      hello('example'),
      hello(null),
      raw('any bytes'),
    ],
  },
  {
    title: 'what a client sends lies unread when a chain is not found',
    tellsResets: true,
    listener: {
      listener_filters: [inspector('tls_inspector')],
      listener_filters_timeout: '0.300s',
      continue_on_listener_filters_timeout: true,
      filter_chains: [to(0, { transport_protocol: 'tls' })],
    },
    calls: [raw('any bytes'), silent, raw('abc')],
  },
  {
    title: 'a time that is over closes, or goes on without what was not known',
    tellsResets: true,
    listener: {
      listener_filters: [inspector('tls_inspector'), inspector('http_inspector')],
      listener_filters_timeout: '0.300s',
      filter_chains: [to(0)],
    },
    calls: [silent, raw('abc'), raw('GET / HTTP/1.1\r\n')],
  },
  {
    title: 'a chain of TLS alone, met by what is none',
    tellsResets: true,
    listener: {
      listener_filters: [inspector('tls_inspector'), inspector('http_inspector')],
      filter_chains: [to(0, { transport_protocol: 'tls' })],
    },
    calls: [hello('a.example'), raw('any bytes'), raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), silent],
  },
  {
    title: 'a chain of TLS, and one of the rest',
    listener: {
      listener_filters: [inspector('tls_inspector')],
      filter_chains: [to(0, { transport_protocol: 'tls' }), to(1, { transport_protocol: 'raw_buffer' })],
    },
    calls: [hello('a.example'), raw('any bytes'), raw('\x16'), silent],
  },
  {
    title: 'a chain of TLS that nobody looks for',
    listener: {
      filter_chains: [to(0, { transport_protocol: 'tls' }), to(1, { transport_protocol: 'raw_buffer' })],
    },
    calls: [hello('a.example'), raw('any bytes'), silent],
  },
  {
    title: 'a chain that speaks TLS itself, met by what is none',
    listener: {
      filter_chains: [{ ...chain('x', null, tcpTo('server 0')), transport_socket: terminatesTls }],
    },
    calls: [raw('any bytes'), raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
  },
  {
    title: 'HTTP within TLS, met by what is none',
    listener: {
      filter_chains: [
        {
          ...chain(
            'x',
            null,
            httpTo([{ name: 'all', domains: ['*'], routes: [route({ prefix: '/' }, answers(210))] }]),
          ),
          transport_socket: terminatesTls,
        },
      ],
    },
    calls: [raw('any bytes'), raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), raw('\x16\x03\x01'), silent],
  },
];
