/** The colours of what `nft list ruleset` prints, and of `nft -f` scripts. */
import type { LanguageRegistration } from 'shiki';

/** Words that nft has of its own, apart from others by anything but letters, digits and `-`. */
const word = (words: string): string => String.raw`(?<![\w.-])(?:${words})(?![\w.-])`;

export const nft: LanguageRegistration = {
  name: 'nft',
  displayName: 'nftables rules',
  scopeName: 'source.nft',
  repository: {},
  patterns: [
    { name: 'comment.line.number-sign.nft', match: '#.*$' },
    { name: 'string.quoted.double.nft', match: '"[^"]*"' },
    {
      match: String.raw`^\s*(table|chain|set|map|flowtable)(\s+)((?:(?:ip6?|inet|arp|bridge|netdev)\s+)?[\w-]+)`,
      captures: { 1: { name: 'keyword.control.command.nft' }, 3: { name: 'entity.name.section.nft' } },
    },
    {
      match: String.raw`${word('jump|goto')}(\s+)([\w-]+)`,
      captures: { 0: { name: 'keyword.control.jump.nft' }, 2: { name: 'entity.name.chain.nft' } },
    },
    { name: 'keyword.other.verdict.nft', match: word('accept|drop|return|continue|reject|queue') },
    {
      name: 'support.function.target.nft',
      match: word('redirect|dnat|snat|masquerade|tproxy|notrack|counter|log|limit'),
    },
    {
      name: 'variable.parameter.option.nft',
      match: word(
        'type|hook|priority|policy|meta|ct|ip6?|tcp|udp|th|fib|socket|oifname|iifname|oif|iif|sk[ug]id|l4proto|nfproto|mark|state|status|zone|[sd]addr|[sd]port|packets|bytes|set|to',
      ),
    },
    { name: 'keyword.operator.negation.nft', match: '!=' },
    {
      name: 'constant.numeric.nft',
      match: word(String.raw`0x[0-9a-f]+|\d+(?:\.\d+){3}(?:/\d+)?|\d+(?:-\d+)?`),
    },
  ],
};
