/** Sentences of src/handbook. What holds each. */
import type { Held } from './kinds.ts';

export const handbookHeld: Held = {
  'src/handbook/envoy/calls.ts': {
    facts: [
      ['silent-client-waits', 'STRICT: a client that says nothing is left waiting'],
      ['app-by-default-endpoint', "A Sidecar's defaultEndpoint on 127.0.0.1 is where Envoy dials"],
    ],
    meant: [
      ['plain-text-let-in', 'PERMISSIVE: plain HTTP goes in'],
      ['permissive-port', 'PERMISSIVE: a server that speaks first hangs, declared or not'],
    ],
    model: [
      'A port that the Sidecar does not name',
      'A Sidecar whose egress leaves a Service out:',
      'A Sidecar whose egress leaves a Service out, REGISTRY_ONLY:',
      'STRICT: plain HTTP is connected, and reset',
      'STRICT: with mutual TLS it goes in',
      'Envoy waits for the client',
      'Envoy dials an endpoint at its target port',
      "… is Envoy's own statistics",
      "… is Envoy's, and asks pilot-agent for the readiness",
    ],
  },
  'src/handbook/lab/anonymous.ts': {
    shown: [
      'istio-system kube-system default kube-public istio-proxy istio-init istio-validation istio-cni istio-cni-node istio ztunnel localhost cluster.local svc svc.cluster.local root admin user app pod node host name namespace nat filter mangle raw security lo eth0 all none true false null tcp udp icmp accept drop return redirect info error warn debug default-route uid gid istio-iptables pilot-agent envoy',
    ],
  },
  'src/handbook/scenarios/ambient.ts': {
    model: [
      'Somebody outside the mesh calls this pod',
      'Somebody outside the mesh calls this pod, under STRICT',
      'This pod calls an address that nobody in the mesh has',
      'The kubelet probes this pod',
      'The kubelet probes this pod from another address, under STRICT',
      'ztunnel calls a peer',
      'This pod calls a Service while no ztunnel is there',
      'This pod calls a Service with a waypoint',
      'Somebody outside the mesh calls a pod in ingress mode',
    ],
  },
  'src/handbook/scenarios/pod-kinds.ts': {
    model: [
      'What arrives from outside is captured, and Envoy asks for a certificate and for the policies.',
      'A command that kubectl exec starts in istio-proxy calls a Service',
    ],
    shown: ['kubectl port-forward calls the app from within its pod'],
  },
  'src/handbook/scenarios/runbooks-envoy.ts': {
    meant: [
      ['black-hole-closes', 'Calls out of the mesh get 502, or are closed'],
      ['black-hole-status', 'Calls out of the mesh get 502, or are closed'],
    ],
    model: [
      'The app calls an address that the mesh does not know, under REGISTRY_ONLY',
      'A caller gets 503 from Envoy',
      'Envoy calls the app where it is, and the caller gets its answer.',
      'Without Envoy the caller sees what Envoy saw: the connection is refused.',
      'No Envoy reads the Host, and the call goes where it was sent.',
      'On localhost it is there, and no Envoy is between: a test from within the pod shows nothing of this.',
    ],
  },
  'src/handbook/scenarios/runbooks-init.ts': {
    model: [
      'An init container calls a Service in a pod that the CNI plugin has set up',
      'The rule that lets the proxy out lets it out, too.',
      'An init container calls a Service behind a proxy that is a native sidecar',
      'An init container calls a Service as the user of the proxy',
    ],
  },
  'src/handbook/scenarios/runbooks.ts': {
    meant: [
      [
        'probes-rewritten',
        'The kubelet asks pilot-agent on a port that is excluded, and pilot-agent puts the probe to the app from an address that the rules let pass.',
      ],
      [
        'probe-at-the-pods-address',
        'The kubelet asks pilot-agent on a port that is excluded, and pilot-agent puts the probe to the app from an address that the rules let pass.',
      ],
      [
        'calls-its-own-pod',
        'Envoy has the call twice: on its way out, and on its way in, where the policies of the pod hold.',
      ],
      ['passthrough', 'Envoy knows no such Service and passes it on.'],
      ['names-of-the-mesh', 'pilot-agent asks the real server for a name that the mesh does not know'],
    ],
    model: [
      'The app calls a Service while the proxy does not run',
      'A remote pod calls while the proxy does not run',
      'That port is excluded, and pilot-agent collects from Envoy and from the app.',
      'The kubelet probes a port of the app directly',
      'Let Istio rewrite the probe',
      'The kubelet asks for a rewritten probe',
      'The kubelet asks whether the sidecar is ready',
      'Then it is TCP like any other, and Envoy gets it.',
      'A remote pod calls, and Envoy calls the app',
      'The app calls a Service, and the proxy runs as a user that the rules do not know',
      'The sidecar never becomes ready, or calls itself',
      'pilot-agent calls istiod as a user that the rules do not know',
      'Let Istio write IPv6 rules',
    ],
  },
  'src/handbook/scenarios/traffic.ts': {
    facts: [['app-by-pod-address', 'Envoy dials the app on the address of the pod']],
    meant: [
      [
        'app-by-localhost',
        'Envoy dials the app on 127.0.0.1 and without a source address of its own, as releases before 1.10 did.',
      ],
      ['client-before-app', 'The caller is connected all the same, because it is connected to Envoy.'],
      ['passthrough', 'Call an address that the mesh does not know'],
      [
        'strict-plain-text',
        'With strict mutual TLS, Envoy refuses a Prometheus that has no certificate of the mesh.',
      ],
      ['calls-its-own-pod', 'The app calls its own Service, and Envoy picks this very pod.'],
      ['agent-calls-istiod', 'The sidecar fetches its configuration from istiod'],
      ['one-user', 'In an injected sidecar it does not: both run as the same user, in one container.'],
      [
        'listeners-by-configuration',
        'But Envoy opens that listener only when it has its configuration, and that is what the call is for.',
      ],
    ],
    model: [
      'Let Istio 1.9 do it',
      'Nothing of the mesh applies: no mutual TLS, no policy, no metrics.',
      'The rule that keeps the proxy from being sent to itself takes the app for the proxy.',
      'The rules do not know what the mesh knows:',
      'Envoy gets this call, too.',
      'Prometheus scrapes Envoy in this pod',
      "The port is excluded as well, but it is pilot-agent's.",
      "The connection goes to Envoy's inbound listener, and Envoy's call to the pod finds nobody listening.",
      'Prometheus scrapes the merged metrics of pilot-agent',
      'The packet is routed to lo before any rule is asked, and a call within the pod by anyone but the proxy is left alone.',
      'The call to the Service is taken for one of the proxy and leaves the pod.',
      'Envoy talks to itself on localhost',
      'Let the app ask the admin port',
      'The rule that decides is the one for calls within the pod by anyone but the proxy.',
      'Any other address over lo is a call of the proxy to its own pod: it goes to the inbound listener, which dials 127.0.0.2 and finds nobody.',
      'This is the one way to the rule that the article names: to 127.0.0.1, but not over lo, and not as the proxy.',
      'It would hold if pilot-agent ran as another user than the proxy.',
      'Let the app call istiod',
    ],
  },
};
