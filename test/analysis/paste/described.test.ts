/** What is YAML in other words is read as the YAML that it stands for. */
import { describe, expect, test } from 'vitest';
import { readPaste } from '../../../src/analysis/index.ts';
import { optionsFromYaml } from '../../../src/istio/index.ts';

async function optionsOf(text: string) {
  const [pod] = readPaste(text).pods;
  return optionsFromYaml(pod?.yaml.lines.join('\n') ?? '');
}

const description = `Name:             web-1
Namespace:        shop
Labels:           app=web
                  security.istio.io/tlsMode=istio
Annotations:      sidecar.istio.io/status:
                    {"initContainers":["istio-init"],"containers":["istio-proxy"]}
                  traffic.sidecar.istio.io/excludeOutboundPorts: 3306
Status:           Running
Init Containers:
  istio-init:
    Container ID:  containerd://0a1b
    Image:         docker.io/istio/proxyv2:1.24.0
    Port:          <none>
    Args:
      istio-iptables
      -p
      15001
      -z
      15006
      -u
      1337
      -m
      REDIRECT
      -i
      *
      -x

      -b
      *
      -d
      15090,15021,15020
      -o
      3306
    State:          Terminated
      Exit Code:    0
Containers:
  constructor:
    Image:          web:2
    Port:           8080/TCP
QoS Class:        Burstable`;

describe('kubectl describe pod', () => {
  test('tells the release and the options', async () => {
    const read = await optionsOf(description);
    expect(read).toMatchObject({
      release: '1.24.0',
      object: 'Pod web-1',
      options: { outboundPortsExclude: '3306', outboundIPRangesExclude: '' },
    });
    expect(read.messages).toEqual([]);
  });

  test('each line is that of the text', () => {
    const { yaml } = readPaste(`what I see:\n${description}`).pods[0] as never as {
      yaml: { lines: readonly string[]; numbers: readonly number[] };
    };
    const at = yaml.lines.findIndex((line) => line.includes('excludeOutboundPorts'));
    expect(yaml.numbers[at]).toBe(8);
  });

  test('rules beside it are read, and the options still', async () => {
    const text = `${description}\n$ iptables -t nat -S\n-P PREROUTING ACCEPT\n-P OUTPUT ACCEPT`;
    expect(readPaste(text).pods[0]?.rules).toHaveLength(1);
    expect((await optionsOf(text)).options.outboundPortsExclude).toBe('3306');
  });

  test.each(['Name:   __proto__', 'Name:   web-1\nLabels:  __proto__=a\nAnnotations: constructor: b'])(
    'a piece of it does no harm: %j',
    async (text) => {
      expect((await optionsOf(text)).options).toEqual({});
    },
  );
});

describe('the switches of helm and istioctl', () => {
  test.each([
    [
      'istioctl install -y --set profile=demo \\\n  --set values.global.proxy.excludeOutboundPorts=3306',
      { outboundPortsExclude: '3306' },
    ],
    [
      'helm upgrade istiod istio/istiod --set global.nativeNftables=true --set-string global.proxy.excludeOutboundPorts="3306\\,5432"',
      { nativeNftables: true, outboundPortsExclude: '3306,5432' },
    ],
    [
      'helm install a b --set "global.proxy.includeIPRanges=10.0.0.0/8"',
      { outboundIPRangesInclude: '10.0.0.0/8' },
    ],
    [
      "helm install a b --set 'meshConfig.defaultConfig.interceptionMode=TPROXY',x=y",
      { inboundInterceptionMode: 'TPROXY' },
    ],
    ['helm install a b --set __proto__.polluted=1 --set constructor=2', {}],
  ])('%s', async (text, options) => {
    expect((await optionsOf(text)).options).toMatchObject(options);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('thousands of them take no longer each', () => {
    const many = Array.from({ length: 4000 }, (_, at) => `--set a.b${at}=1`).join(' ');
    expect(readPaste(`helm install a b ${many.slice(0, 19_000)}`).pods[0]?.yaml.lines.length).toBeGreaterThan(
      1000,
    );
  });
});

describe('what a shell does behind a command', () => {
  test.each([
    ['iptables -t nat -A OUTPUT -p tcp -j RETURN || true', ['iptables -t nat -A OUTPUT -p tcp -j RETURN']],
    [
      'sudo iptables -t nat -N A 2>/dev/null; sudo iptables -t nat -A OUTPUT -j A && echo done',
      ['iptables -t nat -N A', 'iptables -t nat -A OUTPUT -j A'],
    ],
    [
      'iptables -t nat -A OUTPUT -m comment --comment "a; b || c > d" -j RETURN',
      ['iptables -t nat -A OUTPUT -m comment --comment "a; b || c > d" -j RETURN'],
    ],
    ['iptables -t nat -F >/dev/null 2>&1', ['iptables -t nat -F']],
  ])('%s', (text, commands) => {
    const { pods, repairs } = readPaste(text);
    expect(pods[0]?.rules.flatMap(({ lines }) => lines).filter((line) => line !== '')).toEqual(commands);
    expect(repairs.some(({ code }) => code === 'shell')).toBe(!text.includes('comment'));
  });
});
