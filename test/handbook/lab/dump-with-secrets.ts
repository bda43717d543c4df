/** A sidecar's config_dump with a secret in each place in which an Envoy may have one, and what may never be shown of it. */
import { answerOf, type Message } from '../../mesh/istiod/answer.ts';

const letters = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo5';
const short = 'hunter2Marker';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const pem = (what: string) =>
  `-----BEGIN ${what}-----\n${`${letters.repeat(6)}aGlkZGVu`.replaceAll(/.{64}/g, '$&\n')}\n-----END ${what}-----\n`;
export const privateKey = pem('PRIVATE KEY');
const certificate = pem('CERTIFICATE');

/** What a secret begins or goes on with, as it stands and in base64. */
export const marks: readonly RegExp[] = [
  /REVGR0hJ|JSktMTU5P|VFVVldYW|aGlkZGVu/,
  new RegExp(`${short}|${base64(short).slice(0, 14)}`),
  new RegExp(base64('-----BEGIN PRI').slice(0, 14)),
  /BEGIN PRIVATE KEY-----\\?n/,
];

const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}ConfigDump`;
const tls = (side: string) => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': `type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.${side}TlsContext`,
    common_tls_context: {
      tls_certificates: [
        {
          certificate_chain: { inline_string: certificate },
          private_key: { inline_string: privateKey },
          password: { inline_string: short },
          ocsp_staple: { inline_bytes: base64(short.repeat(4)) },
        },
      ],
      validation_context: { trusted_ca: { inline_bytes: base64(certificate) } },
    },
    session_ticket_keys: { keys: [{ inline_bytes: base64(short.repeat(6)) }, { inline_string: short }] },
  },
});
const credential = { inline_string: `Bearer ${short}` };
const filters = [
  ['oauth2', { config: { credentials: { hmac_secret: { inline_string: short } }, client_secret: short } }],
  ['jwt_authn', { providers: { p: { local_jwks: { inline_string: `{"keys":[{"k":"${short}"}]}` } } } }],
  ['credential_injector', { credential: { typed_config: { credential } } }],
  ['basic_auth', { users: { inline_string: `user:{SHA}${short}` } }],
  ['lua', { default_source_code: { inline_string: `token = "${short}"` }, inline_code: `x = "${short}"` }],
].map(([name, typed_config]) => ({ name: `envoy.filters.http.${name}`, typed_config }));
const headers = [{ header: { key: 'x-api-key', value: short } }];
const refused = `Proto constraint validation failed: tls_certificates { private_key { inline_string: "${privateKey.replaceAll('\n', '\\n')}" } password { inline_string: "${short}" } }`;

function told(): Message {
  const { listeners, clusters, routes } = structuredClone(answerOf('redirect')) as Message;
  const some = listeners.filter(({ name }: Message) => /^virtual|_5432$/.test(name));
  for (const listener of some)
    for (const chain of listener.filter_chains ?? [])
      for (const { typed_config } of chain.filters ?? []) typed_config?.http_filters?.unshift(...filters);
  some[0].filter_chains[0].transport_socket = tls('Downstream');
  clusters[0].transport_socket = tls('Upstream');
  for (const route of routes) route.request_headers_to_add = headers;
  return { listeners: some, clusters: clusters.slice(0, 8), routes: routes.slice(0, 2) };
}

const secrets = {
  '@type': type('Secrets'),
  dynamic_active_secrets: [
    { name: 'default', secret: { tls_certificate: { private_key: { inline_bytes: base64(privateKey) } } } },
    { name: 'generic', secret: { generic_secret: { secret: { inline_string: short } } } },
  ],
};
const bootstrap = {
  node: {
    id: 'sidecar~10.244.1.5~shop.default~x',
    metadata: { token: short, ISTIO_META_SECRET: short },
  },
  static_resources: { secrets: [{ name: 's', generic_secret: { secret: { inline_string: short } } }] },
  dynamic_resources: {
    lds_config: { ads: {} },
    cds_config: { ads: {} },
    ads_config: {
      grpc_services: [
        {
          google_grpc: { call_credentials: [{ access_token: short }] },
          initial_metadata: [{ key: 'x-token', value: short }],
        },
      ],
    },
  },
};

export function dumpWithSecrets(): Message {
  const { listeners, clusters, routes } = told();
  return {
    configs: [
      { '@type': type('Bootstrap'), bootstrap },
      {
        '@type': type('Clusters'),
        dynamic_active_clusters: clusters.map((cluster: Message) => ({ cluster })),
      },
      secrets,
      {
        '@type': type('Listeners'),
        dynamic_listeners: [
          ...listeners.map((listener: Message) => ({ name: listener.name, active_state: { listener } })),
          { name: 'refused', error_state: { details: refused } },
        ],
      },
      {
        '@type': type('Routes'),
        dynamic_route_configs: routes.map((route_config: Message) => ({ route_config })),
      },
    ],
  };
}

export const secretsAlone = { configs: [secrets] };
export const bootstrapWithSecrets = bootstrap;
