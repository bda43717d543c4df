/** What the connection manager makes of the bytes. */
import {
  answers,
  chain,
  get,
  httpTo,
  inspector,
  raw,
  route,
  routes,
  type Sketch,
  silent,
  to,
} from './sketch.ts';

export const requestCases: readonly Sketch[] = [
  {
    title: 'dots and codes of a path',
    listener: {
      filter_chains: [
        chain(
          'http',
          null,
          httpTo(
            [
              {
                name: 'all',
                domains: ['*'],
                routes: [
                  route({ path: '/' }, answers(210)),
                  route({ path: '/a' }, answers(211)),
                  route({ path: '/a/' }, answers(212)),
                  route({ path: '/b' }, answers(213)),
                  route({ path: '/a/b' }, answers(214)),
                  route({ path: '/a//b' }, answers(215)),
                  route({ path: '/a%2Fb' }, answers(216)),
                  route({ prefix: '/' }, answers(217)),
                ],
              },
            ],
            { normalize_path: true },
          ),
        ),
      ],
    },
    calls: [
      '/a/..',
      '/a/.',
      '/a/./',
      '/./a',
      '/a/../b',
      '/../b',
      '/a/b/..',
      '/a/b/../',
      '/%61',
      '/a%2Fb',
      '/a%2fb',
      '/a//b',
      '/a\\b',
      '/%2e%2e/b',
      '/a/%2E',
      '/a?/../b',
      '/..',
      '/a/...',
    ].map((path) => get(path)),
  },
  {
    title: 'versions and methods',
    listener: routes(route({ prefix: '/' }, answers(210))),
    calls: [
      ...[
        'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.1\r\n\r\n',
        'GET / HTTP/1.1\r\nHost:\r\n\r\n',
        'GET / HTTP/1.2\r\nHost: a\r\n\r\n',
        'GET / HTTP/2.0\r\nHost: a\r\n\r\n',
        'get / HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET  /  HTTP/1.1\r\nHost: a\r\n\r\n',
        ' GET / HTTP/1.1\r\nHost: a\r\n\r\n',
        '\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nx y: 1\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n',
        'GET / HTTP/1.1\nHost: a\n\n',
        'GET / HTTP/1.1\r\nHost: a\r\n',
        'GET / HTTP/1.1',
        '\r\n',
        'GET http://b/x HTTP/1.1\r\n\r\n',
        'GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET http://b?x HTTP/1.1\r\n\r\n',
        'GET x HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET *x HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET 1http://b/ HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET http://b@@c/ HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET ftp://b/x HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET HTTPS://b/x HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET h+p://b/x HTTP/1.1\r\nHost: a\r\n\r\n',
        'OPTIONS *x HTTP/1.1\r\nHost: a\r\n\r\n',
        'CONNECT b:x HTTP/1.1\r\nHost: a\r\n\r\n',
        'CONNECT :80 HTTP/1.1\r\nHost: a\r\n\r\n',
        'XPRI * HTTP/2.0\r\n\r\n',
        ' GET',
        '!GE',
        'GET / HTTP/1.1\r\nHost: a',
        'GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n',
        'GET / HTTP/1.1\r\nHost:a\r\n\r\n',
        'OPTIONS http://b/x HTTP/1.1\r\nHost: a\r\n\r\n',
        'OPTIONS http://b/* HTTP/1.1\r\nHost: a\r\n\r\n',
        'OPTIONS x* HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nx: 1\r\n',
        'GET http://b/\x80 HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET http://"/ HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n',
        'CONNECT b:80 HTTP/1.1\r\nHost: a\r\n\r\n',
        'CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n',
        'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
        'PRI * HTTP/1.1\r\nHost: a\r\n\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
        'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n',
        '\0',
        '\x16\x03\x01',
        'M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: keep-alive, Upgrade\r\n\r\n',
      ].map(raw),
    ],
  },
  {
    title: 'HTTP/1.0 is taken, and an upgrade',
    listener: {
      filter_chains: [
        chain(
          'http',
          null,
          httpTo([{ name: 'all', domains: ['*'], routes: [route({ prefix: '/' }, answers(210))] }], {
            http_protocol_options: { accept_http_10: true },
            upgrade_configs: [{ upgrade_type: 'websocket' }],
          }),
        ),
      ],
    },
    calls: [
      'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
      'GET / HTTP/1.0\r\n\r\n',
      'GET /\r\n',
      'GET / HTTP/0.9\r\nHost: a\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n',
    ].map(raw),
  },
  {
    title: 'a tunnel where it is allowed',
    listener: {
      filter_chains: [
        chain(
          'http',
          null,
          httpTo(
            [
              {
                name: 'all',
                domains: ['*'],
                routes: [route({ connect_matcher: {} }, answers(210)), route({ prefix: '/' }, answers(211))],
              },
            ],
            { upgrade_configs: [{ upgrade_type: 'CONNECT' }] },
          ),
        ),
      ],
    },
    calls: [
      ...['CONNECT b:80 HTTP/1.1\r\nHost: a\r\n\r\n', 'CONNECT b HTTP/1.1\r\nHost: a\r\n\r\n'].map(raw),
      get('/'),
    ],
  },
  {
    title: 'HTTP/2 alone, without a filter before it',
    listener: {
      filter_chains: [
        chain(
          'h2',
          null,
          httpTo([{ name: 'all', domains: ['*'], routes: [route({ prefix: '/' }, answers(210))] }], {
            codec_type: 'HTTP2',
          }),
        ),
      ],
    },
    calls: [
      silent,
      raw('PRI'),
      raw('PRI * HTTP/2.0\r\n'),
      raw('RI * HTTP'),
      raw('x'),
      get('/'),
      { sends: { h2c: true } },
    ],
  },
  {
    title: 'HTTP/1 alone, and HTTP/2 alone',
    listener: {
      listener_filters: [inspector('tls_inspector'), inspector('http_inspector')],
      filter_chains: [
        chain(
          'h2',
          { application_protocols: ['h2c'] },
          httpTo([{ name: 'all', domains: ['*'], routes: [route({ prefix: '/' }, answers(210))] }], {
            codec_type: 'HTTP1',
          }),
        ),
        chain(
          'h1',
          { application_protocols: ['http/1.1'] },
          httpTo([{ name: 'all', domains: ['*'], routes: [route({ prefix: '/' }, answers(211))] }], {
            codec_type: 'HTTP2',
          }),
        ),
        to(0),
      ],
    },
    calls: [{ sends: { h2c: true } }, get('/'), raw('any bytes\r\n')],
  },
];
