/** Rules of iptables in a text in which keys are looked for: a comment may have any words, and is read as it stands. */

const rule = /^\s*(?:\[\d+:\d+\] )?(?:ip6?tables\S* |-[AIN] )/;

export function isInRule(text: string, at: number): boolean {
  return rule.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at).slice(0, 40));
}

/** A text without the rules and chains that iptables-save prints, which are most of a long one. */
export function besidesRules(text: string): string {
  const parts: string[] = [];
  let kept = 0;
  let quote = text.indexOf('"');
  for (let from = 0; from < text.length; ) {
    const end = lineEnd(text, from);
    while (quote >= 0 && quote < from) quote = text.indexOf('"', quote + 1);
    if (isSaved(text, from, end, quote)) {
      if (kept < from) parts.push(text.slice(kept, from));
      kept = end + 1;
      if (quote >= 0 && quote < end) quote = text.indexOf('"', end);
    }
    from = end + 1;
  }
  if (kept === 0) return text;
  parts.push(text.slice(kept));
  return parts.join('');
}

/** Of a line with the first quote in it. Other commands' arguments have no comment, but may stand in quotes. */
function isSaved(text: string, from: number, end: number, quote: number): boolean {
  if (text[from] === ':') return text[end - 1] === ']';
  if (!beginsSaved(text, from)) return false;
  return quote < 0 || quote > end || text.startsWith('--comment "', quote - 10);
}

/** Whether a rule begins there, with its counters before it or without. */
export function beginsSaved(text: string, from: number): boolean {
  if (text[from] === '[') return /^\[\d+:\d+\] -A /.test(text.slice(from, from + 48));
  return text.startsWith('-A ', from);
}

/** Where the line ends that has this place. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
