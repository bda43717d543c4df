/**
 * What other programs print of interfaces and routes, as the lines in which `ip` prints the same: `ifconfig` and
 * `route -n` of net-tools and of busybox, and `ip -j`.
 */

/** The lines of `ip` that say what this line says; null for a line that is none of these. */
export function asIpLines(line: string): readonly string[] | null {
  if (line.startsWith('[{"')) return ofJson(line);
  const ofInterface =
    /^(\S+?):? +flags=\d+</.exec(line)?.[1] ?? /^(\S+) +Link encap:/.exec(line)?.[1] ?? null;
  if (ofInterface !== null) return [`1: ${ofInterface}: <UP>`];
  const address = /^inet (?:addr:)?(\d[\d.]{1,14})\b.*\b(?:netmask |Mask:)(\d[\d.]+|0x[\da-f]{8})/.exec(line);
  if (address !== null) return [`inet ${address[1]}/${lengthOf(address[2] as string)}`];
  const six =
    /^inet6 ([\da-f:.]+) +prefixlen (\d+)/i.exec(line) ?? /^inet6 addr: ?([\da-f:.]+)\/(\d+)/i.exec(line);
  if (six !== null) return [`inet6 ${six[1]}/${six[2]}`];
  return ofRouteTable(line);
}

/** Destination, gateway, mask, flags, metric, two numbers, interface. */
const routeRow =
  /^(\d+\.\d+\.\d+\.\d+|default)\s+(\d+\.\d+\.\d+\.\d+|\*)\s+(\d+\.\d+\.\d+\.\d+)\s+(!?[A-Z]+)\s+(?:(\d+)|-)\s+(?:\d+|-)\s+(?:\d+|-)(?:\s+(\S+))?$/;

function ofRouteTable(line: string): readonly string[] | null {
  if (/^Destination\s+Gateway\s+Genmask\s/.test(line) || /^Kernel IP(?:v6)? routing table$/.test(line))
    return [];
  const row = routeRow.exec(line);
  if (row === null) return null;
  const [, destination = '', gateway = '', mask = '', flags = '', metric, dev] = row;
  const isDefault = destination === 'default' || (destination === '0.0.0.0' && mask === '0.0.0.0');
  const to = isDefault ? 'default' : `${destination}/${lengthOf(mask)}`;
  // `!` is a route that refuses
  if (flags.startsWith('!')) return [`unreachable ${to} proto boot`];
  const via = flags.includes('G') ? ` via ${gateway}` : '';
  const by = metric === undefined || metric === '0' ? '' : ` metric ${metric}`;
  return [`${to}${via}${dev === undefined ? '' : ` dev ${dev}`}${via === '' ? ' scope link' : ''}${by}`];
}

function lengthOf(mask: string): number {
  const number = mask.startsWith('0x')
    ? Number(mask)
    : mask.split('.').reduce((all, part) => all * 256 + Number(part), 0);
  return number === 0 ? 0 : 32 - Math.log2(2 ** 32 - number);
}

type Json = Readonly<Record<string, unknown>>;

function ofJson(line: string): readonly string[] | null {
  let objects: unknown;
  try {
    objects = JSON.parse(line);
  } catch {
    return null;
  }
  const isOfIp = (one: unknown): one is Json =>
    typeof one === 'object' && one !== null && ['ifname', 'dst', 'priority'].some((key) => key in one);
  return Array.isArray(objects) && objects.every(isOfIp) ? objects.flatMap(ofObject) : null;
}

function ofObject(one: Json): readonly string[] {
  const text = (key: string) => (one[key] === undefined ? '' : String(one[key]));
  const word = (key: string, said = key) => (one[key] === undefined ? '' : ` ${said} ${text(key)}`);
  if (one.ifname !== undefined) {
    const addresses = Array.isArray(one.addr_info) ? (one.addr_info as readonly Json[]) : [];
    return [
      `1: ${text('ifname')}: <UP>`,
      ...addresses.map(({ family, local, prefixlen }) => `${family} ${local}/${prefixlen}`),
    ];
  }
  if (one.priority !== undefined) {
    const length = (key: string) => (one[key] === undefined ? '' : `/${text(key)}`);
    const from = `${text('src') || 'all'}${length('srclen')}`;
    const to = one.dst === undefined ? '' : ` to ${text('dst')}${length('dstlen')}`;
    const mark = one.fwmark === undefined ? '' : ` fwmark ${text('fwmark')}${length('fwmask')}`;
    const words = `${to}${mark}${word('iif')}${word('oif')}${word('table', 'lookup')}`;
    return [`${text('priority')}:\t${one.not === undefined ? '' : 'not '}from ${from}${words}`];
  }
  const type = one.type === undefined ? '' : `${text('type')} `;
  const words = `${word('gateway', 'via')}${word('dev')}${word('table')}${word('protocol', 'proto')}${word('scope')}`;
  return [`${type}${text('dst')}${words}${word('prefsrc', 'src')}${word('metric')}`];
}
