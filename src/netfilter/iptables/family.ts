/** Which family a text of rules is of, by what only one of them can say. */
import type { Family } from '../model/ruleset.ts';

/** IPv6 where a condition names an IPv6 address or something only IPv6 has, or a line an IPv6 tool. */
export function guessFamily(text: string): Family {
  return speaksV6(withoutComments(text)) ? 'v6' : 'v4';
}

/** A comment says nothing of the rule that it stands in. */
function withoutComments(text: string): string {
  if (!text.includes('--comment')) return text;
  return text.replace(/--comment (?:"(?:[^"\\\n]|\\.)*"|\S+)/g, '--comment');
}

/** Of a text without comments. */
function speaksV6(text: string): boolean {
  return /\bip6tables\b|\s(?:-s|-d|--source|--destination|--src|--dst|--to-destination|--to-source|--to|--on-ip|--ctorigsrc|--ctorigdst|--ctreplsrc|--ctrepldst|--src-range|--dst-range)\s+[[0-9a-fA-F:]*:[0-9a-fA-F]*:|icmp6|ipv6-icmp|icmpv6|\s-j HL\s|\s-m hl\s/.test(
    text,
  );
}

function speaksV4(text: string): boolean {
  return /\biptables\b|\s(?:-s|-d|--source|--destination|--src|--dst|--to-destination|--to-source|--to|--on-ip|--ctorigsrc|--ctorigdst|--ctreplsrc|--ctrepldst|--src-range|--dst-range)\s+\d+\.\d+\.|icmp-(?:type|port|net|host|proto|admin)|\s-p icmp\s|\s-j TTL\s|\s-m ttl\s/.test(
    text,
  );
}

/** What a text of rules says of its family by itself; null where it says nothing. */
export function spokenFamily(written: string): Family | null {
  const text = withoutComments(written);
  if (speaksV6(text)) return 'v6';
  return speaksV4(text) ? 'v4' : null;
}
