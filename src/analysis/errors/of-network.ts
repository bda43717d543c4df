/** What nft, ip, nsenter and the kernel itself print. */
import type { ErrorForm } from './error-form.ts';
import { begins, ends, quoted, rest, word, wording } from './wording.ts';

export const errorsOfNetwork = {
  'nft.no-json': {
    program: 'nft',
    meaning: 'cause',
    // nftables src/main.c; Istio 1.31 cni/pkg/nodeagent/detect_nft_json_linux.go
    wordings: [wording`JSON support not compiled-in`, wording`nft binary built without libjansson`],
  },
  'nft.not-installed': {
    program: 'istio-init',
    meaning: 'cause',
    // Istio tools/istio-nftables/pkg/capture/run.go; in its first releases the words of sigs.k8s.io/knftables
    wordings: [
      wording`nativeNftables is enabled, but the nft binary is missing ${rest('reason')}`,
      wording`could not find nftables binary: ${rest('reason')}`,
      wording`could not find nftables binary`,
    ],
  },
  'nft.syntax': {
    program: 'nft',
    meaning: 'cause',
    // nftables src/parser_bison.y
    wordings: [wording`Error: syntax error, unexpected ${rest('value')}`],
  },
  'nft.missing': {
    program: 'nft',
    meaning: 'doubt',
    // nftables src/cache.c and src/libnftables.c, the kernel’s ENOENT
    wordings: [
      wording`Error: No such file or directory; did you mean table ${quoted('table')}`,
      wording`Error: (?:Could not process rule: )?No such file or directory`,
    ],
  },
  'nft.exists': {
    program: 'nft',
    meaning: 'cause',
    // nftables src/libnftables.c, the kernel’s EEXIST
    wordings: [wording`Error: (?:Could not process rule: )?File exists`],
  },
  'nft.in-use': {
    program: 'nft',
    meaning: 'cause',
    // nftables src/libnftables.c, the kernel’s EBUSY
    wordings: [wording`Error: (?:Could not process rule: )?Device or resource busy`],
  },
  'nft.not-supported': {
    program: 'nft',
    meaning: 'cause',
    // nftables src/libnftables.c, the kernel’s EOPNOTSUPP and EINVAL; src/mnl.c
    wordings: [
      wording`Error: Could not process rule: (?<reason>Operation not supported|Invalid argument|Protocol not supported)`,
      wording`cache initialization failed: (?<reason>Protocol not supported|Invalid argument|Operation not supported)`,
      wording`Unable to initialize Netlink socket: ${rest('reason')}`,
    ],
  },
  'nft.no-file': {
    program: 'nft',
    meaning: 'cause',
    // nftables src/scanner.l
    wordings: [wording`Error: Could not open file ${quoted('file')}: ${rest('reason')}`],
  },
  'route.exists': {
    program: 'ip',
    meaning: 'remark',
    // iproute2 lib/libnetlink.c, EEXIST; Istio lets it pass, tools/common/tproxy/run_linux.go
    wordings: [
      wording`RTNETLINK answers: File exists`,
      wording`Error: ipv[46]: address already assigned`,
      wording`Error: ipv[46]: Address already assigned`,
    ],
  },
  'route.missing': {
    program: 'ip',
    meaning: 'doubt',
    // iproute2 lib/libnetlink.c, ESRCH and ENOENT
    wordings: [
      wording`RTNETLINK answers: (?<reason>No such process|No such file or directory|Cannot assign requested address)`,
      wording`Error: ipv[46]: FIB table does not exist`,
    ],
  },
  'kernel.conntrack-full': {
    program: 'kernel',
    meaning: 'cause',
    // Linux net/netfilter/nf_conntrack_core.c, __nf_conntrack_alloc; newer ones name the namespace
    wordings: [wording`nf_conntrack: table full(?: in netns \d{1,12})?, dropping packet`],
  },
  'kernel.martian': {
    program: 'kernel',
    meaning: 'doubt',
    // Linux net/ipv4/route.c, ip_handle_martian_source and ip_route_input_slow: only with log_martians
    wordings: [
      wording`martian (?:source|destination) [\d.]{7,15} from [\d.]{7,15}, (?:on )?dev ${word('device')}`,
    ],
  },
  'route.unreachable': {
    program: 'ip',
    meaning: 'cause',
    // iproute2 lib/libnetlink.c, ENETUNREACH and EHOSTUNREACH; Linux net/ipv4/fib_semantics.c
    wordings: [
      wording`RTNETLINK answers: (?<reason>Network is unreachable|No route to host)`,
      wording`Error: Nexthop has invalid gateway`,
    ],
  },
  'ip.refused': {
    program: 'ip',
    meaning: 'cause',
    // iproute2 lib/libnetlink.c
    wordings: [wording`RTNETLINK answers: ${rest('reason')}`],
  },
  'ipv6.off': {
    program: 'ip',
    meaning: 'cause',
    // Linux net/ipv6/addrconf.c and net/ipv6/route.c
    wordings: [
      wording`Error: ipv6: IPv6 is disabled on this device`,
      wording`Error: IPv6 is disabled on nexthop device`,
    ],
  },
  'device.missing': {
    program: 'ip',
    meaning: 'cause',
    // iproute2 lib/utils.c, nodev; Istio tools/common/tproxy/run_linux.go
    wordings: [
      wording`Cannot find device ${quoted('device')}`,
      wording`Device ${quoted('device')} does not exist`,
      wording`failed to find ${quoted('device')} link`,
    ],
  },
  'namespace.missing': {
    program: 'ip',
    meaning: 'cause',
    // iproute2 lib/namespace.c; util-linux sys-utils/nsenter.c; Istio cni/pkg/plugin/sidecar_iptables_linux.go
    wordings: [
      wording`Cannot open network namespace ${quoted('name')}`,
      wording`nsenter: cannot open ${word('file')}: No such file or directory`,
      wording`failed to open netns ${quoted('file')}`,
      wording`failed to find network namespace`,
    ],
  },
  'namespace.forbidden': {
    program: 'ip',
    meaning: 'cause',
    // util-linux sys-utils/nsenter.c
    wordings: [wording`nsenter: cannot open ${word('file')}: Permission denied`],
  },
  'ip.unknown-word': {
    program: 'ip',
    meaning: 'cause',
    // iproute2 ip/ip.c and lib/utils.c
    wordings: [
      wording`Object ${quoted('value')} is unknown, try ${quoted('command')}`,
      wording`Error: argument ${quoted('value')} is wrong: ${rest('reason')}`,
      wording`Error: either ${quoted('option')} is duplicate, or ${quoted('value')} is a garbage`,
    ],
  },
  'command.missing': {
    program: 'kubectl',
    meaning: 'cause',
    // Go os/exec; runc and containerd; busybox ash, dash and bash
    wordings: [
      wording`exec: ${quoted('command')}: executable file not found in \$PATH`,
      wording`exec: ${quoted('command')}: stat (?<file>[^\s:]{1,200}): no such file or directory`,
      wording`(?:ba|da|a|z)?sh: (?:line )?(?:\d{1,4}: )?${word('command')}: (?:command )?not found${ends}`,
      wording`${begins}${word('command')}: command not found${ends}`,
      wording`nsenter: failed to execute ${word('command')}: No such file or directory`,
    ],
  },
} as const satisfies Readonly<Record<string, ErrorForm>>;
