/** What errors are said to be. What holds each. */
import type { Held } from './kinds.ts';

export const errorsHeld: Held = {
  'src/words/en/errors/of-iptables.ts': {
    meant: [['plugin-without-capability', 'the CNI plugin needs no capability in the pod']],
    read: ['Istio writes none but tcp and udp'],
    shown: [
      'look for spaces in what the pod’s annotations and proxyMetadata hold, then at the image’s iptables',
      'let Istio’s CNI plugin write the rules, or let istio-init have NET_ADMIN and NET_RAW;',
      'let it be tried again: a failed istio-init is started anew, and the CNI plugin called again;',
      'leave it if it was printed while Istio cleaned up before it wrote anew;',
      'if there is none, use Istio’s own image for istio-init',
      'use an image that has iptables with its extensions, as Istio’s proxyv2 has',
      'leave it where Istio printed it, because it looks for rules before it writes them;',
    ],
    builder: ['the container has no user or group of that name, which Istio hands on as an option has it'],
    caused: [
      'the chain was not made before, or the image lacks the library of a target without options',
      'the image lacks the library of that match',
      'an option’s value holds a space, a match stands without its -m or -p, the image lacks the library of a target, or this iptables is older than who writes the rules',
      'it is misspelt, or the image has no /etc/protocols',
    ],
  },
  'src/words/en/errors/of-istio.ts': {
    facts: [
      ['repair-by-exit-code', 'it ends with exit code 126, which the repair controller looks for'],
      [
        'back-ends-in-order',
        'Istio takes iptables-legacy where that has rules already, else iptables-nft, else iptables',
      ],
      ['hand-over-needs-ztunnel', 'The agent of the CNI plugin has no ztunnel to hand the pod to'],
      ['repair-by-exit-code', 'its istio-validation has ended with exit code 126'],
    ],
    meant: [
      ['validation-fails', 'istio-validation found that the rules of this pod are not there'],
      [
        'pod-before-its-node',
        'with the CNI plugin this is a pod that came to its node before the plugin was ready, or is in a namespace that the plugin leaves out;',
      ],
      [
        'plugin-leaves-namespaces',
        'with the CNI plugin this is a pod that came to its node before the plugin was ready, or is in a namespace that the plugin leaves out;',
      ],
      ['tested-with-a-rule', 'the image has none, or the node’s kernel has no tables for that back end;'],
      ['plugin-is-called-again', 'the CNI plugin is called again until it succeeds'],
      ['configuration-awaited', 'istiod is not reached, refuses this proxy, or has sent what Envoy rejects;'],
      ['istiod-authenticates', 'istiod is not reached, refuses this proxy, or has sent what Envoy rejects;'],
      ['start-awaited', 'it is still starting, or waits for istiod;'],
      [
        'istiod-authenticates',
        'istiod is not reached at port …, is not ready, or the token or certificate is not taken;',
      ],
      ['keeps-what-it-was-told', 'what Envoy was told before stays in force'],
      [
        'probes-rewritten',
        'the container does not listen or answer yet, or pilot-agent, to which the injector leads the probe, does not',
      ],
      [
        'annotations-of-the-plugin',
        'the CNI plugin reads the annotations before it writes, and writes nothing if one of them is wrong',
      ],
      ['owner-groups-limit', 'More groups are to be captured than Istio takes…'],
      ['servers-of-the-pod', 'Istio needs its servers to capture DNS'],
      [
        'old-rules-stay',
        'another run, another release or another program has written in this network namespace, and Istio does not take them away unless reconcile is on',
      ],
      [
        'without-a-shield',
        'The CNI plugin could not shield iptables from the node’s lock file and names, and went on without',
      ],
      ['without-ip6tables', 'There is no ip6tables that works, and Istio went on without'],
      [
        'text-before-the-colon',
        'Istio cuts off what iptables prints before its first colon, so a part of the reason may be lost',
      ],
    ],
    read: [
      'Istio found no … that works here',
      'An annotation of the pod… has a value that Istio cannot use…',
      'The ranges to exclude are *, which Istio does not take',
      'Istio cannot read /etc/resolv.conf of the pod…',
      'Rules were there before, and they are not those that Istio is to write',
      'Istio could not add the route or the rule that TPROXY needs…',
      'ztunnel does not run on that node, or has not connected yet;',
      'The CNI plugin does not reach its agent on the node…',
      'The CNI plugin may no longer ask the API server',
      'The node has no CNI plugin ……',
      'The CNI plugin could not read the pod from the API server…',
      'The CNI plugin cannot read its kubeconfig…',
      'The CNI plugin is not in the node’s CNI configuration…',
      'The repair controller could not write the rules of a pod…',
      'The repair controller found a pod without rules…',
      'The CNI plugin has failed…',
      'Envoy waits for its configuration',
      'Envoy is not ready…',
      'Envoy gets no configuration from istiod…',
      'Envoy could not listen on …: another program does',
      'the app, or another container of the pod, has taken a port of the sidecar’s',
      'Istio found no address of the pod',
    ],
    shown: [
      'load the kernel’s modules on the node (nf_tables, or ip_tables with iptable_nat), and use an image that has iptables',
      'leave it out, so that Istio chooses the one that the node has',
      'see that ztunnel runs there with …;',
      'if Istio was taken out of the cluster, its plugin is still in the node’s CNI configuration',
      'look at istioctl proxy-status and at the log of istiod',
      'after that look at the log of istio-proxy',
      'those of the sidecar are in the table of ports',
      'see that istiod runs and that nothing between the pod and port … drops packets',
    ],
  },
  'src/words/en/errors/of-kubectl.ts': {
    meant: [
      [
        'gives-up-with-255',
        'the program gave up with an error of its own, as istio-init does before Istio 1.20.1, and 1.19.5 of 1.19',
      ],
      [
        'init-programs',
        'istio-init and a debug container with netadmin need NET_ADMIN, which the levels baseline and restricted do not allow',
      ],
      [
        'init-programs',
        'istio-init needs NET_ADMIN and NET_RAW, or a container asks for a user or a right, and no constraint that the pod’s service account may use allows that',
      ],
      ['tproxy-as-root', 'use the CNI plugin, with which only a proxy in TPROXY mode needs a capability;'],
      ['validation-fails', 'istio-validation ends so where the rules are not there;'],
      ['tproxy-as-root', 'use the CNI plugin, with which only a proxy in TPROXY mode needs it;'],
      [
        'validation-in-its-place',
        'the injector left the pod out or, with the CNI plugin, put istio-validation in the place of istio-init;',
      ],
      [
        'no-ephemeral-containers',
        'the cluster has no ephemeral containers, or this kubectl is older than what the command asks for: netadmin came with 1.27, sysadmin with 1.30, --custom with 1.31',
      ],
      [
        'debug-custom',
        'the cluster has no ephemeral containers, or this kubectl is older than what the command asks for: netadmin came with 1.27, sysadmin with 1.30, --custom with 1.31',
      ],
      [
        'debug-profiles',
        'the cluster has no ephemeral containers, or this kubectl is older than what the command asks for: netadmin came with 1.27, sysadmin with 1.30, --custom with 1.31',
      ],
      ['validation-fails', 'istio-validation ends so where the rules are not there'],
    ],
    read: [
      'kubectl logs needs less than kubectl exec and kubectl debug',
      'kubectl does not reach the cluster',
      'kubectl debug cannot do this here',
      'The API server does not reach the kubelet of that node',
      'kubectl chose the container …',
      'kubectl could not use a terminal',
    ],
    shown: [
      'look for its name with kubectl get pods -n NAMESPACE',
      'look at which there are with kubectl get pod -n NAMESPACE POD -o yaml;',
      'for one that has ended ask kubectl logs, with --previous',
      'ask for the log of the init containers: kubectl logs POD -c istio-init, or -c istio-validation',
      'look at kubectl config current-context',
      'use a newer kubectl, or look from the node with nsenter',
      'look at kubectl get nodes',
      'look at the log of that container, with kubectl logs --previous',
    ],
  },
  'src/words/en/errors/of-network.ts': {
    meant: [
      ['native-nftables', 'Istio is to write with nft, and there is no program nft'],
      ['nft-without-json', 'the agent of the CNI plugin reads sets as JSON;'],
      ['plugin-uses-the-node', 'the CNI plugin needs nft on the node itself, istio-init in its image'],
      ['distroless-image', 'its image brings little, as distroless images do'],
    ],
    caused: ['the gateway is in no network of the pod, as where the interface is down or has no address yet'],
    read: ['Istio lets this pass'],
    shown: [
      'use an nft with libjansson, or set global.nativeNftables to false so that Istio writes with iptables',
      'load the modules of nf_tables on the node, or let Istio write with iptables',
      'use an image with iproute2, such as nicolaka/netshoot',
    ],
  },
  'src/words/en/errors/of-ztunnel.ts': {
    meant: [
      [
        'ambient-strict-closes',
        'an AuthorizationPolicy denies the caller, or STRICT mutual TLS does not take plain text',
      ],
      ['ztunnel-no-healthy', 'ztunnel knows of nothing to send the connection to…'],
      [
        'ambient-strict-closes',
        'that is STRICT mutual TLS as a policy: the caller came in plain text, from outside the mesh or from a pod that is not in it',
      ],
      ['ztunnel-certificates', 'istiod did not sign it, is not reached, or the two sides trust other roots'],
      [
        'ztunnel-waits-for-the-pod',
        'istiod has not told ztunnel of the pod within 5 seconds, as where it is not reached',
      ],
      [
        'ztunnel-no-healthy',
        'the Service has no ready pod, the waypoint that it names is not there, or istiod has not told of it',
      ],
      [
        'ztunnel-unknown-waypoint',
        'the Service has no ready pod, the waypoint that it names is not there, or istiod has not told of it',
      ],
    ],
    read: [
      'ztunnel closed a connection because a policy does not let it through…',
      'ztunnel got no answer from the other side in time',
      'ztunnel called and was refused…',
      'The other ztunnel, or the waypoint, answered the tunnel with …',
      'ztunnel has no certificate for the connection, or the peer’s is not taken…',
      'ztunnel does not know the pod that calls…',
    ],
    shown: [
      'look at … on both nodes, and at the log of istiod',
      'look at the log of what is at dst.addr, the ztunnel of that node or the waypoint, at the same time',
      'look at the Service’s endpoints and, where it has the label istio.io/use-waypoint, at that Gateway;',
    ],
  },
};
