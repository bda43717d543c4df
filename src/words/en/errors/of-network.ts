/** The words for what nft, ip and nsenter say. */
import type { ErrorCodesOf } from '../../../analysis/index.ts';
import { code, inParts, type Part } from '../../parts.ts';
import { asTold, type ErrorWordsOf } from './error-words.ts';

const debug: Part = {
  code: 'kubectl debug -it POD --image=registry.istio.io/release/proxyv2:RELEASE --profile=netadmin -- sh',
};

export const wordsOfNetwork = {
  'nft.no-json': () => ({
    says: inParts`This nft was built without JSON`,
    because: inParts`the agent of the CNI plugin reads sets as JSON; Istio 1.29.4, 1.30.1 and newer ones write with iptables then, and older ones try forever`,
    fix: inParts`use an nft with libjansson, or set global.nativeNftables to false so that Istio writes with iptables`,
    page: '/reference/limits/',
  }),
  'nft.not-installed': () => ({
    says: inParts`Istio is to write with nft, and there is no program nft`,
    because: inParts`native nftables is on; the CNI plugin needs nft on the node itself, istio-init in its image`,
    fix: inParts`install nft there, or set global.nativeNftables to false`,
    page: '/options/setup/',
  }),
  'nft.syntax': ({ value }) => ({
    says: inParts`nft cannot read what it was given: ${asTold(value, 'a word')} was not expected there`,
    because: inParts`the text was cut off, has a slip, or uses words that this release of nft does not know`,
    fix: inParts`look at the line and the mark that nft prints below it`,
    page: '/reference/limits/',
  }),
  'nft.missing': ({ table }) => ({
    says: inParts`nft does not find the table, chain or set that was named${table === undefined ? '' : inParts`, but has ${asTold(table, '')}`}`,
    because: inParts`it is not there, is of another family, or stands in another network namespace`,
    fix: inParts`look at all that there is with nft list ruleset, in the pod itself`,
    page: '/runbooks/rules-missing/',
  }),
  'nft.exists': () => ({
    says: inParts`What nft was to make is there already`,
    because: inParts`the rules were written before in the same network namespace`,
    fix: inParts`look with nft list ruleset whether it is all there`,
    page: '/runbooks/rules-missing/',
  }),
  'nft.in-use': () => ({
    says: inParts`The kernel does not let nft take away a chain, a set or a table that is in use`,
    because: inParts`a rule still jumps to the chain or asks the set`,
    fix: inParts`look with nft list ruleset at what uses it`,
    page: '/reference/limits/',
  }),
  'nft.not-supported': ({ reason }) => ({
    says: inParts`The kernel does not do what nft asks${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`it lacks a part of nf_tables, such as nft_redir or nft_tproxy, or a chain of that name is of another kind`,
    fix: inParts`load the modules of nf_tables on the node, or let Istio write with iptables`,
    page: '/reference/limits/',
  }),
  'nft.no-file': ({ file }) => ({
    says: inParts`nft cannot open the file ${asTold(file, 'that it was given')}`,
    because: inParts`it is not there in the container or on the node where nft runs`,
    fix: inParts`see that the path is right where the command runs`,
    page: '/reference/limits/',
  }),
  'route.exists': () => ({
    says: inParts`The route, rule or address is there already`,
    because: inParts`it was added before; Istio lets this pass`,
    fix: inParts`leave it; paste ip rule and ip route show table 133 to see that they are as TPROXY needs them`,
    page: '/options/mode/',
  }),
  'route.missing': () => ({
    says: inParts`The route, rule, address or routing table is not there`,
    because: inParts`it was not added, or was taken away before`,
    fix: inParts`leave it where something was only to be taken away; where TPROXY is used, paste ip rule and ip route show table 133`,
    page: '/options/mode/',
  }),
  'kernel.conntrack-full': () => ({
    says: inParts`The kernel has no room for another connection, and drops the packet that would open it`,
    because: inParts`there are as many entries of conntrack as it may have, so new connections hang until old entries end; those that are open go on`,
    fix: inParts`compare ${code('sysctl net.netfilter.nf_conntrack_count')} with ${code('sysctl net.netfilter.nf_conntrack_max')} on the node, find out who opens so many connections, and raise the second one there`,
    page: '/runbooks/connection-hangs/',
  }),
  'kernel.martian': ({ device }) => ({
    says: inParts`The kernel dropped a packet that came over ${asTold(device, 'an interface')} and, by its routes, could not have come that way`,
    because: inParts`its source is an address of this host or of loopback, its destination is one of loopback, or the way back to its source leads over another interface, which ${code('rp_filter')} does not allow`,
    fix: inParts`compare both addresses with ${code('ip address')} and ${code('ip route get')} in the same network namespace; the one behind “from” is the source`,
    page: '/runbooks/connection-hangs/',
  }),
  'route.unreachable': () => ({
    says: inParts`There is no route to that address`,
    because: inParts`the gateway is in no network of the pod, as where the interface is down or has no address yet`,
    fix: inParts`paste ip address and ip route of the pod`,
    page: '/options/interfaces/',
  }),
  'ip.refused': ({ reason }) => ({
    says: inParts`The kernel does not take what ip asks${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`a part of it is not possible on this interface or in this kernel, such as IPv6 or rules with a mark`,
    fix: inParts`look at the command, and paste ip rule, ip route and ip address of the pod`,
    page: '/options/mode/',
  }),
  'ipv6.off': () => ({
    says: inParts`IPv6 is switched off in this pod`,
    because: inParts`net.ipv6.conf.all.disable_ipv6 is 1, or the cluster has IPv4 alone`,
    fix: inParts`leave it in a cluster of IPv4 alone; otherwise see that the pod may use IPv6`,
    page: '/runbooks/ipv6-bypasses-envoy/',
  }),
  'device.missing': ({ device }) => ({
    says: inParts`There is no interface ${asTold(device, 'of that name')}`,
    because: inParts`the name is misspelt, or the command runs in another network namespace`,
    fix: inParts`paste ip address of the pod to see what its interfaces are called`,
    page: '/options/interfaces/',
  }),
  'namespace.missing': ({ name, file }) => ({
    says: inParts`The network namespace ${asTold(name ?? file, 'of the pod')} is not there`,
    because: inParts`the pod or its process has ended meanwhile, or the command runs on another node`,
    fix: inParts`look on which node the pod is, and take the process number of one that runs now`,
    page: '/runbooks/rules-missing/',
  }),
  'namespace.forbidden': () => ({
    says: inParts`nsenter may not enter that network namespace`,
    because: inParts`it does not run as root on the node`,
    fix: inParts`run it as root on the node, or look from inside the pod with ${debug}`,
    page: '/runbooks/rules-missing/',
  }),
  'ip.unknown-word': ({ value }) => ({
    says: inParts`ip does not understand ${asTold(value, 'a word of the command')}`,
    because: inParts`it is misspelt, or this ip is an older one, or busybox’s, which knows less`,
    fix: inParts`use an image with iproute2, such as nicolaka/netshoot`,
    page: '/lab/',
  }),
  'command.missing': ({ command }) => ({
    says: inParts`The container has no program ${asTold(command, 'of that name')}`,
    because: inParts`its image brings little, as distroless images do`,
    fix: inParts`run it in a container with the tools: ${debug}`,
    page: '/runbooks/rules-missing/',
  }),
} as const satisfies Readonly<Record<ErrorCodesOf['network'], ErrorWordsOf>>;
