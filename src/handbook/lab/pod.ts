/**
 * The pod that a text tells of: what the walks know of it, what they take from the handbook's example, and the same
 * pod as Istio would have set it up.
 */
import { completeOptions, type FromYaml, type Options } from '../../istio/index.ts';
import type { Rulesets } from '../../journey/index.ts';
import type { Network } from '../../netfilter/index.ts';
import type { KnownOfPod } from '../../words/index.ts';
import { type RealPod, workloadOf } from '../scenarios/real-pod.ts';
import { pod as handbookPod, type Setting, workload } from '../scenarios/setting.ts';

/** Envoy's own ports, where the YAML names others. */
export function listenersIn(read: FromYaml | null): Partial<Options> {
  const { proxyPort, inboundCapturePort } = read?.options ?? {};
  return {
    ...(proxyPort === undefined ? {} : { proxyPort }),
    ...(inboundCapturePort === undefined ? {} : { inboundCapturePort }),
  };
}

/** What the walks know of the pod. */
export function realPod(
  rulesets: Rulesets,
  setting: Setting,
  network: Network | null,
  read: FromYaml | null,
): RealPod {
  const { uid, gid, ports = [], addresses = [], netBindService } = read?.workload ?? {};
  return {
    rulesets,
    setting,
    ...(network === null ? {} : { network }),
    app: {
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(ports.length === 0 ? {} : { ports: ports.map((port) => ({ port })) }),
      ...(addresses.length === 0
        ? {}
        : { addresses: addresses.map((one) => `${one}/${one.includes(':') ? 128 : 32}`) }),
      ...(netBindService === true ? { netBindService } : {}),
    },
  };
}

/** What is known of the pod beside its rules, by where it was told; then what was told by nothing. */
export function knownOf({ app = {}, network }: RealPod, read: FromYaml | null): KnownOfPod {
  const { uid, gid } = app;
  const ports = app.ports?.map(({ port }) => port);
  const addresses = app.addresses?.map((one) => one.split('/')[0] ?? one);
  const interfaces =
    network?.interfaces?.filter((one) => one.name !== 'lo' && one.addresses.length > 0) ?? [];
  const hasAddress = interfaces.length > 0;
  return {
    yaml: {
      object: read?.object ?? null,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(ports === undefined ? {} : { ports }),
      // The addresses of its interfaces are better known.
      ...(addresses === undefined || hasAddress ? {} : { addresses }),
    },
    interfaces,
    ...(network?.rules === undefined ? {} : { routingRules: network.rules.length }),
    ...(network?.routes === undefined ? {} : { routes: network.routes.length }),
    assumed: {
      ...(hasAddress || addresses !== undefined ? {} : { addresses: [handbookPod.address] }),
      ...(uid === undefined ? { uid: workload.uid } : {}),
      ...(gid === undefined ? { gid: workload.gid } : {}),
      ...(ports === undefined ? { ports: [handbookPod.port] } : {}),
    },
  };
}

/** The same pod with Istio's own rules and routing. */
export function asIstioMakesIt(pod: RealPod): RealPod {
  const { addresses } = workloadOf(pod, false);
  return { ...(pod.setting === undefined ? {} : { setting: pod.setting }), app: { ...pod.app, addresses } };
}

/** With Istio's own rules, and an app that is not taken for the proxy. */
export function asIstioMeansIt(pod: RealPod, { options }: Setting): RealPod {
  const { app = {}, ...made } = asIstioMakesIt(pod);
  const { uid, gid, ...rest } = app;
  const { proxyUID, proxyGID } = completeOptions(options);
  const isProxys = (ids: string, id: number | undefined) => ids.split(',').includes(String(id));
  return {
    ...made,
    app: {
      ...rest,
      ...(uid === undefined || isProxys(proxyUID, uid) ? {} : { uid }),
      ...(gid === undefined || isProxys(proxyGID, gid) ? {} : { gid }),
    },
  };
}
