/**
 * Forms in which people have what an Envoy was told, or what it tells, that are no text of it as it stands: with a time
 * in front of each line, as a JSON string in another text, and the plain text that `/clusters` and `/listeners` answer.
 */

/** What programs put in front of each line: a time, a number, a container's name, a mark of mail or of a change. */
const prefixes: readonly RegExp[] = [
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?[ \t]/,
  /^(?:stdout|stderr) [FP] /,
  /^\[[\w./-]+\][ \t]/,
  /^[\w./-]+[ \t]+\| /,
  /^[a-z\d][\w./-]* [a-z\d][\w./-]* /,
  /^[ \t]*\d+(?:[:|]|\t)[ \t]?/,
  /^ {0,3}> ?/,
  /^\+/,
];

/** Lines without what nearly all of them begin with; each stays at its place. */
export function withoutPrefixes(text: string): string {
  if (/^\s*(?:\{|\[\s*[{["\]])/.test(text)) return text;
  let lines = text.split('\n');
  for (const prefix of prefixes) {
    let written = 0;
    let prefixed = 0;
    for (const line of lines) {
      if (line.trim() === '') continue;
      written++;
      if (prefix.test(line)) prefixed++;
      else if (written > 100 && prefixed < written / 2) break;
    }
    if (prefixed >= 3 && prefixed >= written * 0.9) lines = lines.map((line) => line.replace(prefix, ''));
  }
  return lines.join('\n');
}

/** What stands before the first field, where the text begins in the middle of a line of JSON: blanks instead. */
export function withoutHead(text: string): string {
  const line = /\S[^\n]*/.exec(text);
  if (line === null || line[0].length < 200 || /^[{[}\]]|^"[\w@.]+"\s*:|apiVersion/.test(line[0]))
    return text;
  const field = /[{,]\s?(?="[\w@.]+"\s?:\s?["{[\dtfn])/.exec(line[0]);
  if (field === null) return text;
  const at = line.index + field.index + field[0].length;
  return ' '.repeat(at) + text.slice(at);
}

/** What a text says that is one JSON string, with its quotes or without them; null where it is none. */
export function unescaped(text: string): string | null {
  const found = /^\s*("?)[{[](?:\\n|\s)*\\"/.exec(text);
  if (found === null) return null;
  const trimmed = text.trim();
  try {
    const value: unknown = JSON.parse(found[1] === '' ? `"${trimmed}"` : trimmed);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** `outbound|80||web::10.0.0.1:80::health_flags::healthy`. A cluster's own lines have a word in the place of an address. */
const clusterLine = /^(\S.*?)::(\[[\da-f:.]+\]:\d+|\d+\.\d+\.\d+\.\d+:\d+|[\w ]+)::(.*)$/;
const ownLine = /^(?:observability_name|default_priority|high_priority|added_via_api|eds_service_name)$/;
/** Names have bars, blanks or dots; what follows is the address of one socket. */
const listenerLine = /^([\w.|:[\]-]+)::((?:\[[\da-f:.]+\]|\d+\.\d+\.\d+\.\d+):\d+)$/;

interface AdminText {
  /** The same in the form that `?format=json` has. */
  readonly json: string;
  /** The lines that it has, from 1. */
  readonly from: number;
  readonly to: number;
}

interface HostSaid {
  readonly address: object;
  health_status: object;
}

const clusterSign = /::(?:health_flags|observability_name|added_via_api)::/;

/** The answers of `/clusters` in a text. */
export function clusterTexts(text: string): readonly AdminText[] {
  if (!clusterSign.test(text)) return [];
  return runsOf(text, (line) => {
    const found = clusterLine.exec(line);
    return found !== null && (ownLine.test(found[2] as string) || /:\d+$/.test(found[2] as string));
  }).map(({ lines, from, to }) => {
    const clusters = new Map<string, Map<string, HostSaid>>();
    for (const line of lines) {
      const [, name = '', place = '', rest = ''] = clusterLine.exec(line) ?? [];
      const hosts = clusters.get(name) ?? new Map<string, HostSaid>();
      clusters.set(name, hosts);
      if (ownLine.test(place)) continue;
      const host = hosts.get(place) ?? { address: addressOf(place), health_status: {} };
      hosts.set(place, host);
      const [, flags] = /^health_flags::(.*)$/.exec(rest) ?? [];
      if (flags !== undefined) host.health_status = healthOf(flags);
    }
    const statuses = [...clusters].map(([name, hosts]) => ({ name, host_statuses: [...hosts.values()] }));
    return { json: JSON.stringify({ cluster_statuses: statuses }), from, to };
  });
}

/** The answers of `/listeners`: names and addresses, and nothing of what they do. */
export function listenerTexts(text: string): readonly AdminText[] {
  return runsOf(text, (line) => listenerLine.test(line)).map(({ lines, from, to }) => {
    const statuses = lines.map((line) => {
      const [, name = '', place = ''] = listenerLine.exec(line) ?? [];
      return { name, local_address: addressOf(place) };
    });
    return { json: JSON.stringify({ listener_statuses: statuses }), from, to };
  });
}

function runsOf(
  text: string,
  is: (line: string) => boolean,
): readonly { readonly lines: readonly string[]; readonly from: number; readonly to: number }[] {
  const runs: { lines: string[]; from: number; to: number }[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (!is(line.trimEnd())) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.to === at) {
      last.lines.push(line.trimEnd());
      last.to++;
    } else runs.push({ lines: [line.trimEnd()], from: at + 1, to: at + 1 });
  }
  return runs;
}

function addressOf(place: string): object {
  const [, v6, v4, port] = /^(?:\[(.*)\]|(.*)):(\d+)$/.exec(place) ?? [];
  return { socket_address: { address: v6 ?? v4 ?? '', port_value: Number(port) } };
}

/** `healthy`, or `/failed_active_hc/failed_outlier_check`: source/common/upstream/host_utility.cc. */
function healthOf(flags: string): object {
  const all = flags.split('/');
  const has = (flag: string) => all.includes(flag);
  return {
    failed_active_health_check: has('failed_active_hc'),
    failed_outlier_check: has('failed_outlier_check'),
    pending_active_hc: has('pending_active_hc'),
    excluded_via_immediate_hc_fail: has('excluded_via_immediate_hc_fail'),
    eds_health_status: has('failed_eds_health')
      ? 'UNHEALTHY'
      : has('degraded_eds_health') || has('degraded_active_hc')
        ? 'DEGRADED'
        : 'HEALTHY',
  };
}
