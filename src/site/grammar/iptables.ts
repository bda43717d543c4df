/**
 * The colours of iptables rules: what `iptables-save` prints, the command form (`iptables -t nat -A …`) and the
 * restore form (`-N`, `-A`). A TextMate grammar for Shiki, with the scopes that every theme knows.
 */
import type { LanguageRegistration } from 'shiki';

/** What follows an option ends where white space, a quote or the line does. */
const word = String.raw`[^\s"']+`;
const after = String.raw`(?<![^\s])`;
const end = String.raw`(?=\s|$)`;

const commands =
  'append|check|delete|insert|replace|list|list-rules|flush|zero|new-chain|delete-chain|policy|rename-chain';

const verdicts = 'ACCEPT|DROP|REJECT|RETURN|QUEUE|NFQUEUE';
/** The extensions that a rule can jump to; every other name is a chain. */
const targets =
  'AUDIT|BALANCE|CHECKSUM|CLASSIFY|CLUSTERIP|CONNMARK|CONNSECMARK|CT|DNAT|DNPT|DSCP|ECN|HL|HMARK|IDLETIMER|LED|LOG|MARK|MASQUERADE|NETMAP|NFLOG|NOTRACK|RATEEST|REDIRECT|SECMARK|SET|SNAT|SNPT|SYNPROXY|TCPMSS|TCPOPTSTRIP|TEE|TOS|TPROXY|TRACE|TTL|ULOG';

export const iptables: LanguageRegistration = {
  name: 'iptables',
  displayName: 'iptables rules',
  aliases: ['iptables-save', 'ip6tables', 'ip6tables-save', 'iptables-restore'],
  scopeName: 'source.iptables',
  patterns: [
    { include: '#comment' },
    { include: '#problem' },
    { include: '#table' },
    { include: '#policy' },
    { include: '#commit' },
    { include: '#rule' },
  ],
  repository: {
    comment: {
      name: 'comment.line.number-sign.iptables',
      match: String.raw`^\s*#.*$`,
    },
    // A dump that was cut off, or a tool's message in between: shown as what it is.
    problem: {
      name: 'invalid.illegal.iptables',
      match: String.raw`^(?:ip6?tables(?:-save|-restore)?(?: v[\d.]+)?[^:]*: |Bad argument|Error ).*$`,
    },
    table: {
      match: String.raw`^\s*(\*)(${word})`,
      captures: {
        1: { name: 'punctuation.definition.table.iptables' },
        2: { name: 'entity.name.section.table.iptables' },
      },
    },
    policy: {
      begin: String.raw`^\s*(:)(${word})`,
      beginCaptures: {
        1: { name: 'punctuation.definition.chain.iptables' },
        2: { name: 'entity.name.chain.iptables' },
      },
      end: '$',
      patterns: [
        { include: '#counters' },
        {
          name: 'keyword.other.policy.iptables',
          match: `${after}(?:ACCEPT|DROP|QUEUE|RETURN|-)${end}`,
        },
      ],
    },
    commit: { name: 'keyword.control.commit.iptables', match: String.raw`^\s*COMMIT${end}` },
    rule: {
      begin: String.raw`^\s*(?=\S)`,
      end: '$',
      patterns: [
        { include: '#counters' },
        { include: '#program' },
        { include: '#command' },
        { include: '#target' },
        { include: '#table-option' },
        { include: '#match' },
        { include: '#negation' },
        { include: '#option' },
        { include: '#string' },
        { include: '#value' },
      ],
    },
    counters: {
      match: String.raw`(\[)(\d+)(:)(\d+)(\])`,
      captures: {
        1: { name: 'punctuation.section.counters.iptables' },
        2: { name: 'constant.numeric.packets.iptables' },
        3: { name: 'punctuation.separator.iptables' },
        4: { name: 'constant.numeric.bytes.iptables' },
        5: { name: 'punctuation.section.counters.iptables' },
      },
    },
    program: {
      match: `${after}(sudo|ip6?tables(?:-(?:legacy|nft))?(?:-(?:save|restore))?)${end}`,
      name: 'support.function.program.iptables',
    },
    command: {
      match: String.raw`${after}(-[ACDIRNXPFZSLE]|--(?:${commands}))(?:(\s+)(?!-)(${word})(?:(\s+)(\d+)${end})?)?`,
      captures: {
        1: { name: 'keyword.control.command.iptables' },
        3: { name: 'entity.name.chain.iptables' },
        5: { name: 'constant.numeric.position.iptables' },
      },
    },
    target: {
      match: String.raw`${after}(-[jg]|--(?:jump|goto))(\s+)(?:(${verdicts})${end}|(${targets})${end}|(${word}))`,
      captures: {
        1: { name: 'keyword.control.jump.iptables' },
        3: { name: 'keyword.other.verdict.iptables' },
        4: { name: 'support.function.target.iptables' },
        5: { name: 'entity.name.chain.iptables' },
      },
    },
    'table-option': {
      match: String.raw`${after}(-t|--table)(\s+)(${word})`,
      captures: {
        1: { name: 'variable.parameter.option.iptables' },
        3: { name: 'entity.name.section.table.iptables' },
      },
    },
    match: {
      match: String.raw`${after}(-m|--match)(\s+)(${word})`,
      captures: {
        1: { name: 'variable.parameter.option.iptables' },
        3: { name: 'entity.name.type.match.iptables' },
      },
    },
    negation: { name: 'keyword.operator.negation.iptables', match: `${after}!${end}` },
    option: { name: 'variable.parameter.option.iptables', match: String.raw`${after}--?[A-Za-z][\w-]*` },
    string: {
      patterns: [
        {
          name: 'string.quoted.double.iptables',
          begin: '"',
          end: '"|$',
          patterns: [{ name: 'constant.character.escape.iptables', match: String.raw`\\.` }],
        },
        { name: 'string.quoted.single.iptables', begin: "'", end: "'|$" },
      ],
    },
    value: {
      patterns: [
        {
          name: 'constant.other.address.iptables',
          match: String.raw`${after}(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:.]+)(?:/[0-9A-Fa-f.:]+)?(?:-[0-9A-Fa-f.:]+)?${end}`,
        },
        {
          name: 'constant.numeric.iptables',
          match: String.raw`${after}(?:0x[0-9A-Fa-f]+|\d+)(?:[/:,-](?:0x[0-9A-Fa-f]+|\d+))*${end}`,
        },
        { name: 'string.unquoted.iptables', match: word },
      ],
    },
  },
};
