/** What iptables prints, of both back ends and both families, and what loads its modules. */
import type { ErrorForm } from './error-form.ts';
import { begins, digits, ends, quoted, rest, word, wording } from './wording.ts';

export const errorsOfIptables = {
  'right.missing': {
    program: 'iptables',
    meaning: 'cause',
    // libiptc/libiptc.c and iptables/nft.c, EPERM; iproute2 lib/libnetlink.c; nftables src/libnftables.c
    wordings: [
      wording`can't initialize ip6?tables table ${quoted('table')}: Permission denied`,
      wording`Could not fetch rule set generation id: (?:Permission denied|Operation not permitted)`,
      wording`Cannot initialize: Permission denied`,
      wording`Permission denied \(you must be root\)`,
      wording`Operation not permitted \(you must be root\)`,
      wording`RTNETLINK answers: (?:Operation not permitted|Permission denied)`,
      wording`(?:cache initialization failed|Could not process rule): Operation not permitted`,
      wording`reassociate to namespace ${quoted('name')} failed: Operation not permitted`,
      wording`could not insert ${quoted('name')}: Operation not permitted`,
    ],
  },
  'table.missing': {
    program: 'iptables',
    meaning: 'cause',
    // libiptc/libiptc.c, ENOENT and ENOPROTOOPT; iptables/xtables.c; iptables/xtables-save.c
    wordings: [
      wording`can't initialize ip6?tables table ${quoted('table')}: (?:Table does not exist|ip6?tables who)`,
      wording`Cannot initialize: (?:Table does not exist|ip6?tables who)`,
      wording`ip6?tables who\? \(do you need to insmod\?\)`,
      wording`[Tt]able ${quoted('table')} does not exist`,
    ],
  },
  'table.unusable': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/iptables-restore.c, which keeps the reason to itself; iptables/iptables.c
    wordings: [
      wording`unable to initialize table ${quoted('table')}`,
      wording`can't initialize ip6?tables table ${quoted('table')}: ${rest('reason')}`,
    ],
  },
  'kernel.no-nf-tables': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/nft.c and iptables/xtables-standalone.c: the netlink socket or its first answer fails
    wordings: [
      wording`Failed to initialize nft: ${rest('reason')}`,
      wording`Could not fetch rule set generation id: ${rest('reason')}`,
    ],
  },
  'lock.held': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/xshared.c, xtables_lock; Istio 1.17 tools/istio-iptables/pkg/dependencies/implementation_linux.go
    wordings: [
      wording`Another app is currently holding the xtables lock[.;] ?Stopped waiting after ${digits('seconds')}s`,
      wording`Another app is currently holding the xtables lock`,
      wording`Can't lock ${word('file')}: Resource temporarily unavailable`,
      wording`timed out trying to acquire XTables lock`,
    ],
  },
  'lock.no-file': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/xshared.c, xtables_lock
    wordings: [
      wording`Fatal: can't open lock file ${word('file')}: ${rest('reason')}`,
      wording`Can't lock ${word('file')}: ${rest('reason')}`,
    ],
  },
  'chain.exists': {
    program: 'iptables',
    meaning: 'cause',
    // libiptc/libiptc.c and iptables/nft.c, EEXIST
    wordings: [
      wording`line ${digits('line')} failed: Chain already exists`,
      wording`line ${digits('line')}: CHAIN_USER_ADD failed \(File exists\): chain ${word('chain')}`,
      wording`CHAIN_USER_ADD failed \(File exists\): chain ${word('chain')}`,
      wording`${begins}Chain already exists${ends}`,
      wording`error creating chain ${quoted('chain')}:\s?File exists`,
    ],
  },
  'chain.other-kind': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/nft.c, mnl_append_error; Linux net/netfilter/nf_tables_api.c, nf_tables_updchain
    wordings: [
      wording`line ${digits('line')}: CHAIN_ADD failed \(${rest('reason')}\): chain ${word('chain')}`,
      wording`CHAIN_ADD failed \((?<reason>[^()]{1,100})\): chain ${word('chain')}`,
    ],
  },
  'chain.in-use': {
    program: 'iptables',
    meaning: 'doubt',
    // libiptc/libiptc.c, EMLINK and ENOTEMPTY; iptables/nft.c, CHAIN_DEL and in older ones CHAIN_USER_DEL
    wordings: [
      wording`line ${digits('line')}: CHAIN_(?:USER_)?DEL failed \((?<reason>[^()]{1,100})\): chain ${word('chain')}`,
      wording`CHAIN_(?:USER_)?DEL failed \((?<reason>[^()]{1,100})\): chain ${word('chain')}`,
      wording`Can't delete chain with references left`,
      wording`${begins}(?:Too many links|Directory not empty|Chain is not empty)${ends}`,
    ],
  },
  'chain.missing': {
    program: 'iptables',
    meaning: 'cause',
    // libiptc/libiptc.c and iptables/nft.c, ENOENT
    wordings: [
      wording`line ${digits('line')} failed: No chain/target/match by that name`,
      wording`No chain/target/match by that name`,
      wording`line ${digits('line')} failed - no chain found`,
    ],
  },
  'chain.name-too-long': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/xshared.c, assert_valid_chain_name; 28 characters at most
    wordings: [
      wording`chain name ${quoted('chain')} too long`,
      wording`Invalid (?:chain|target) name ${quoted('chain')}`,
    ],
  },
  'target.unknown': {
    program: 'iptables',
    meaning: 'cause',
    // libxtables/xtables.c, xtables_find_target; iptables/nft.c, 1.8.7 and later
    wordings: [
      wording`Couldn't load target ${quoted('name')}`,
      wording`Can't find library for target ${quoted('name')}`,
      wording`${begins}Chain ${quoted('name')} does not exist`,
    ],
  },
  'match.unknown': {
    program: 'iptables',
    meaning: 'cause',
    // libxtables/xtables.c, xtables_find_match
    wordings: [
      wording`Couldn't load match ${quoted('name')}`,
      wording`Can't find library for match ${quoted('name')}`,
    ],
  },
  'rule.no-module': {
    program: 'iptables',
    meaning: 'cause',
    // libxtables/xtables.c, notice of a revision; iptables/nft.c, the kernel’s ENOENT for a rule
    wordings: [
      wording`Extension ${word('name')} (?:revision 0 )?(?:is )?not supported, missing kernel module`,
      wording`line ${digits('line')}: RULE_(?:APPEND|INSERT|REPLACE) failed \(No such file or directory\): rule in chain ${word('chain')}`,
      wording`RULE_(?:APPEND|INSERT|REPLACE) failed \(No such file or directory\): rule in chain ${word('chain')}`,
    ],
  },
  'rule.missing': {
    program: 'iptables',
    meaning: 'doubt',
    // libiptc/libiptc.c and iptables/nft.c: -D and -C of a rule that is not there
    wordings: [
      wording`line ${digits('line')} failed: Bad rule \(does a matching rule exist`,
      wording`Bad rule \(does a matching rule exist in that chain`,
      wording`line ${digits('line')}: RULE_DELETE failed \((?<reason>[^()]{1,100})\): rule in chain ${word('chain')}`,
      wording`RULE_DELETE failed \((?<reason>[^()]{1,100})\): rule in chain ${word('chain')}`,
      wording`Index of (?:deletion|insertion|replacement) too big`,
    ],
  },
  'rule.refused': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/nft.c, mnl_append_error; iptables/iptables-standalone.c: the kernel’s check of the rule
    wordings: [
      wording`line ${digits('line')}: RULE_(?:APPEND|INSERT|REPLACE) failed \((?<reason>[^()]{1,100})\): rule in chain ${word('chain')}`,
      wording`RULE_(?:APPEND|INSERT|REPLACE) failed \((?<reason>[^()]{1,100})\): rule in chain ${word('chain')}`,
      wording`Invalid argument\. Run .dmesg. for more information`,
      wording`TABLE_(?:ADD|FLUSH) failed \((?<reason>[^()]{1,100})\): table ${word('table')}`,
    ],
  },
  'argument.unknown': {
    program: 'iptables',
    meaning: 'cause',
    // iptables/xshared.c, command_default and do_parse; getopt of the C library
    wordings: [
      wording`Bad argument ${quoted('value')}`,
      wording`unknown option ${quoted('option')}`,
      wording`unrecognized option ${quoted('option')}`,
      wording`Unknown arg ${quoted('value')}`,
      wording`option ${quoted('option')} requires an argument`,
      wording`[Uu]nknown arguments found on commandline`,
      wording`multiple -${word('option')} flags not allowed`,
    ],
  },
  'address.invalid': {
    program: 'iptables',
    meaning: 'cause',
    // libxtables/xtables.c; Go net/ip.go and net/netip; linkerd2-proxy-init proxy-init/cmd/root.go
    wordings: [
      wording`host/network ${quoted('value')} not found`,
      wording`invalid mask ${quoted('value')} specified`,
      wording`invalid CIDR address: ${word('value')}`,
      wording`failed parsing cidr ${quoted('value')}`,
      wording`failed to parse CIDR ${word('value')}`,
      wording`netip\.ParsePrefix\(${quoted('value')}\)`,
      wording`${word('value')} is not a valid CIDR address`,
      wording`any valid (?:prefix|address) is expected rather than ${quoted('value')}`,
      wording`expected valid IPv4 loopback address in CIDR ${word('value')}`,
      wording`expected CIDR ${word('value')} to have mask in range`,
    ],
  },
  'port.invalid': {
    program: 'iptables',
    meaning: 'cause',
    // libxtables/xtables.c; Istio cni/pkg/plugin/sidecar_redirect.go; linkerd2-proxy-init pkg/util/portrange.go
    wordings: [
      wording`invalid port/service ${quoted('value')} specified`,
      wording`Port ${quoted('value')} not valid`,
      wording`failed parsing port ${quoted('value')}`,
      wording`portList ${quoted('value')} invalid`,
      wording`${quoted('value')} is not a valid (?:TCP port|lower-bound|upper-bound)`,
      wording`invalid port configuration of ${quoted('value')}`,
      wording`too many ports specified`,
    ],
  },
  'protocol.unknown': {
    program: 'iptables',
    meaning: 'cause',
    // libxtables/xtables.c, xtables_parse_protocol
    wordings: [wording`unknown protocol ${quoted('value')} specified`],
  },
  'owner.unknown': {
    program: 'iptables',
    meaning: 'cause',
    // extensions/libxt_owner.c, owner_parse_uid and owner_parse_gid
    wordings: [
      wording`owner: Bad value for ${quoted('option')} option: ${quoted('value')}`,
      wording`Bad value for ${quoted('option')} option: ${quoted('value')}`,
    ],
  },
  'set.missing': {
    program: 'iptables',
    meaning: 'cause',
    // extensions/libxt_set.h, get_set_byname
    wordings: [wording`${begins}Set ${word('name')} doesn't exist`],
  },
  'restore.cut-off': {
    program: 'iptables-restore',
    meaning: 'cause',
    // iptables/iptables-restore.c and iptables/xtables-restore.c
    wordings: [wording`COMMIT expected at line ${digits('line')}`],
  },
  'restore.unreadable': {
    program: 'iptables-restore',
    meaning: 'cause',
    // iptables/iptables-restore.c, iptables/xtables-restore.c and iptables/xshared.c, tokenize_rule_counters
    wordings: [
      wording`line ${digits('line')} table name ${quoted('table')} invalid`,
      wording`line ${digits('line')} (?:table name|chain name|policy) invalid`,
      wording`Bad line ${digits('line')}: need`,
      wording`Can't set policy ${quoted('value')} on ${quoted('chain')} line ${digits('line')}`,
      wording`invalid policy counters for chain ${quoted('chain')}`,
    ],
  },
  'restore.line-failed': {
    program: 'iptables-restore',
    meaning: 'cause',
    // iptables/iptables-restore.c, where the back end keeps the reason to itself
    wordings: [wording`${begins}line ${digits('line')} failed`],
  },
  'tables.legacy-too': {
    program: 'iptables-save',
    meaning: 'remark',
    // iptables/nft-shared.c, nft_check_xt_legacy
    wordings: [wording`Warning: ip6?tables-legacy tables present`],
  },
  'tables.of-nft': {
    program: 'iptables-save',
    meaning: 'doubt',
    // iptables/nft.c, nft_assert_table_compatible; iptables/xtables-save.c
    wordings: [
      wording`[Tt]able ${quoted('table')} is incompatible, use ${quoted('command')} tool`,
      wording`Table ${quoted('table')} contains incompatible base-chains`,
    ],
  },
  'module.not-loaded': {
    program: 'modprobe',
    meaning: 'doubt',
    // busybox modutils/modprobe.c; kmod tools/modprobe.c
    wordings: [
      wording`modprobe: can't change directory to ${quoted('file')}`,
      wording`modprobe: (?:FATAL: )?[Mm]odule ${word('name')} not found`,
      wording`could not insert ${quoted('name')}: ${rest('reason')}`,
      wording`modprobe: can't load module ${word('name')}`,
    ],
  },
  'restore.place': {
    program: 'iptables-restore',
    meaning: 'outcome',
    // iptables/xshared.c, xtables_exit_tryhelp
    wordings: [wording`Error occurred at line: ${digits('line')}`],
  },
  'tool.hint': {
    program: 'iptables',
    meaning: 'remark',
    // iptables/xshared.c, xtables_exit_tryhelp; libxtables/xtables.c, xtables_exit_error
    wordings: [
      wording`Perhaps ip6?tables(?:-restore|-save)? or your kernel needs to be upgraded`,
      wording`Try .ip6?tables[\w-]{0,20} -h' `,
    ],
  },
} as const satisfies Readonly<Record<string, ErrorForm>>;
