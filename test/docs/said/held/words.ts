/** Sentences of src/words. What holds each. */
import type { Held } from './kinds.ts';

export const wordsHeld: Held = {
  'src/words/en/ambient-findings.ts': {
    meant: [
      [
        'ambient-node-at-its-start',
        'start the CNI agent anew with …: it writes the rules of its node when it starts;',
      ],
    ],
    found: [
      'A sidecar’s rules stand beside those of ambient mode … …, and the kernel asks both, so a connection may come to ztunnel that is Envoy’s, and the reverse',
      'an answer to a call that ztunnel makes to the app is marked …, but …, so the app’s answers leave the pod instead of coming back to ztunnel, and what calls the pod hangs',
    ],
    shown: [
      'change nothing before it is known what the pod is: … shows whether it has a container istio-proxy, and whether its annotation ambient.istio.io/redirection is enabled;',
      'kubectl get pod NAME -o yaml',
      'start the workload anew with …, so that the CNI agent writes the rules of a new pod;',
      'kubectl rollout restart -n NAMESPACE deployment NAME',
      'kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1',
      'kubectl rollout restart -n istio-system daemonset istio-cni-node',
    ],
  },
  'src/words/en/ambient-options.ts': {
    shown: ['What ztunnel does is told as … and newer do it.'],
  },
  'src/words/en/command.ts': {
    shown: [
      'kubectl cannot be run (…): install it, or run the commands of sidetrack collect --dry-run where it is.',
      'Istio has no option "…": ….',
      '"…" is no stop of a path in these rules: write a hook as OUTPUT, a chain with or without the number of a rule, ISTIO_OUTPUT 9, Envoy with a port, process, or network.',
      "… sets nothing of ambient mode: give values of the chart istio-cni or a pod's YAML, or name options by --set, such as --set ingressMode=true.",
      '"…" is nobody who sends: write app, Envoy, pilot-agent or, in ambient mode, ztunnel, UID:',
      'delete it when you are done: kubectl names it.',
    ],
  },
  'src/words/en/envoy-lab.ts': {
    facts: [['permissive-port', 'PERMISSIVE has to see the client’s first bytes']],
    meant: [
      [
        'inbound-unknown-port',
        'Envoy passes such a connection on by InboundPassthroughCluster, and guesses its protocol',
      ],
      [
        'inbound-passthrough',
        'Envoy passes such a connection on by InboundPassthroughCluster, and guesses its protocol',
      ],
    ],
    found: [
      'This seems to be what Envoy was told, and none of it was read, so nothing is said of it.',
      'This is the bootstrap with which the Envoy… starts…: what its control plane tells it later is not in it.……',
      'This is what the Envoy of a sidecar was told….',
      'This is what the Envoy of a gateway was told…: no rules bring connections to it, and nothing of it is judged.',
      'This is what the Envoy of a waypoint was told…: ztunnel brings connections to it, and nothing of it is judged.',
      'This is a dump of ztunnel, which is no Envoy…;',
      'These are the secrets of an Envoy, of which their names are read;',
      'These are configurations of filters that an Envoy loads apart;',
      'This is what Envoy was told in an older API than v3, and none of it was read: give a dump of an Envoy that speaks v3.',
      'This is what an Envoy was told, and nothing in it is Istio’s…: nothing of it is judged.',
      'This is no configuration of Envoy that can be read.',
      'Envoy has no listener for it.',
      'one that istiod made may stay',
      'look whether an EnvoyFilter took … from virtualOutbound',
      'where it is a ServiceEntry, write … into it',
      'a Sidecar has istio-system alone in its egress',
      'a Sidecar names 127.0.0.1 as the endpoint',
    ],
    shown: [
      'if an EnvoyFilter made this chain, give it a condition that no other chain has;',
      'istioctl proxy-config endpoints POD --cluster NAME',
      'kubectl get endpointslices -l kubernetes.io/service-name=NAME',
      'set mutual TLS of port … to STRICT or DISABLE by … of a PeerAuthentication:',
    ],
  },
  'src/words/en/envoy-stop.ts': {
    shown: [
      'Envoy … takes a connection to …',
      'Nothing is known to differ in Istio …, whose Envoy was not asked.',
      'its Envoy was not asked.',
    ],
  },
  'src/words/en/envoy.ts': {
    model: [
      "A … that holds nothing of an Envoy's configuration: a config_dump, listeners, clusters, routes or endpoints were expected.",
      'This dump, with …, is not that of an Envoy.',
      'Envoy begins …, and waits for a request.',
      'Envoy answers …….',
      'The access log has …….',
      'no filter chain fits',
      'the filter chain has no filters',
      'the filter chain wants TLS, and the client sends something else',
      '… filter chains have the same conditions',
    ],
  },
  'src/words/en/extensions.ts': {
    shown: [
      'Hands the packet to a proxy on this host without rewriting it.',
      'Sends a copy of the packet to a gateway.',
    ],
  },
  'src/words/en/finding-titles.ts': {
    found: [
      'The rules of another mesh come first',
      'The rules of another mesh come behind',
      'The app runs as the user or group of the proxy',
      'The proxy is of another release than the rules',
      'The way back to ztunnel is missing',
      'Rules of nft lead to another port than Envoy’s',
    ],
  },
  'src/words/en/findings.ts': {
    meant: [
      [
        'repair-writes',
        'see what its istio-validation says: while that fails, no app runs, and Istio repairs the pod unless cni.repair.enabled is off;',
      ],
    ],
    found: [
      ', as after a pod that started before the CNI plugin was ready',
      '… stands … rules that Istio asks …;',
      ', and is asked before Istio’s … …, so that what it translates never comes to Envoy',
      '… is not Istio’s, and stands where Istio has no rule, so it captures nothing and lets nothing pass by',
      '… sends what … to port …, where Envoy listens only if the mesh sets it so, instead of to …',
      'The app runs as … …, and … takes what it sends for the proxy’s own, so it passes by Envoy',
      'look for it in the settings of the mesh or of the injector;',
      'The proxy’s image is of Istio …, and these are the rules of Istio …',
      'the CNI plugin may be of another release than the proxy',
      '… marks what comes in with 0x…, but …, so the app’s answers to inbound connections leave the pod instead of coming back to Envoy, and the connections hang',
      'lets everything pass by Envoy',
      'lets what matches … pass by Envoy',
    ],
    shown: [
      'if all are empty there, and the pod is no gateway and not in ambient mode, delete it, so that istio-init or the CNI plugin programs it anew',
      'find out whether this is a pod that is meant to have a sidecar: if istio-proxy is among its containers, look at the other back end and at nft list ruleset, too, before you conclude that its rules were never made',
      'if meshConfig and the proxy’s bootstrap do not name …, …',
      'delete the pod, and have one image program it: the same version of istio-init or the CNI plugin on every node',
      'if istio-init programs the pod, delete it;',
    ],
  },
  'src/words/en/headline.ts': {
    model: [
      'Mutual TLS, policy and telemetry are for what is captured, and this is not.',
      'Mutual TLS, policy and telemetry apply to it as they are configured.',
      'Whether mutual TLS, policy and telemetry apply depends on that.',
    ],
    shown: ['No mutual TLS, policy or telemetry of Istio applies to it in this pod.'],
  },
  'src/words/en/journey.ts': {
    shown: ['Envoy has the connection.'],
  },
  'src/words/en/kinds-seen.ts': {
    shown: [
      'No rules were read: this is a log of Istio’s CNI plugin, and it shows no rule and no error.',
      'No rules were read: this is Envoy’s access log, which tells what became of a connection that Envoy had.',
      'No rules were read: these are Envoy’s counters, which tell how many connections it had and what became of them.',
      'No rules were read: this is what kubectl get pods prints.',
      'No rules were read: this is what istioctl prints.',
      'With -o json its proxy-config tells all that Envoy was told, which is read here.',
      'No rules were read: this is what an Envoy answers when it has no answer from behind it, so that rules led the call to an Envoy;',
      'which of the two it was, its access log tells.',
      'No rules were read in this text: none of its lines is one that iptables, nft, ip or kubectl prints, so nothing is said of a pod.',
      'No rules were read: this is a log of Istio’s CNI plugin, and it tells of errors.',
      'says what Envoy does with a connection that it has;',
      'says which listeners and services Envoy is told of;',
      'gives the proxy and istio-init its environment, in which some variables shape rules, such as ISTIO_META_DNS_CAPTURE',
      'says which pods get a sidecar, or none, or ambient mode;',
      'holds what the injector starts from, where it is Istio’s own: interceptionMode and the ranges and ports that are captured, for pods that are made afterwards',
    ],
  },
  'src/words/en/kinds.ts': {
    engine: [
      'These are the rules of a node in ambient mode: they give the kubelet’s probes an address that the pods’ rules lead past ztunnel.…',
    ],
    found: [
      'These are the rules of a sidecar of Istio 1.0 to 1.4: what leaves over lo for another address was redirected whoever sent it, and no later release has that rule.',
    ],
    meant: [
      [
        'ambient-opt-in',
        'This namespace is put into ambient mode: ztunnel takes the traffic of its pods, but of those with a sidecar.',
      ],
      [
        'ambient-told-by-annotation',
        'This pod is in ambient mode: ztunnel takes its traffic, and there is no sidecar.',
      ],
      [
        'ambient-told-by-annotation',
        'One part of this text says that the pod is in ambient mode, another has the rules of a sidecar: they may be of two pods.',
      ],
      [
        'gateway-without-rules',
        'This is a gateway: no app stands behind its Envoy, and Istio gives it no rules.',
      ],
      [
        'machine-by-two-files',
        'This is a workload on a virtual machine, which sidecar.env sets up and no injector does.',
      ],
    ],
    shown: [
      'Nothing is compared with the rules of a sidecar',
      'What ztunnel does with the pod, istioctl ztunnel-config workloads shows',
      'A gateway, a pod in ambient mode and one with native nftables have no rules here',
      'No rules were read: this is what kubectl describe prints of a pod.',
      'what kubectl get pod POD -o yaml prints tells more of the pod',
      'No rules were read: this is what an Envoy was told.',
      'For the way to Envoy, too, run … in the pod and paste what they print beside it',
    ],
  },
  'src/words/en/lab.ts': {
    shown: [
      'In this text stand the rules of ambient mode, which bring connections to ztunnel, and those of a sidecar, which bring the same connections to Envoy.',
      'One side is of nftables, the other of iptables, and both are what Istio programs for the same options.',
      '… would differ if Istio had written both in iptables.',
      'Each has rules of its own, so what is compared is whether a proxy has a connection, and whom it reaches.',
      'What Envoy was told is smaller without its endpoints, as pilot-agent request GET config_dump prints it.',
    ],
    meant: [
      [
        'ambient-probes-from-the-node',
        'A probe of the kubelet goes over the rules of the node, and then over those of the pod.',
      ],
    ],
  },
  'src/words/en/links.ts': {
    shown: ['The link sets option "…", which Istio does not have.', 'inside Envoy, which cannot be chosen;'],
  },
  'src/words/en/manifests.ts': {
    meant: [
      [
        'ambient-annotations',
        '… shapes the rules of a sidecar, and this pod is meant for ambient mode, which does not read it: nothing is captured or left out for it',
      ],
      [
        'ambient-sidecar-wins',
        'this pod asks for ambient mode, and by … for a sidecar: with a sidecar it is left out of ambient mode',
      ],
      [
        'ztunnel-blocked-port',
        'this policy names the ports that may come in, and not …, by which pods of ambient mode and waypoints call one another: such calls time out',
      ],
      [
        'host-network',
        'this pod is marked for the mesh by …, and lives in its node’s network, where Istio leaves it alone: its connections go past the proxy',
      ],
      [
        'none-binds-ports',
        'the interception mode is NONE: no rule is programmed, and Envoy has only what is sent to it by itself',
      ],
    ],
    found: [
      'The app takes a port of ztunnel',
      'the app names port …, on which ztunnel listens in every pod of ambient mode: one of the two cannot',
      'A pod asks for ambient mode and for a sidecar',
      'A pod that is marked for the mesh runs without a sidecar',
      'The app takes a port of the sidecar',
      'The app runs as the user or group of the proxy',
      'An annotation that Istio does not have',
      'A variable that Istio does not have',
      'where it comes without a sidecar again, look at the injector’s webhook and its log',
      'this pod is marked for ambient mode by …, and the CNI plugin has not put it there: its connections go past ztunnel',
    ],
    shown: [
      'write … as a label, which is what the injector’s webhook selects by, and make the pod anew',
      'kubectl rollout restart',
      'look at the log of istio-cni on its node, then delete the pod, so that it is set up anew',
      'make the pod anew, with the whole template of the injector;',
    ],
  },
  'src/words/en/native-findings.ts': {
    found: [
      '… stands … rules that Istio asks …;',
      'The chain … of … is …, and Istio makes it of type … for the hook … at priority … with the policy …',
      '… sends what … to port …, where Envoy listens only if the mesh sets it so, instead of to …',
      'lets what matches it pass by Envoy',
    ],
    shown: [
      'if meshConfig and the proxy’s bootstrap do not name …, …',
      'delete the pod, and have one program set it up: istio-init or the CNI plugin, with global.nativeNftables on every node alike',
    ],
  },
  'src/words/en/pod-kinds.ts': {
    shown: ['a sidecar that is not native', 'a distroless proxy'],
  },
  'src/words/en/ports.ts': {
    meant: [
      [
        'inbound-source',
        "Takes what arrives, and dials the app: by default at the pod's address from 127.0.0.6 or ::6 (before 1.10 at 127.0.0.1).",
      ],
      [
        'app-by-pod-address',
        "Takes what arrives, and dials the app: by default at the pod's address from 127.0.0.6 or ::6 (before 1.10 at 127.0.0.1).",
      ],
      [
        'passthrough',
        'what matches no listener goes to PassthroughCluster (ALLOW_ANY) or BlackHoleCluster (REGISTRY_ONLY).',
      ],
      [
        'black-hole-closes',
        'what matches no listener goes to PassthroughCluster (ALLOW_ANY) or BlackHoleCluster (REGISTRY_ONLY).',
      ],
      ['debug-port', "pilot-agent's debug interface, from 1.11 to 1.24: it handed questions on to istiod."],
      ['agent-calls-istiod', 'xDS and CA over TLS: what pilot-agent dials.'],
      ['readiness-handed-on', 'Readiness: handed on to pilot-agent at 127.0.0.1:….'],
      ['metrics-from-the-admin', "Envoy's metrics: handed on to its admin interface at 127.0.0.1:…."],
    ],
    model: ['in ambient mode it is ztunnel that listens.'],
    history: [
      'Nobody listens: istio-validation dials it as the proxy before the app starts, and listens itself on 127.0.0.1 or ::1, at … and …, to see whether the rules bring the call back.',
    ],
  },
  'src/words/en/process-purposes.ts': {
    model: [
      'The proxy: takes captured connections on … and …, and dials on.',
      "Starts Envoy, speaks to istiod for it, and answers probes, metrics and the pod's DNS.",
    ],
  },
  'src/words/en/processes.ts': {
    facts: [['picks-an-endpoint', 'Envoy knows the Service … and picks an endpoint']],
    meant: [
      ['admin-interface', "Envoy's admin port answers."],
      ['metrics-from-the-admin', 'Envoy fetches its statistics from its admin port.'],
      ['readiness-handed-on', 'Envoy forwards the readiness probe to pilot-agent.'],
      ['strict-plain-text', 'Mutual TLS is STRICT, and no filter chain of Envoy takes plain text.'],
      ['black-hole-closes', 'Envoy knows no such Service, and REGISTRY_ONLY sends it to BlackHoleCluster.'],
      ['passthrough', 'Envoy knows no such Service and passes the connection on (PassthroughCluster).'],
      ['merged-metrics', 'pilot-agent collects the metrics of Envoy and of the app and answers with both.'],
      ['probe-at-the-pods-address', 'pilot-agent puts the … to the app.'],
      ['hooks-rewritten', 'pilot-agent puts the … to the app.'],
    ],
    model: [
      'Envoy answers….',
      'Envoy knows the Service …, which has no endpoint.',
      'Envoy takes the request in and hands it to the app.',
      'pilot-agent asks Envoy whether it is ready.',
      'pilot-agent knows of no port of the app.',
      'The Prometheus listener forwards to the admin port',
      'The health listener forwards to pilot-agent',
      "Envoy's own statistics say whether it has its configuration",
    ],
  },
  'src/words/en/reasons.ts': {
    shown: ["the packet's Envoy was not told", 'Envoy is …'],
  },
  'src/words/en/releases.ts': {
    facts: [['app-by-pod-address', "Envoy's inbound listener dials the app by the address of the pod"]],
  },
  'src/words/en/response-flags.ts': {
    meant: [
      ['flag-no-filter-chain', 'no filter chain, or no route, fits'],
      [
        'flag-no-cluster',
        'the cluster that was chosen is not there: nobody has told Envoy of it, or it is still being set up',
      ],
      [
        'flag-connect-failed',
        'Envoy could not connect to the endpoint: it refused, did not answer in time, or their TLS failed',
      ],
    ],
    model: [
      'Envoy has tried as often as it may',
      'what the client sent is no HTTP that Envoy takes',
      'No flag stands in the access log where whoever is dialled takes it.',
    ],
  },
  'src/words/en/ways.ts': {
    engine: ['Envoy gets them at port ………'],
    shown: ['All packets are not compared: what Envoy takes on one side ztunnel takes on the other.'],
    builder: [
      'Istio writes these rules into every pod of the setting, and of all packets that open a connection none matches them.',
    ],
  },
  'src/words/en/ztunnel/index.ts': {
    meant: [
      [
        'ztunnel-keeps-the-caller',
        "ztunnel ends the peer's tunnel and calls the app from the address of that peer.",
      ],
      [
        'ztunnel-keeps-the-caller',
        'ztunnel takes the plain text and calls the app from the address of the caller.',
      ],
      ['ambient-strict-closes', 'STRICT: ztunnel closes what comes in plain text.'],
      ['ztunnel-passes-on', 'ztunnel knows nobody at this address and goes on as it was dialled.'],
      [
        'ztunnel-asks-its-own-servers',
        "ztunnel does not know the name and asks the server of its own resolv.conf, not the pod's.",
      ],
    ],
    model: [
      'policy and telemetry apply as they are configured.',
      'On port … it has mutual TLS, and policy and telemetry apply to it as they are configured.',
      'ztunnel would call itself, and closes the connection.',
      'Nothing asks for a port of the app through the tunnel, so ztunnel closes it.',
      'ztunnel knows the pod at this address.',
      'ztunnel knows the name and answers itself.',
      'ztunnel knows the Service ….',
      'ztunnel knows no endpoint of … for this port and closes the connection.',
    ],
  },
};
