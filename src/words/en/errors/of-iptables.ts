/** The words for what iptables says. */
import type { ErrorCodesOf, ErrorLine } from '../../../analysis/index.ts';
import { inParts, type Part } from '../../parts.ts';
import { asTold, type ErrorWordsOf } from './error-words.ts';

const netadmin: Part = { code: 'kubectl debug --profile=netadmin' };
const legacy: Part = { code: 'iptables-legacy' };

/** Where iptables-restore stopped, of the lines that it was given. */
function at({ line }: ErrorLine): string {
  return line === undefined ? '' : ` in line ${line} of what iptables-restore was given`;
}

/** iptables-restore leaves nothing of a table behind, so that it can be run again. */
const nothingWritten = 'nothing of that table was written';

export const wordsOfIptables = {
  'right.missing': () => ({
    says: inParts`The kernel lets this program neither read nor write rules`,
    because: inParts`it lacks the capability NET_ADMIN in this network namespace, or is not root, as where a securityContext, or a policy that rewrites pods, takes that away; a policy that forbids it, as pod security does, lets no such pod in, and then nothing is logged`,
    fix: inParts`let Istio’s CNI plugin write the rules, or let istio-init have NET_ADMIN and NET_RAW; run a command of your own with ${netadmin}`,
    page: '/runbooks/setup-fails/',
  }),
  'table.missing': ({ table }) => ({
    says: inParts`The kernel does not have the table ${asTold(table, 'that was asked for')}`,
    because: inParts`the node has not loaded the kernel module of that table for this back end of iptables, and a container cannot load it`,
    fix: inParts`load the module on the node (iptable_nat and iptable_mangle for ${legacy}, nf_tables for the other), or use the back end that the node has`,
    page: '/runbooks/setup-fails/',
  }),
  'table.unusable': ({ table, reason }) => ({
    says: inParts`iptables cannot open the table ${asTold(table, 'that was asked for')}${reason === undefined ? '' : ` (${reason})`}, so ${nothingWritten}`,
    because: inParts`the container lacks NET_ADMIN, or the node has no kernel module for this back end of iptables; iptables-restore does not say which`,
    fix: inParts`look at the container’s capabilities first, then at the modules of the node (iptable_nat for ${legacy}); the CNI plugin needs no capability in the pod`,
    page: '/runbooks/setup-fails/',
  }),
  'kernel.no-nf-tables': ({ reason }) => ({
    says: inParts`The kernel does not answer iptables-nft${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`it has no nf_tables, or an older one than this iptables needs, as with a kernel before 3.13 or a sandbox like gVisor`,
    fix: inParts`load nf_tables on the node, or, from Istio 1.28 on, set FORCE_IPTABLES_BINARY to legacy where the node has the tables of ${legacy}`,
    page: '/runbooks/setup-fails/',
  }),
  'lock.held': ({ seconds }) => ({
    says: inParts`Another program was writing rules${seconds === undefined ? '' : ` for more than ${seconds} seconds`}, and this one did not wait longer`,
    because: inParts`iptables-legacy locks a file while it works, and all who share that file wait for each other, such as kube-proxy and a network plugin`,
    fix: inParts`let it be tried again: a failed istio-init is started anew, and the CNI plugin called again; if it comes back, find out which program holds the lock for so long`,
    page: '/runbooks/setup-fails/',
  }),
  'lock.no-file': ({ file, reason }) => ({
    says: inParts`iptables cannot open its lock file ${asTold(file, '/run/xtables.lock')}${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`the file system is read-only, the folder is not there, or the program is not root`,
    fix: inParts`mount a folder that can be written at /run, or run it as root; iptables-nft needs no lock file`,
    page: '/runbooks/setup-fails/',
  }),
  'chain.exists': (line) => ({
    says: inParts`A chain that was to be made is there already${line.chain === undefined ? '' : inParts` (${asTold(line.chain, '')})`}${at(line)}, so ${nothingWritten}`,
    because: inParts`rules were written before in the same network namespace, as by an earlier run of istio-init`,
    fix: inParts`save the rules and paste them here: if they are complete, nothing is to be done; if not, see who wrote first, and let one alone write`,
    page: '/runbooks/setup-fails/',
  }),
  'chain.other-kind': ({ chain, reason }) => ({
    says: inParts`The kernel does not let iptables make the chain ${asTold(chain, 'of a table')}${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`a chain of that name is there, made by nft or another program with another type, hook or priority, or an old kernel lets one back end alone have nat`,
    fix: inParts`look with nft list ruleset at who made it, and let that program use a table of another name or iptables itself`,
    page: '/learn/iptables/',
  }),
  'chain.in-use': ({ chain, reason }) => ({
    says: inParts`The chain ${asTold(chain, 'that was to be taken away')} could not be taken away${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`it still has rules, or a rule still jumps to it`,
    fix: inParts`leave it if it was printed while Istio cleaned up before it wrote anew; otherwise paste the saved rules here to see what jumps to it`,
    page: '/learn/iptables/',
  }),
  'chain.missing': (line) => ({
    says: inParts`A rule names a chain, a target or a match that is not there${at(line)}`,
    because: inParts`the chain was not made before, or the kernel has no module for the match or the target`,
    fix: inParts`look at the rule itself: if its chain is Istio’s, the run before it has failed; otherwise load the module on the node, such as xt_owner or xt_REDIRECT`,
    page: '/runbooks/setup-fails/',
  }),
  'chain.name-too-long': ({ chain }) => ({
    says: inParts`The name ${asTold(chain, 'of a chain')} is longer than iptables allows`,
    because: inParts`a chain’s name has 28 characters at most`,
    fix: inParts`give the chain a shorter name; none of Istio’s is so long, so the rule is of somebody else`,
    page: '/learn/iptables/',
  }),
  'target.unknown': ({ name }) => ({
    says: inParts`A rule jumps to ${asTold(name, 'a target')}, which is neither a chain of that table nor a target that this iptables knows`,
    because: inParts`the chain was not made before, or the image lacks the library of a target without options`,
    fix: inParts`look further above for the line in which the chain could not be made; if there is none, use Istio’s own image for istio-init`,
    page: '/runbooks/setup-fails/',
  }),
  'match.unknown': ({ name }) => ({
    says: inParts`This iptables does not know the match ${asTold(name, 'of a rule')}`,
    because: inParts`the image lacks the library of that match`,
    fix: inParts`use an image that has iptables with its extensions, as Istio’s proxyv2 has`,
    page: '/runbooks/setup-fails/',
  }),
  'rule.no-module': ({ name, chain }) => ({
    says: inParts`The kernel has no module for ${name === undefined ? 'a match or target of a rule' : inParts`${asTold(name, '')}`}${chain === undefined ? '' : inParts` in ${asTold(chain, '')}`}`,
    because: inParts`the node’s kernel was built without it, or it is not loaded and a container cannot load it`,
    fix: inParts`load it on the node, such as xt_owner, xt_REDIRECT, xt_TPROXY or xt_conntrack, and see that it is loaded after a reboot`,
    page: '/runbooks/setup-fails/',
  }),
  'rule.missing': () => ({
    says: inParts`A rule that was to be deleted, or only looked for, is not there`,
    because: inParts`it was never written, is written in another way, or stands in the other back end of iptables`,
    fix: inParts`leave it where Istio printed it, because it looks for rules before it writes them; for a command of your own compare with ${{ code: 'iptables-save' }}`,
    page: '/learn/iptables/',
  }),
  'rule.refused': (line) => ({
    says: inParts`The kernel does not take a rule${line.chain === undefined ? '' : inParts` in ${asTold(line.chain, '')}`}${at(line)}${line.reason === undefined ? '' : ` (${line.reason})`}`,
    because: inParts`a match or a target is not allowed in that table or hook, such as owner in PREROUTING, REDIRECT outside of nat, or TPROXY outside of mangle; or the kernel lacks it`,
    fix: inParts`compare the rule with Istio’s, and ask the node’s dmesg, where the kernel says why`,
    page: '/learn/iptables/',
  }),
  'argument.unknown': ({ value, option }) => ({
    says: inParts`iptables does not understand ${asTold(option ?? value, 'an argument')}`,
    because: inParts`an option’s value holds a space, a match stands without its -m or -p, the image lacks the library of a target, or this iptables is older than who writes the rules`,
    fix: inParts`look for spaces in what the pod’s annotations and proxyMetadata hold, then at the image’s iptables`,
    page: '/options/outbound/',
  }),
  'address.invalid': ({ value }) => ({
    says: inParts`${asTold(value, 'A range of addresses')} is no address or range that can be used here`,
    because: inParts`it has no length or a wrong one, a space, a name instead of an address, or is of the other IP family`,
    fix: inParts`write ranges as 10.96.0.0/12, with commas and no spaces, in the annotation or option that names it`,
    page: '/options/addresses/',
  }),
  'port.invalid': ({ value }) => ({
    says: inParts`${asTold(value, 'A port')} is no port that can be used here`,
    because: inParts`it is no number from 0 to 65535, or the list holds a space, a name or an empty entry`,
    fix: inParts`write ports as 3306,6379, with commas and no spaces, in the annotation or option that names it`,
    page: '/options/inbound/',
  }),
  'protocol.unknown': ({ value }) => ({
    says: inParts`${asTold(value, 'A protocol')} is no protocol that iptables knows`,
    because: inParts`it is misspelt, or the image has no /etc/protocols`,
    fix: inParts`write the protocol’s number instead of its name; Istio writes none but tcp and udp`,
    page: '/learn/iptables/',
  }),
  'owner.unknown': ({ option, value }) => ({
    says: inParts`${asTold(value, 'A value')} is no user or group for ${asTold(option, 'the owner match')}`,
    because: inParts`the container has no user or group of that name, which Istio hands on as an option has it`,
    fix: inParts`write the number of the user or group in the option that names it`,
    page: '/learn/owner/',
  }),
  'set.missing': ({ name }) => ({
    says: inParts`A rule asks the set ${asTold(name, 'of ipset')}, which is not there`,
    because: inParts`sets belong to a network namespace, and have to be made before the rule`,
    fix: inParts`see that its owner is running on this node, such as istio-cni-node for Istio’s own set in ambient mode`,
    page: '/runbooks/rules-missing/',
  }),
  'restore.cut-off': ({ line }) => ({
    says: inParts`What iptables-restore was given ends${line === undefined ? '' : ` in line ${line}`} without a COMMIT`,
    because: inParts`the text was cut off, so that its last table was not written`,
    fix: inParts`give it the whole text; if it was copied from a log, take the lines up to COMMIT`,
    page: '/learn/iptables/',
  }),
  'restore.unreadable': (line) => ({
    says: inParts`iptables-restore cannot read the head of a table or chain${at(line)}`,
    because: inParts`a table’s name, a chain’s policy or its counters are not as iptables-save prints them`,
    fix: inParts`compare that line with what iptables-save prints: *nat, then :OUTPUT ACCEPT [0:0]`,
    page: '/learn/iptables/',
  }),
  'restore.line-failed': (line) => ({
    says: inParts`iptables-restore gave up${at(line)}, so ${nothingWritten}`,
    because: inParts`iptables-legacy does not say why: a chain is there already or is missing, or, where that line is COMMIT, the kernel did not take a rule before it`,
    fix: inParts`look at that line of the input; if it makes a chain, save the rules and see whether they are there already`,
    page: '/runbooks/setup-fails/',
  }),
  'tables.legacy-too': () => ({
    says: inParts`The tables of iptables-legacy are there, too`,
    because: inParts`some program has once used iptables-legacy in this network namespace; empty tables are enough for this remark`,
    fix: inParts`paste the output of ${{ code: 'iptables-legacy-save' }} with it, because the kernel asks both`,
    page: '/runbooks/setup-fails/',
  }),
  'tables.of-nft': ({ table }) => ({
    says: inParts`The table ${asTold(table, '')} holds what iptables cannot show`,
    because: inParts`nft or another program wrote into it in its own form, so that this dump is not all`,
    fix: inParts`paste the output of nft list ruleset with it`,
    page: '/reference/limits/',
  }),
  'module.not-loaded': ({ name, file }) => ({
    says: inParts`A kernel module${name === undefined ? '' : inParts`, ${asTold(name, '')},`} could not be loaded${file === undefined ? '' : inParts` from ${asTold(file, '')}`}`,
    because: inParts`a container sees neither the node’s modules nor may it load them`,
    fix: inParts`leave it if the rules are there; otherwise load the module on the node`,
    page: '/runbooks/setup-fails/',
  }),
  'restore.place': ({ line }) => ({
    says: inParts`iptables-restore gave up in line ${asTold(line, '')} of what it was given`,
    because: inParts`the reason stands in the line before this one`,
    fix: inParts`paste the lines before it, too`,
    page: '/runbooks/setup-fails/',
  }),
  'tool.hint': () => ({
    says: inParts`iptables adds a hint that belongs to the error before it`,
    because: inParts`it prints this after every error of that kind`,
    fix: inParts`look at the line before it`,
    page: '/learn/iptables/',
  }),
} as const satisfies Readonly<Record<ErrorCodesOf['iptables'], ErrorWordsOf>>;
