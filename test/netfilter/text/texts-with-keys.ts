/** Texts in which a secret is no field of a message. */
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaG9wIiwibmFtZSI6Ik1hcmtlciJ9.c2lnbmF0dXJlTWFya2VyMQ';
const marker = 'hunter2Marker';
const base64 = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo5aGlkZGVuMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A0NzEx';
const rowsOf = (width: number) => base64.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');

/** What may not be seen of a text, each. */
export const shows: readonly (readonly [what: string, text: string, secret: RegExp])[] = [
  ['a variable', `TOKEN=${marker}\n`, /hunter2/],
  ['one with a long name', `AWS_SECRET_ACCESS_KEY=${marker}\nPGPASSWORD=${marker}`, /hunter2/],
  ['one in a shell', `$ export API_KEY="${marker} and more"\n`, /hunter2|and more/],
  ['one of a container', `docker run -e PASSWORD=${marker} --env DB_PASSWORD='${marker}' x`, /hunter2/],
  ['one with a space in it', `  DB_PASSPHRASE=correct ${marker}\nPATH=/bin\n`, /hunter2/],
  ['of a container that was inspected', `"Env": [\n  "TOKEN=a ${marker}",\n  "PATH=/bin"]`, /hunter2/],
  ['JSON in JSON', `{"a":"{\\"b\\":\\"TOKEN=${marker}\\"}"}`, /hunter2/],
  ['an argument', `kubeadm join 10.0.0.1:6443 --token ${marker} --v=5`, /hunter2/],
  ['an argument with a sign', `"--client-secret=${marker}",`, /hunter2/],
  ['an address', `https://user:${marker}@git.example/x`, /hunter2/],
  ['a query', `GET /a?access_token=${marker}&b=c`, /hunter2/],
  ['a header', `curl -H "Authorization: Bearer ${marker}" x`, /hunter2/],
  ['a header that was sent', `> authorization: Basic ${marker}\n< set-cookie: s=${marker}`, /hunter2/],
  ['a name of camels', `dbPassword: ${marker}\n`, /hunter2/],
  ['JWT', `I have ${jwt} here`, /eyJ|c2lnb/],
  ['GitHub’s', 'x ghp_0123456789abcdefghijABCDEFGHIJ012345 y', /ghp_/],
  ['GitLab’s', 'x glpat-01-3456_89abcdefgh-j y', /glpat-/],
  ['AWS’s', 'x AKIAIOSFODNN7EXAMPLE y', /AKIA/],
  ['Slack’s', 'x xoxb-1234567890-abcdefghij y', /xoxb/],
  ['base64 in rows', `key is:\n${rowsOf(64)}\nand so on`, /QUJDR|NDcxMQ|4NzEx|A0NzEx/],
  ['in short rows', `${rowsOf(32)}\n`, /QUJDR|A0NzEx/],
];

/** A pod as it is in a cluster: names of secrets, hashes and tokens’ paths are none. */
export const innocentPod = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{},"name":"x"}}
    sidecar.istio.io/status: '{"initContainers":["istio-init"],"containers":["istio-proxy"],"volumes":["workload-socket","credential-socket","workload-certs","istio-envoy","istio-data","istio-podinfo","istio-token","istiod-ca-cert"],"imagePullSecrets":null,"revision":"default"}'
    checksum/config: 3b1c2f4a5e6d7c8b9a0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566a
  labels:
    pod-template-hash: 7f9c4d6b8
    security.istio.io/tlsMode: istio
  name: shop-7f9c4d6b8-x2x4z
  resourceVersion: "1234567"
  uid: 5f0c5a2e-7d1b-4a52-9a1c-0d2a2f1f8a11
spec:
  automountServiceAccountToken: true
  imagePullSecrets:
  - name: regcred
  containers:
  - args: [proxy, sidecar, --domain, $(POD_NAMESPACE).svc.cluster.local, --concurrency, "2"]
    env:
    - name: JWT_POLICY
      value: third-party-jwt
    - name: PILOT_CERT_PROVIDER
      value: istiod
    - name: TRUST_DOMAIN
      value: cluster.local
    - name: CREDENTIAL_FETCHER_TYPE
    - name: OUTPUT_CERTS
    - name: DB_PASSWORD
      valueFrom:
        secretKeyRef:
          key: password
          name: db-credentials
    image: docker.io/istio/proxyv2@sha256:0e9e4bbd3ae4d0e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708
    volumeMounts:
    - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
      name: kube-api-access-abcde
    - mountPath: /var/run/secrets/tokens
      name: istio-token
  serviceAccountName: shop-token-reader
  volumes:
  - name: istio-token
    projected:
      defaultMode: 420
      sources:
      - serviceAccountToken:
          audience: istio-ca
          expirationSeconds: 43200
          path: istio-token
  - name: certs
    secret:
      defaultMode: 420
      secretName: my-certs
  tolerations:
  - key: node.kubernetes.io/not-ready
    operator: Exists
status:
  containerStatuses:
  - containerID: containerd://3b1c2f4a5e6d7c8b9a0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566a
    imageID: docker.io/istio/proxyv2@sha256:0e9e4bbd3ae4d0e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708
`;

/** And as it is described. */
export const innocentDescription = `Name:             shop-7f9c4d6b8-x2x4z
Service Account:  shop-token
    Environment:
      JWT_POLICY:                    third-party-jwt
      DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false
    Mounts:
      /var/run/secrets/tokens from istio-token (rw)
Volumes:
  istio-token:
    Type:                    Projected (a volume that contains injected data from multiple sources)
    TokenExpirationSeconds:  43200
  certs:
    Type:        Secret (a volume populated by a Secret)
    SecretName:  my-certs
Events:
  Warning  FailedMount  MountVolume.SetUp failed for volume "istio-token" : failed to fetch token: the API server does not have TokenRequest endpoints enabled
`;
