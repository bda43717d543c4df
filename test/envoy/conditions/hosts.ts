/** Virtual hosts. */
import { answers, chain, get, hosts, httpTo, route, type Sketch } from './sketch.ts';

export const hostCases: readonly Sketch[] = [
  {
    title: 'domains in their order',
    listener: hosts({
      '*': 210,
      '*.example': 211,
      '*a.example': 212,
      'a.*': 213,
      'a.ex*': 214,
      'a.example': 215,
      'b.example:81': 216,
    }),
    calls: [
      'a.example',
      'ba.example',
      'c.example',
      'a.test',
      'a.exam',
      'x',
      'b.example:81',
      'b.example',
      'A.EXAMPLE',
      '.example',
      'a.',
      'example',
      'a.example.',
      '*',
    ].map((host) => get('/', host)),
  },
  {
    title: 'a host is found in the one that is nearest, and in no other',
    listener: {
      filter_chains: [
        chain(
          'http',
          null,
          httpTo([
            { name: 'all', domains: ['*'], routes: [route({ prefix: '/' }, answers(210))] },
            { name: 'own', domains: ['a.example'], routes: [route({ prefix: '/x' }, answers(211))] },
          ]),
        ),
      ],
    },
    calls: [get('/'), get('/x'), get('/', 'b')],
  },
  {
    title: 'ports are left out of the look-up',
    listener: hosts(
      { 'a.example': 211, 'a.example:80': 212, '*': 213 },
      {},
      { ignore_port_in_host_matching: true },
    ),
    calls: ['a.example', 'a.example:80', 'a.example:x', 'a.example:', '[::1]:80'].map((host) =>
      get('/', host),
    ),
  },
  {
    title: 'every port goes',
    listener: hosts(
      { 'a.example': 211, 'a.example:80': 212, '[::1]': 214, '*': 213 },
      { strip_any_host_port: true },
    ),
    calls: ['a.example', 'a.example:80', 'a.example:81', '[::1]:80', '[::1]', 'a.example.:80'].map((host) =>
      get('/', host),
    ),
  },
  {
    title: 'the listener’s own port goes',
    listener: hosts({ 'a.example': 211, 'a.example:80': 212, '*': 213 }, { strip_matching_host_port: true }),
    calls: ['a.example', 'a.example:80', 'a.example:<port>', 'a.example:0<port>'].map((host) =>
      get('/', host),
    ),
  },
  {
    title: 'a dot at the end goes',
    listener: hosts(
      { 'a.example': 211, 'a.example:80': 212, 'a.example.': 214, '*': 213 },
      { strip_trailing_host_dot: true },
    ),
    calls: ['a.example.', 'a.example.:80', 'a.example', 'a.example..', '.'].map((host) => get('/', host)),
  },
  {
    title: 'a dot at the end and a port go',
    listener: hosts(
      { 'a.example': 211, '*': 213 },
      { strip_trailing_host_dot: true, strip_any_host_port: true },
    ),
    calls: ['a.example.', 'a.example.:80', 'a.example:80'].map((host) => get('/', host)),
  },
  {
    title: 'whose the host of a whole URL is',
    listener: hosts({ b: 211, 'b:81': 212, 'a.example': 214, '*': 213 }),
    calls: [
      'http://b/',
      'http://b',
      'http://B/x',
      'http://b:80/',
      'https://b:443/',
      'http://b:443/',
      'http://b:81/',
      'http://u@b/',
      'http://b?x',
    ].map((path) => get(path)),
  },
];
