/** What is said of options and YAML. What holds each. */
import type { Held } from './kinds.ts';

export const optionsHeld: Held = {
  'src/words/en/option-purposes.ts': {
    facts: [['servers-of-the-pod', 'istio-init reads them from /etc/resolv.conf in the pod']],
    meant: [
      [
        'names-of-the-mesh',
        "DNS queries of the app go to pilot-agent, which answers for the mesh's hosts itself.",
      ],
      [
        'all-addresses',
        'Istio looks at all addresses of the pod to find out whether there is IPv6, and not only at the first.',
      ],
      ['cni-programs', "Istio's CNI plugin programs the pod from the node, and no init container does."],
      [
        'all-addresses',
        "istio-init looks at the pod's first address, or at all of them with ISTIO_DUAL_STACK.",
      ],
    ],
    engine: [
      'The users that count as the proxy: what they send is not captured.',
      'The groups that count as the proxy: what they send is not captured.',
      'How what arrives is handed to Envoy:',
      'The mark on packets that TPROXY sends to Envoy;',
      'Keeps the DNS queries of the app and of pilot-agent apart in conntrack.',
      'The injector writes it;',
      'The CNI plugin turns it on by itself.',
    ],
  },
  'src/words/en/options.ts': {
    facts: [
      ['excluding-all-ranges', 'Istio stops here: "invalid value for OUTBOUND_IP_RANGES_EXCLUDE"'],
      ['ranges-have-a-length', 'There is a blank in it: the injector refuses the annotation'],
      ['range-stops-it', 'istio-init by itself stops at such a range since 1.27'],
      [
        'modes-of-the-plugin',
        'The CNI plugin knows only REDIRECT and TPROXY in the annotation, and refuses the pod',
      ],
      [
        'loopback-range',
        'Istio wants an IPv4 loopback address with a length from 8 to 32, and stops at anything else',
      ],
      [
        'modes-of-the-annotation',
        'The injector takes REDIRECT, TPROXY or NONE in the annotation sidecar.istio.io/interceptionMode, and refuses the pod',
      ],
    ],
    meant: [
      ['range-stops-it', 'istio-init by itself stops at such a range since 1.27, and left it out before.'],
      ['range-left-out', 'istio-init by itself stops at such a range since 1.27, and left it out before.'],
      [
        'interface-names',
        'Since 1.30 the injector and the CNI plugin refuse it, and with it the pod: a name begins with a letter, and letters, digits, "_", ".',
      ],
      ['numbers-of-tproxy', 'Istio reads … as a decimal number and stops at anything else;'],
      [
        'ports-are-numbers',
        'A port is a decimal number: the injector refuses anything else, names of services too.',
      ],
      ['ranges-have-a-length', 'It is no range: the injector refuses the annotation.'],
      [
        'all-addresses',
        'It changes no rule by itself: with it Istio looks at all addresses of the pod and not only at the first, to find out whether there is IPv6.',
      ],
      ['mark-of-envoy', 'Envoy marks what it sends to the app with …, whatever is set here.'],
      ['machine-user-in-rules', 'Istio takes the uid of the user istio-proxy, which is 1337.'],
      ['init-takes-the-user', 'Istio takes the same number as for the uid.'],
      ['ports-are-numbers', 'Istio takes no range of ports: the injector refuses the annotation.'],
      ['owner-groups-limit', 'Istio takes at most … included groups, since they all go into one rule;'],
      [
        'owner-groups-limit',
        'Istio lets … groups pass, but iptables-restore reads at most 255 words in a line, and all included groups go into one: more than … are refused.',
      ],
      ['cni-own-environment', 'the CNI plugin reads it from its own environment and not from the pod.'],
      [
        'cni-captures-all-dns',
        'the CNI plugin captures the DNS of all servers where … is on, and none otherwise.',
      ],
      ['fixed-with-the-plugin', 'the CNI plugin has its own value for it.'],
      [
        'cni-captures-all-dns',
        'the CNI plugin does not read resolv.conf: it captures the DNS of all servers or none.',
      ],
    ],
    builder: [
      '"*" means all only where it stands alone: beside groups Istio would write --gid-owner *, which iptables refuses.',
      'Istio would write --gid-owner *, which iptables refuses.',
      '"*" means all only where it stands alone: beside ports Istio would write --dport *, which iptables refuses.',
      'the injector refuses it in an annotation.',
      'With a loopback range Istio leaves out the rules that return what processes of the pod say to each other over lo, in both families.',
      'Istio marks what the proxy sends to its own pod with 1338: with the same number here the two are taken for each other.',
      'The pod has no IPv6, so Istio writes no IPv6 rules.',
      'Istio takes the servers from resolv.conf as they stand, and iptables refuses the rule.',
      'Istio would write --dport *, which iptables refuses.',
      'Istio writes ISTIO_OUTPUT -j RETURN, and nothing that leaves is captured.',
      'Without DNS servers and without … Istio writes the rules around DNS capture, and none that captures.',
      'Without DNS servers and without … Istio captures no DNS at all.',
      'IPv6 has no rule for table 0: the kernel refuses it, and istio-init stops.',
      'Istio heeds it only where … is on.',
      'Istio heeds it only where … is "*"….',
      'Istio hands the name on, and iptables looks it up in the image of the init container;',
      'Every process of root counts as the proxy then: nothing that root sends is captured.',
      "Write '1337', also where the proxy runs as root in TPROXY mode: its gid 1337 is enough to know it by.",
      'Istio inserts a rule at a place that its chain does not have yet, and nft then takes none of the rules: the pod does not start.',
      'Istio jumps to a chain that it does not make with these DNS servers, and nft then takes none of the rules: the pod does not start.',
    ],
    history: ['the CNI plugin of Istio … does not know it: it came with ….'],
  },
  'src/words/en/yaml.ts': {
    facts: [
      [
        'values-by-their-types',
        'The injector refuses all values where a text stands in the place of true or false',
      ],
      ['switch-else-false', 'Istio expects true or false here and takes anything else for false'],
    ],
    meant: [
      ['unknown-annotation', 'Istio has no annotation of this name, so it has no effect.'],
      ['injection-off', 'The pod gets no sidecar, so it has none of these rules.'],
      [
        'host-network',
        "The injector leaves pods in the node's network alone: the pod has no sidecar and no rules.",
      ],
      [
        'first-address',
        'Istio looks at the first address only, which is IPv4, and writes no IPv6 rules: what the pod sends and gets by IPv6 goes past Envoy.',
      ],
      [
        'argument-before-variable',
        'The injector gives istio-init the argument … in every pod, and an argument wins over a variable: it has no effect.',
      ],
      [
        'ambient-sidecar-wins',
        'The pods of this namespace are in ambient mode, but for those with a sidecar: ztunnel takes the traffic, and its rules are other ones than a sidecar’s.',
      ],
    ],
    history: [
      'No release of Istio reads it, although its list of annotations has the name: it has no effect.',
      'istio-init has …: the annotation was changed after the injection and has no effect.',
      'istio-proxy with "proxy …"',
      'It is no sidecar: nobody programs rules into such a pod, and nothing in it is captured.',
      "It is read from the proxy's environment, and not from the app's.",
      'Variables of the proxy are read from proxyMetadata only.',
      'Istio knows no variable of this name that shapes the rules.',
      'Istio refuses the whole ProxyConfig.',
      'It belongs to the configuration of proxies, and the mesh has no such field.',
      'This pod is in ambient mode: ztunnel takes the traffic, and its rules are other ones than a sidecar’s.',
      'Expected the values of the Helm chart istiod, or an IstioOperator.',
      "It is a variable of the proxy's environment, and nobody reads it from an annotation.",
    ],
    shown: [
      'istioctl version tells it.',
      'kubectl refuses anything else.',
      'Paste what helm get values istiod -n istio-system prints.',
      'Paste what kubectl get pod POD -o yaml prints.',
    ],
  },
};
