/**
 * What is said of a text that cannot be read: what was found, what was expected, and how to fix it.
 */
import {
  type CutOff,
  type Problem,
  type ProblemCode,
  type SimpleValueName,
  tableNames,
  type ValueName,
} from '../../netfilter/index.ts';

export interface ProblemWords {
  readonly found: string;
  readonly expected: string;
  /** A sentence or two, with a full stop. */
  readonly fix: string;
}

/** The words of a problem: found `match "lenght"`, expected `a match that Sidetrack knows`, and how to fix it. */
export function problemWords(problem: Problem): ProblemWords {
  const words = problems[problem.code] as (problem: Problem) => ProblemWords;
  return words(problem);
}

type Wording = {
  readonly [Code in ProblemCode]: (problem: Problem & { readonly code: Code }) => ProblemWords;
};

const keptAsText = 'The rule is kept as text.';
const passedOver = 'The line was passed over.';
const wholeLine = ({ text }: Problem): string => quoted(text.trim());

const problems: Wording = {
  'text too long': ({ length, most }) => ({
    found: `a text of ${Math.ceil(megabytes(length))} MB`,
    expected: `at most ${megabytes(most)} MB`,
    fix: 'Cut it down to the tables in question: iptables-save -t nat',
  }),

  'rule too long': ({ words, most }) => ({
    found: `a rule of ${words} words`,
    expected: `at most ${most} words`,
    fix: 'Make several rules of it. Its place in the chain is kept, and what it does is not known.',
  }),
  'too many of lists': ({ rules, most }) => ({
    found: `lists of addresses that make ${rules} rules`,
    expected: `at most ${most.line} rules from a line, and ${most.text} from all lists of a text`,
    fix: 'Put the addresses into a set (-m set), or paste what iptables-save prints.',
  }),
  'too many passed': () => ({
    found: 'a command that goes through a long chain, after many others that did',
    expected: 'commands that go past 320 million rules in all, or past 20 million chains',
    fix: 'Paste what iptables-save prints after the commands, in their place.',
  }),
  'line unknown': (problem) => ({
    found: wholeLine(problem),
    expected:
      'a line of iptables-save, such as "*nat", ":OUTPUT ACCEPT [0:0]", "-A OUTPUT -j ACCEPT" or "COMMIT"',
    fix: 'Remove the line, or put a # before it.',
  }),
  'line goes on': ({ word }) => ({
    found: quoted(word),
    expected: 'the end of the line',
    fix: 'Remove it; the rest of the line was read.',
  }),
  'line cut off': ({ behind }) => cutOff(behind),
  'counters unreadable': ({ counters, option }) =>
    option === null
      ? {
          found: quoted(counters),
          expected: 'counters such as [0:0]',
          fix: 'Write [packets:bytes], or leave them out.',
        }
      : {
          found: `${quoted(counters)} for ${option}`,
          expected: valueWords('counters'),
          fix: `Write "${option} 0 0".`,
        },
  'command missing': (problem) => ({
    found: wholeLine(problem),
    expected: 'a command with a chain: -A, -I, -N, -P, -D, -R, -F or -X',
    fix: 'Write "-A CHAIN conditions -j TARGET".',
  }),
  'command without chain': (problem) => ({
    found: wholeLine(problem),
    expected: `a chain behind ${problem.command}`,
    fix: `Write "${problem.command} CHAIN …".`,
  }),
  'command without effect': (problem) => ({
    found: wholeLine(problem),
    expected: 'a command that makes rules or chains, or takes them away: -A, -I, -N, -P, -D, -R, -F or -X',
    fix: ['-C', '-L', '-S'].includes(problem.command)
      ? `Remove the line; ${problem.command} changes nothing.`
      : 'Write what the ruleset is in the end.',
  }),

  'table unknown': ({ table, meant, readAs }) => ({
    found: `table ${quoted(table)}`,
    expected: `one of the tables of Linux: ${tableNames.join(', ')}`,
    fix: `${didYouMean(meant)}The rules behind it are read as those of table ${readAs}.`,
  }),
  'chain unknown': ({ chain, table, meant }) => ({
    found: `chain ${quoted(chain)}`,
    expected: `a chain of table ${table}`,
    fix: `${didYouMean(meant)}${passedOver}`,
  }),
  'chain name not allowed': ({ chain }) => ({
    found: chain === '' ? 'no chain name' : `chain name ${quoted(chain)}`,
    expected:
      'a chain name of 1 to 28 characters, without blanks and quotes, that does not begin with - or !',
    fix: 'Rename the chain; the kernel takes no other.',
  }),
  'chain not empty': ({ chain, rules }) => notRemoved(chain, `which has ${rulesWords(rules)}`),
  'chain built in': ({ chain }) => notRemoved(chain, 'which is built in'),
  'chain used before it was made': ({ chain, table }) => ({
    found: `a rule for chain ${quoted(chain)}, which table ${table} does not have`,
    expected: 'the chain to be made before its first rule',
    fix: `Add ":${chain} - [0:0]" below "*${table}"; here the chain was made.`,
  }),
  'chains in a loop': ({ from, to }) => ({
    found: `a loop of chains: ${quoted(from)} comes back to itself by ${quoted(to)}`,
    expected: 'chains that do not lead back to themselves; the kernel refuses such rules',
    fix: `Take the jump to ${quoted(to)} out of chain ${quoted(from)}. Where it is met, the engine cannot tell.`,
  }),
  'policy not allowed': ({ policy, chain, isBuiltIn }) => ({
    found: `policy ${quoted(policy)} for chain ${quoted(chain)}`,
    expected: isBuiltIn ? 'ACCEPT or DROP' : '-, because only built-in chains have a policy',
    fix: `Write ":${chain} ${isBuiltIn ? 'ACCEPT' : '-'} [0:0]".`,
  }),
  'position not there': ({ position, chain, rules, inserts }) => ({
    found: `position ${inserts ? position : quoted(position)} in chain ${quoted(chain)}, which has ${rulesWords(rules)}`,
    expected: inserts ? `a position from 1 to ${rules + 1}` : 'the position of a rule that is there',
    fix: inserts ? 'The rule was put at the end.' : passedOver,
  }),
  'replaced by several': ({ rules }) => ({
    found: `a list of addresses that makes ${rules} rules`,
    expected: 'one source and one destination, because -R puts one rule in the place of another',
    fix: `Insert a rule for each address, and delete the old one. ${passedOver}`,
  }),
  'rule not there': ({ chain }) => ({
    found: `no such rule in chain ${quoted(chain)}`,
    expected: 'a rule that is there',
    fix: passedOver,
  }),

  'name not allowed': ({ name, wanted }) => ({
    found: quoted(name),
    expected: valueWords(wanted),
    // The conditions without -m go by that name in the engine; iptables has no match of it.
    fix: `${name === 'ip' ? 'Remove "-m ip".' : 'Correct the name.'} ${keptAsText}`,
  }),
  'match unknown': ({ match, meant }) => ({
    found: `match ${quoted(match)}`,
    expected: 'a match that Sidetrack knows',
    fix: `${didYouMean(meant)}The rule is kept; whether it matches, the engine cannot tell.`,
  }),
  'target unknown': ({ target, table, meant }) => ({
    found: `target ${quoted(target)}`,
    expected: `a chain of table ${table}, or a target that Sidetrack knows`,
    fix: `${didYouMean(meant)}The rule is kept; where it matches, the engine cannot tell what follows.`,
  }),
  'jump to a built-in chain': ({ target }) => ({
    found: `target ${quoted(target)}`,
    expected: 'a chain that is not built in: the kernel takes no jump to a built-in one',
    fix: 'The rule is kept; where it matches, the engine cannot tell what follows.',
  }),
  'option unknown': ({ option, meant, before }) => ({
    found: quoted(option),
    expected: 'an option of iptables, or of a match or target named before it',
    fix: `${didYouMean(meant)}${before === null ? '' : `Put "${before}" before it. `}${keptAsText}`,
  }),
  'option cannot be negated': ({ option, addresses }) =>
    addresses === null
      ? {
          found: `"!" with ${option}`,
          expected: `${option} without "!"`,
          fix: 'Remove the "!"; iptables does not take it here.',
        }
      : {
          found: quoted(addresses),
          expected: 'one address behind "!"',
          fix: 'Write a rule for each address.',
        },
  'value unreadable': ({ value, option, wanted }) => ({
    found: `${quoted(value)} for ${option}`,
    expected: valueWords(wanted),
    fix: `${wanted === 'id or range' ? writeTheNumber : 'Correct the value.'} ${keptAsText}`,
  }),
  'value of the other family': ({ value, option, wanted, family }) => ({
    found: `${quoted(value)} for ${option}`,
    expected: valueWords(wanted),
    fix: `This is read as an ${family === 'v4' ? 'IPv4' : 'IPv6'} ruleset; put the other family's rules apart.`,
  }),

  'listed table unknown': ({ readAs }) => ({
    found: 'a listing that does not say of which table it is',
    expected: 'the command that printed it, such as iptables -t nat -L -n -v',
    fix: `Put the command above it. The rules are read as those of table ${readAs}.`,
  }),
  'listed row unknown': (problem) =>
    problem.rest === null
      ? {
          found: wholeLine(problem),
          expected: 'a rule below the headings of its chain and its columns, as iptables -L prints them',
          fix: 'Paste the listing whole, with its headings; best is what iptables-save prints.',
        }
      : {
          found: problem.rest === '' ? 'the end of the line' : quoted(problem.rest),
          expected: 'what iptables -L prints of a match or a target that Sidetrack knows',
          fix: `${keptAsText} Paste what iptables-save prints, which tells all of it.`,
        },

  'connection unreadable': ({ word }) => ({
    found: word === '' ? 'the end of the line' : quoted(word),
    expected: 'both tuples of an entry of conntrack, with addresses and ports',
    fix: 'The entry is not heeded; paste the line whole, as conntrack -L prints it.',
  }),

  'route with several next hops': () => notHeeded('one of several next hops', 'a route with one gateway'),
  'route type unknown': ({ type }) => notHeeded(`a route of type ${type}`, 'a type that Linux still has'),
  'route destination unreadable': ({ destination }) =>
    notHeeded(`“${destination}” in a route`, 'an address, with or without the length'),
  'routing rule without table': () => notHeeded('a routing rule that looks up no table', ofRoutingRule),
  'routing rule unknown': ({ word }) => notHeeded(`“${word}” in a routing rule`, ofRoutingRule),
};

const writeTheNumber =
  'Write the number: which one a name stands for, only the machine knows that the rules were written for.';
const ofRoutingRule = 'from, to, fwmark, iif, oif and lookup';

function cutOff(behind: CutOff): ProblemWords {
  switch (behind.kind) {
    case 'chain':
      return {
        found: 'the end of the line',
        expected: 'a policy (ACCEPT or DROP for a built-in chain, - for another)',
        fix: `Write ":${behind.chain} ${behind.policy ?? '-'} [0:0]".`,
      };
    case 'negation':
      return {
        found: 'the end of the line',
        expected: 'an option behind "!"',
        fix: 'Remove the "!", or write what it negates.',
      };
    case 'option':
      return {
        found: `nothing behind ${behind.option}`,
        expected: valueWords(behind.wanted),
        fix: 'Complete the line; it may have been cut off.',
      };
  }
}

function notRemoved(chain: string, why: string): ProblemWords {
  return {
    found: `chain ${quoted(chain)}, ${why}`,
    expected: 'an empty chain that is not built in',
    fix: `Empty it first: -F ${chain}`,
  };
}

function notHeeded(found: string, expected: string): ProblemWords {
  return {
    found,
    expected,
    fix: 'The line is not heeded; leave it, unless the connection in question is routed by it.',
  };
}

/** What a word of a rule has to be: `a port from 0 to 65535, or a range such as 8000:8080`. */
function valueWords(name: ValueName): string {
  if (typeof name === 'string') return values[name];
  if ('oneOf' in name) return `one of ${name.oneOf.join(', ')}`;
  if ('listOf' in name) return `a list of ${name.listOf.join(', ')}`;
  if ('wholeNumberTo' in name) return `a whole number from 0 to ${name.wholeNumberTo}`;
  if ('numberTo' in name) return `a number from 0 to ${name.numberTo}`;
  if ('numberOrRangeTo' in name)
    return `a whole number up to ${name.numberOrRangeTo}, or a range such as 100:200`;
  return `a level from 0 to 7, or one of ${name.levelOr.join(', ')}`;
}

const values: Readonly<Record<SimpleValueName, string>> = {
  'address or prefix': 'an address, or a prefix such as 10.0.0.0/8',
  'address or range': 'an address, or a range such as 10.0.0.1-10.0.0.9',
  'address, port or both': 'an address, a port, or both, such as 10.0.0.1:8080',
  chain: 'a chain',
  counters: 'a number of packets and one of bytes',
  date: 'a date such as 2024-01-01 or 2024-01-01T08:00:00',
  'extension headers': 'a list of extension headers',
  group: 'a group, or a group and a mask such as 0x1/0x3',
  'hardware address': 'a hardware address such as 02:00:00:00:00:0a',
  'ICMP type': 'a type such as 8, 3/4 or echo-request',
  'id or range': 'a number such as 1337, or a range such as 1000-2000',
  interface: 'an interface name of at most 15 characters, such as eth0 or eth+',
  'local address': 'an address of this host',
  mark: 'a number, or one with a mask such as 0x539/0xfff',
  match: 'the name of a match',
  milliseconds: 'a time such as 250ms',
  nothing: 'no value',
  port: 'a port from 0 to 65535',
  'port or range of a match': 'a port from 0 to 65535, or a range such as 8000:8080',
  'port or range of a target': 'a port from 0 to 65535, or a range such as 8080-8083',
  'ports and ranges': 'up to 15 ports and ranges such as 80,443,8000:8080',
  probability: 'a number from 0 to 1',
  protocol: 'a protocol such as tcp, udp or icmp',
  'protocol or number': 'a protocol such as tcp or 6',
  rate: 'a rate such as 5/sec',
  'SCTP chunks': 'any, all or only, and a list of chunk types such as INIT,DATA',
  set: 'the name of a set, and up to six of src and dst',
  target: 'a target',
  'TCP flags': 'two lists of FIN, SYN, RST, PSH, ACK, URG: those to look at, and those that must be set',
  'TCP option': 'the number of a TCP option',
  'TCP options': 'a list of TCP options',
  text: 'a text',
  'time of day': 'a time such as 08:00',
  'traffic class': 'a class such as 1:2',
  'type of service': 'a number from 0 to 255, with a mask or without, such as 0x10/0x3f',
  word: 'a value',
  zone: 'a zone from 0 to 65535, or mark',
};

function didYouMean(name: string | null): string {
  return name === null ? '' : `Did you mean ${quoted(name)}? `;
}

function quoted(text: string): string {
  return `"${text.length > 120 ? `${text.slice(0, 119)}…` : text}"`;
}

function rulesWords(rules: number): string {
  return `${rules} rule${rules === 1 ? '' : 's'}`;
}

function megabytes(length: number): number {
  return length / 1024 / 1024;
}
