/** Lines among those of a dump that say, or show, that not all of it can be read. */

/** What people and tools put where they took lines out. */
const leftOut =
  /^\W*(?:\.{3}|\u2026)|^\W*(?:snip(?:ped)?|truncated|omitted|redacted)\b|^\W*(?:\d+ )?(?:more )?lines? (?:were )?(?:omitted|truncated|skipped|hidden|removed)\b/i;
/** A rule of which something on the way here has made none: its jump is left. */
const jumpLeft =
  /(?:^|[^A-Za-z])j ?(?:ISTIO_[A-Z_]+|RETURN|REDIRECT|ACCEPT|DROP|REJECT|TPROXY|CT|MARK|CONNMARK|DNAT|SNAT|MASQUERADE)(?:\W|$)/;

const longest = 500;

export function tellsOfLost(line: string): boolean {
  const text = line.slice(0, longest);
  return leftOut.test(text) || jumpLeft.test(text);
}
