import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { optionsFromHelm, optionsFromPod, rulesFor } from '../../../src/istio/index.ts';
import { yamlMessageWords } from '../../../src/words/index.ts';
import { deployment, words } from './workload-yaml.ts';

const traffic = 'traffic.sidecar.istio.io';

describe('a pod that is not injected yet', () => {
  test('has messages with a code, that of the option where an option does not take the value', async () => {
    const codesOf = async (...annotations: string[]) =>
      (await optionsFromPod(deployment(annotations))).messages.map(({ code }) => code);
    expect(await codesOf(`${traffic}/excludeInboundPorts: "80-90"`)).toEqual(['range of ports']);
    expect(await codesOf(`${traffic}/excludeInboundPorts: 9100`)).toEqual(['annotation is no text']);
    expect(await codesOf(`${traffic}/excludeInboundPort: "9100"`)).toEqual(['unknown annotation']);
    expect(await codesOf(`${traffic}/includeInboundPorts: "*"`)).toEqual(['changes no rule']);
  });

  test('has no rules where its proxy is that of a gateway', async () => {
    const pod = (kind: string) =>
      optionsFromPod(
        [
          'kind: Pod',
          'metadata: {name: gateway, annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "80"}}',
          'spec:',
          '  containers:',
          '  - name: istio-proxy',
          '    image: docker.io/istio/proxyv2:1.30.3',
          `    args: [proxy, ${kind}, --domain, example]`,
        ].join('\n'),
      );
    for (const kind of ['router', 'waypoint']) {
      const read = await pod(kind);
      expect([read.release, read.options]).toEqual(['1.30.3', { inboundInterceptionMode: 'NONE' }]);
      expect(words(read)).toEqual([
        `7:19: note: istio-proxy with "proxy ${kind}": It is no sidecar: nobody programs rules into such a pod, and nothing in it is captured.`,
      ]);
      expect(rulesFor('1.30.3', read.options).text.v4).toBe('');
    }
    expect((await pod('sidecar')).options).toMatchObject({ cni: true });
  });

  test('takes no variable for set where istio-init has an argument for it in every pod', async () => {
    const read = await optionsFromPod(
      deployment([
        'proxy.istio.io/config: |',
        '  proxyMetadata:',
        '    ISTIO_INBOUND_PORTS: "80"',
        '    ENVOY_PORT: "25001"',
        '    PROXY_UID: "1000"',
        '    PROXY_GID: "1001"',
        '    ISTIO_INBOUND_TPROXY_MARK: "2337"',
        '    ISTIO_OUTBOUND_PORTS: "8443"',
      ]),
    );
    expect(read.options).toEqual({
      proxyGID: '1001',
      inboundTProxyMark: '2337',
      outboundPortsInclude: '8443',
    });
    const overruled = read.messages.filter(({ code }) => code === 'overruled by an argument');
    expect(overruled.map((message) => yamlMessageWords(message).found)).toEqual([
      'ISTIO_INBOUND_PORTS in annotation proxy.istio.io/config',
      'ENVOY_PORT in annotation proxy.istio.io/config',
      'PROXY_UID in annotation proxy.istio.io/config',
    ]);
    expect(read.messages.map(yamlMessageWords)[0]).toMatchObject({
      because:
        'The injector gives istio-init the argument -b in every pod, and an argument wins over a variable: it has no effect.',
      fix: 'Write the annotation traffic.sidecar.istio.io/includeInboundPorts.',
    });
  });

  test('may have the annotations of newer releases', async () => {
    const newer = ['statsEvictionInterval', 'statsFlushInterval'];
    const read = await optionsFromPod(
      deployment([
        ...newer.map((name) => `sidecar.istio.io/${name}: "10s"`),
        'prometheus.istio.io/scrape-targets: "8080:/metrics"',
      ]),
    );
    expect(read.messages).toEqual([]);
  });

  test('has the options of its annotations', async () => {
    const read = await optionsFromPod(
      deployment([
        `${traffic}/excludeInboundPorts: "9100"`,
        `${traffic}/excludeOutboundPorts: "3306,6379"`,
        `${traffic}/includeOutboundIPRanges: 10.96.0.0/12`,
        `${traffic}/excludeInterfaces: net1`,
        'proxy.istio.io/config: |',
        '  proxyMetadata:',
        '    INVALID_DROP: "true"',
        '    ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE: "888"',
      ]),
    );
    expect(read).toEqual({
      release: null,
      object: 'Deployment reviews',
      options: {
        dropInvalid: true,
        ownerGroupsExclude: '888',
        inboundPortsExclude: '15090,15021,9100,15020',
        outboundPortsExclude: '3306,6379',
        outboundIPRangesInclude: '10.96.0.0/12',
        excludeInterfaces: 'net1',
      },
      workload: { ports: [], addresses: [], netBindService: false },
      messages: [],
    });
    expect(rulesFor('1.30', read.options).problems).toEqual([]);
  });

  test('has the status port excluded unless it is 0 or there already', async () => {
    const excluded = async (...annotations: string[]) =>
      (await optionsFromPod(deployment(annotations))).options.inboundPortsExclude;
    expect(await excluded('status.sidecar.istio.io/port: "15030"')).toBe('15090,15021,15030');
    expect(await excluded('status.sidecar.istio.io/port: "0"')).toBe('15090,15021');
    expect(await excluded(`${traffic}/excludeInboundPorts: "15020,80"`)).toBe('15090,15021,15020,80');
  });

  test('of every kind is found', async () => {
    const template =
      'template: {metadata: {annotations: {sidecar.istio.io/interceptionMode: NONE}}, spec: {containers: [{name: app}]}}';
    for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet', 'Rollout']) {
      const read = await optionsFromPod(`{kind: ${kind}, metadata: {name: a}, spec: {${template}}}`);
      expect([read.object, read.options]).toEqual([`${kind} a`, { inboundInterceptionMode: 'NONE' }]);
    }
    const cron = await optionsFromPod(
      `{kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: {${template}}}}}`,
    );
    expect([cron.object, cron.options]).toEqual(['CronJob a', { inboundInterceptionMode: 'NONE' }]);
    const list = await optionsFromPod(
      `{kind: List, items: [{kind: Service, metadata: {name: s}}, {kind: Job, metadata: {name: a}, spec: {${template}}}]}`,
    );
    expect([list.object, list.options]).toEqual(['Job a', { inboundInterceptionMode: 'NONE' }]);
    const documents = `{kind: Service}\n---\n{kind: Job, metadata: {name: a}, spec: {${template}}}\n---\n{kind: Pod, metadata: {name: b}, spec: {containers: [{name: app}]}}`;
    expect((await optionsFromPod(documents)).object).toBe('Job a');
    expect((await optionsFromPod(documents, 'Pod b')).options).toEqual({});
    expect(words(await optionsFromPod(documents))).toEqual([
      '5:1: note: Pod b: It was not read: what is told here is of Job a. Read one after the other.',
    ]);
  });

  test('tells whom the app runs as, its ports and its addresses', async () => {
    const read = await optionsFromPod(
      [
        'kind: Pod',
        'metadata: {name: a, annotations: {sidecar.istio.io/capNetBindService: "true"}}',
        'spec:',
        '  securityContext: {runAsUser: 1000, runAsGroup: 3000}',
        '  containers:',
        '  - name: app',
        '    securityContext: {runAsUser: 2000}',
        '    ports: [{containerPort: 8080}, {containerPort: 9100}]',
        'status:',
        '  podIPs: [{ip: "fd00::5"}, {ip: 10.244.1.5}]',
      ].join('\n'),
    );
    expect(read.workload).toEqual({
      uid: 2000,
      gid: 3000,
      ports: [8080, 9100],
      addresses: ['fd00::5', '10.244.1.5'],
      netBindService: true,
    });
    expect(read.options).toEqual({ enableIPv6: true });
  });

  test('with a resolv.conf of its own has its servers', async () => {
    const read = await optionsFromPod(
      deployment(
        ['proxy.istio.io/config: "proxyMetadata: {ISTIO_META_DNS_CAPTURE: \'true\'}"'],
        ['dnsPolicy: None', 'dnsConfig: {nameservers: [10.96.0.10, "fd00::a"]}'],
      ),
    );
    expect(read.options).toEqual({
      redirectDNS: true,
      dnsServersV4: ['10.96.0.10'],
      dnsServersV6: ['fd00::a'],
    });
  });
});

describe('an injected pod', () => {
  const init = (more = '') =>
    [
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: reviews-1',
      '  annotations:',
      `    ${traffic}/excludeOutboundPorts: "3306"`,
      'spec:',
      '  initContainers:',
      '  - name: istio-init',
      '    image: docker.io/istio/proxyv2:1.17.8-distroless',
      '    args: [istio-iptables, -p, "15001", -z, "15006", -u, "1337", -m, REDIRECT, -i, "*", -x, "", -b, "*", -d, "15090,15021,15020", -o, "3306", --log_output_level=default:info]',
      more,
      '  containers:',
      '  - name: app',
      '  - name: istio-proxy',
      '    image: docker.io/istio/proxyv2:1.17.8',
      '    args: [proxy, sidecar]',
    ]
      .filter((line) => line !== '')
      .join('\n');

  test('has the arguments and the environment of istio-init, and the release of its image', async () => {
    const read = await optionsFromPod(init('    env: [{name: INVALID_DROP, value: "true"}]'));
    expect(read).toMatchObject({
      release: '1.17.8',
      object: 'Pod reviews-1',
      messages: [],
      options: {
        dropInvalid: true,
        proxyPort: '15001',
        inboundCapturePort: '15006',
        proxyUID: '1337',
        inboundInterceptionMode: 'REDIRECT',
        outboundIPRangesInclude: '*',
        outboundIPRangesExclude: '',
        inboundPortsInclude: '*',
        inboundPortsExclude: '15090,15021,15020',
        outboundPortsExclude: '3306',
      },
    });
    expect(rulesFor('1.17.8', read.options).text).toEqual(
      rulesFor('1.17.8', { dropInvalid: true, outboundPortsExclude: '3306' }).text,
    );
  });

  test('whose annotation was changed later is told so', async () => {
    expect(words(await optionsFromPod(init().replace('"3306"', '"6379"')))).toEqual([
      `6:5: warning: annotation ${traffic}/excludeOutboundPorts "6379": istio-init has "3306": the annotation was changed after the injection and has no effect. Change it on the template, so that the pod is made anew.`,
    ]);
  });

  test('with istio-validation is programmed by the CNI plugin, from annotations and the user of the proxy', async () => {
    const read = await optionsFromPod(
      init('  - name: istio-validation\n    image: docker.io/istio/proxyv2:1.22.0')
        .replace(/ {2}- name: istio-init\n.*\n.*\n/, '')
        .replace(
          'args: [proxy, sidecar]',
          'args: [proxy]\n    securityContext: {runAsUser: 1000650001, runAsGroup: 1000650001}',
        ),
    );
    expect(read).toMatchObject({
      release: '1.17.8',
      options: { cni: true, proxyUID: '1000650001', proxyGID: '1000650001', outboundPortsExclude: '3306' },
      messages: [],
    });
  });

  test('as a native sidecar is known too', async () => {
    const read = await optionsFromPod(
      '{kind: Pod, metadata: {name: a}, spec: {initContainers: [{name: istio-validation, image: "istio/proxyv2:1.24.1"}, {name: istio-proxy, image: "istio/proxyv2:1.24.1@sha256:ab", args: [proxy]}], containers: [{name: app}]}}',
    );
    expect([read.release, read.options]).toEqual(['1.24.1', { cni: true }]);
  });

  test('whose image has no number in its tag is asked for the release', async () => {
    expect(words(await optionsFromPod(init().replaceAll(/proxyv2:[\d.a-z-]+/g, 'proxyv2:latest')))).toEqual([
      '9:5: note: image docker.io/istio/proxyv2:latest: Its tag does not tell the release. Choose the release yourself; istioctl version tells it.',
    ]);
  });
});

describe('what has no effect where it stands', () => {
  const rows: readonly (readonly [annotation: string, ...said: string[]])[] = [
    [
      `${traffic}/excludeOutboundPort: "3306"`,
      `9:9: warning: annotation ${traffic}/excludeOutboundPort: Istio has no annotation of this name, so it has no effect. Did you mean ${traffic}/excludeOutboundPorts?`,
    ],
    [
      'sidecar.istio.io/excludeOutboundPorts: "3306"',
      `9:9: warning: annotation sidecar.istio.io/excludeOutboundPorts: Istio has no annotation of this name, so it has no effect. Did you mean ${traffic}/excludeOutboundPorts?`,
    ],
    [
      `${traffic}/excludeIPRanges: 10.0.0.0/8`,
      `9:9: warning: annotation ${traffic}/excludeIPRanges: Istio has no annotation of this name, so it has no effect. Did you mean ${traffic}/excludeOutboundIPRanges?`,
    ],
    [
      `${traffic}/interceptionMode: TPROXY`,
      `9:9: warning: annotation ${traffic}/interceptionMode: Istio has no annotation of this name, so it has no effect. Did you mean sidecar.istio.io/interceptionMode?`,
    ],
    [
      'trafic.sidecar.istio.io/excludeinboundports: "80"',
      `9:9: warning: annotation trafic.sidecar.istio.io/excludeinboundports: Istio has no annotation of this name, so it has no effect. Did you mean ${traffic}/excludeInboundPorts?`,
    ],
    [
      'excludeInterfaces: net1',
      `9:9: warning: annotation excludeInterfaces: Istio has no annotation of this name, so it has no effect. Did you mean ${traffic}/excludeInterfaces?`,
    ],
    ['prometheus.io/port: "9100"'],
    ['sidecar.istio.io/proxyCPU: 100m'],
    [
      `${traffic}/includeOutboundIPRanges: "*"`,
      `9:9: note: annotation ${traffic}/includeOutboundIPRanges "*": It changes no rule: without it they would be the same.`,
    ],
    [
      `${traffic}/excludeOutboundPorts: 3306`,
      `9:56: error: annotation ${traffic}/excludeOutboundPorts 3306: An annotation is text, and YAML takes this for a number or a truth value: Kubernetes refuses the object. Write "3306" in quotes.`,
    ],
    [
      `${traffic}/excludeOutboundPorts: http`,
      `9:9: error: annotation ${traffic}/excludeOutboundPorts "http": A port is a decimal number: the injector refuses anything else, names of services too. With leading zeros iptables reads another number, or none: 010 is 8. Write a port from 0 to 65535, such as 8080.`,
    ],
    [
      `${traffic}/includeOutboundPorts: "8443"`,
      `9:9: warning: annotation ${traffic}/includeOutboundPorts "8443": ${traffic}/includeOutboundIPRanges is "*", so every port is captured, these and all others. Set ${traffic}/includeOutboundIPRanges to '' to capture these ports alone.`,
    ],
    [
      'INVALID_DROP: "true"',
      "9:9: warning: annotation INVALID_DROP: It is a variable of the proxy's environment, and nobody reads it from an annotation. Write it under proxyMetadata in the annotation proxy.istio.io/config.",
    ],
    [
      'proxy.istio.io/config: "proxyMetadata: {ISTIO_META_DNS_CAPTUER: \'true\'}"',
      '9:9: warning: ISTIO_META_DNS_CAPTUER in annotation proxy.istio.io/config: Istio knows no variable of this name that shapes the rules. Did you mean ISTIO_META_DNS_CAPTURE?',
    ],
    [
      'proxy.istio.io/config: "proxyMetadata: {INVALID_DROP: true}"',
      '9:9: error: INVALID_DROP in annotation proxy.istio.io/config: true: The values of proxyMetadata are text, and YAML takes this for a number or a truth value: Istio refuses the whole ProxyConfig. Write "true" in quotes.',
    ],
    [
      'proxy.istio.io/config: "proxyMetadata: {INVALID_DROP: \'yes\'}"',
      '9:9: warning: INVALID_DROP in annotation proxy.istio.io/config "yes": Istio expects true or false here and takes anything else for false. Write "true" or "false".',
    ],
    [
      'proxy.istio.io/config: "INVALID_DROP: \'true\'"',
      '9:9: warning: INVALID_DROP in annotation proxy.istio.io/config: Variables of the proxy are read from proxyMetadata only. Move it under proxyMetadata.',
    ],
    [
      'proxy.istio.io/config: "{"',
      '9:9: error: annotation proxy.istio.io/config, line 1: "{": Expected a sign that is missing: a closing quote, bracket or comma. Close what was opened.',
    ],
    [
      'proxy.istio.io/config: "proxyMetadata: {ISTIO_META_DNS_CAPTURE: \'true\'}"',
      '9:9: note: ISTIO_META_DNS_CAPTURE in annotation proxy.istio.io/config "true": DNS is captured on its way to the servers of /etc/resolv.conf, which this YAML does not tell. Give them in dnsServersV4 and dnsServersV6.',
    ],
    [
      'sidecar.istio.io/inject: "false"',
      '9:9: warning: sidecar.istio.io/inject "false": The pod gets no sidecar, so it has none of these rules. Set it to "true", or take it away.',
    ],
  ];

  test.for(rows)('%s', async ([annotation, ...said]) => {
    expect(words(await optionsFromPod(deployment([annotation])))).toEqual(said);
  });

  test('excluded ports beside included ones', async () => {
    const yaml = deployment([
      `${traffic}/includeInboundPorts: "8080"`,
      `${traffic}/excludeInboundPorts: "9100"`,
    ]);
    expect(words(await optionsFromPod(yaml))).toEqual([
      `10:9: warning: annotation ${traffic}/excludeInboundPorts "9100": Istio heeds it only where ${traffic}/includeInboundPorts is "*"; here only 8080 is captured anyway. Leave it out, or set ${traffic}/includeInboundPorts to '*'.`,
    ]);
  });

  test('annotations on other objects, and labels', async () => {
    const annotations = `annotations: {${traffic}/excludeInboundPorts: "80"}`;
    const yaml = [
      `{kind: Service, metadata: {name: s, ${annotations}}}`,
      '---',
      `{kind: Namespace, metadata: {name: n, ${annotations}, labels: {sidecar.istio.io/inject: "true"}}}`,
      '---',
      `{kind: Job, metadata: {name: j, ${annotations}}, spec: {template: {metadata: {labels: {${traffic}/excludeInboundPorts: "80"}}, spec: {containers: [{name: app}]}}}}`,
    ].join('\n');
    expect(words(await optionsFromPod(yaml))).toEqual([
      `1:51: warning: annotation ${traffic}/excludeInboundPorts on Service s: It is read from pods only, and has no effect here. Move it to the pods themselves: spec.template.metadata.annotations of the Deployment.`,
      `3:53: warning: annotation ${traffic}/excludeInboundPorts on Namespace n: It is read from pods only, and has no effect here. Move it to the pods themselves: spec.template.metadata.annotations of the Deployment.`,
      '3:115: warning: label sidecar.istio.io/inject on Namespace n: A namespace turns injection on by another label. Label it istio-injection=enabled, or istio.io/rev with the name of a revision.',
      `5:47: warning: annotation ${traffic}/excludeInboundPorts on Job j: It is read from the pod, and pods do not get it from here. Move it to spec.template.metadata.annotations.`,
      `5:139: warning: label ${traffic}/excludeInboundPorts: It is read as an annotation, and as a label it has no effect. Move it to metadata.annotations of the pod or its template.`,
    ]);
    expect((await optionsFromPod(yaml)).options).toEqual({});
  });

  test('what the release does not know', async () => {
    const yaml = (annotation: string) =>
      deployment([annotation]).replace('annotations:', 'labels: {istio.io/rev: 1-10}\n      annotations:');
    const rev =
      '8:16: note: istio.io/rev "1-10": It is a name that someone chose; release 1.10 is read out of it. Choose the release yourself where that is not so.';
    expect(words(await optionsFromPod(yaml(`${traffic}/excludeInterfaces: net1`)))).toEqual([
      rev,
      `10:9: warning: annotation ${traffic}/excludeInterfaces "net1": It has no effect: Istio 1.10 does not know it: it came with 1.11.3. Take it away, or use another release.`,
    ]);
    expect(words(await optionsFromPod(yaml('istio.io/reroute-virtual-interfaces: net1')))).toEqual([
      rev,
      `10:9: warning: annotation istio.io/reroute-virtual-interfaces: Istio 1.10 does not know this name: it came with 1.25.0. Write ${traffic}/kubevirtInterfaces.`,
    ]);
  });

  test('what of the pod makes the rules pass it by', async () => {
    expect(
      words(
        await optionsFromPod(
          deployment(['a: b'], ['hostNetwork: true', 'securityContext: {runAsUser: 1337}']).concat(
            '\n        env: [{name: ISTIO_META_DNS_CAPTURE, value: "true"}]',
          ),
        ),
      ),
    ).toEqual([
      "11:20: warning: hostNetwork true: The injector leaves pods in the node's network alone: the pod has no sidecar and no rules. Take hostNetwork away where the pod is to be in the mesh.",
      '12:36: warning: runAsUser 1337: It is that of the proxy: what this container sends is taken for traffic of the proxy and not captured. Run the app as another one.',
      "15:15: warning: variable ISTIO_META_DNS_CAPTURE of container app: It is read from the proxy's environment, and not from the app's. Write it under proxyMetadata in the annotation proxy.istio.io/config.",
    ]);
    expect(
      words(
        await optionsFromPod(
          '{kind: Pod, metadata: {name: a}, spec: {containers: [{name: app}]}, status: {podIPs: [{ip: 10.0.0.5}, {ip: "fd00::5"}]}}',
        ),
      ),
    ).toEqual([
      '1:108: warning: address fd00::5: Istio looks at the first address only, which is IPv4, and writes no IPv6 rules: what the pod sends and gets by IPv6 goes past Envoy. Set ISTIO_DUAL_STACK to "true" in proxyMetadata.',
    ]);
  });
});

describe('broken YAML', () => {
  const rows: readonly (readonly [yaml: string, ...said: string[]])[] = [
    [
      'kind: Pod\nmetadata:\n\tname: a',
      '3:1: error: "name: a": Expected blanks: YAML takes no tab for indentation. Put blanks in the place of the tabs.',
    ],
    [
      'kind: Pod\nspec: {containers: [{name: app}]}\nmetadata:\n  annotations:\n    a: *\n',
      '5:8: error: "a: *": An unquoted * begins an alias in YAML; a name was expected behind it. Write "*" in quotes.',
    ],
    [
      'kind: Pod\nspec: {containers: [{name: app}]}\nkind: Job',
      '3:1: error: "kind: Job": Expected each key once: of two, Kubernetes takes the last one or refuses the object. Take one of the two away.',
    ],
    [
      'kind: Pod\nspec: {containers: [{name: "app}]}',
      '2:35: error: "spec: {containers: [{name: "app}]}": Expected a sign that is missing: a closing quote, bracket or comma. Close what was opened.',
    ],
    [
      '',
      '1:1: error: no object: Expected a Pod, or a Deployment or another object with a template of pods. Paste what kubectl get pod POD -o yaml prints.',
    ],
    [
      '{kind: Service, metadata: {name: s}}',
      '1:1: error: Service s: Expected a Pod, or a Deployment or another object with a template of pods. Paste what kubectl get pod POD -o yaml prints.',
    ],
  ];

  test.for(rows)('%j', async ([yaml, ...said]) => {
    expect(words(await optionsFromPod(yaml)).filter((line) => !line.includes('without a name'))).toEqual(
      expect.arrayContaining(said),
    );
  });

  test('and anything else never throws', async () => {
    const seeds = [
      deployment([`${traffic}/excludeInboundPorts: "9100"`, 'proxy.istio.io/config: "{}"']),
      'global: {proxy: {}}',
    ];
    const mutated = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(
          fc.tuple(
            fc.nat(600),
            fc.string({ maxLength: 3, unit: fc.constantFrom(...'*&!%@:,-{}[]"\'\n\t #|>?') }),
          ),
        ),
      )
      .map(([seed, edits]) =>
        edits.reduce((text, [at, put]) => text.slice(0, at) + put + text.slice(at), seed),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.string(), fc.json()), async (text) => {
        for (const read of [await optionsFromPod(text), await optionsFromHelm(text)]) {
          for (const { line, column } of read.messages) expect(Math.min(line, column)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300, seed: 4 },
    );
    for (const strange of [undefined, null, 5, {}] as unknown as string[]) {
      expect((await optionsFromPod(strange)).messages).toHaveLength(1);
      expect((await optionsFromHelm(strange)).messages).toHaveLength(1);
    }
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcdefghi'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(10)}]\n`)}`;
    expect(words(await optionsFromHelm(bomb))).toEqual([
      '1:1: error: a document whose aliases unfold into too many nodes: At most 200000 are read. Write the values in the place of the aliases.',
    ]);
    expect(words(await optionsFromPod('a'.repeat(2_000_001)))[0]).toBe(
      '1:1: error: 2000001 characters: At most 2000000 are read. Leave out the objects that are not asked about.',
    );
  });
});
