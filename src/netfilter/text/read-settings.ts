/** What `ipset` and `sysctl` print of a network namespace. */
import type { IpSet } from '../model/host.ts';

const ofList = /^(Name|Type|Header): *(\S.*)$/;
const ofSave = /^create (\S+) (\S+)(.*)/s;
const added = /^add (\S+) (\S+)(.*)/s;
const member = /^(?:\d|[\da-fA-F]*:)[\w.:,/-]*(?:\s|$)/;

/** Whether a line can be a member of a set, where it stands among them. */
export function isSetMember(line: string): boolean {
  return member.test(line);
}

/** Reads `ipset list` and `ipset save`; by name, in a record without inherited names. Never throws. */
export function readIpSets(lines: readonly string[]): Readonly<Record<string, IpSet>> {
  const sets: Record<string, IpSet & { readonly members: string[] }> = Object.create(null);
  const make = (name: string, type: string, header: string) => {
    sets[name] = { type, ...(/\binet6\b/.test(header) ? { family: 'v6' } : {}), members: [] };
  };
  let name: string | null = null;
  for (const line of lines) {
    const [, field, value = ''] = ofList.exec(line) ?? [];
    const saved = ofSave.exec(line);
    const add = added.exec(line);
    if (saved !== null) {
      make(saved[1] as string, saved[2] as string, saved[3] as string);
      name = null;
    } else if (add !== null)
      sets[add[1] as string]?.members.push(memberOf(add[2] as string, add[3] as string));
    else if (field === 'Name') name = value;
    else if (field === 'Type' && name !== null) make(name, value, '');
    else if (field === 'Header' && name !== null) make(name, sets[name]?.type ?? 'hash:ip', value);
    else if (name !== null && member.test(line)) {
      const [element = '', ...words] = line.split(/\s+/);
      sets[name]?.members.push(memberOf(element, words.join(' ')));
    }
  }
  return sets;
}

function memberOf(element: string, words: string): string {
  return /\bnomatch\b/.test(words) ? `${element} nomatch` : element;
}

const setting = /^(?:\/proc\/sys\/)?(net[./][\w./-]+)\s*[:=]\s*(-?\d+)$/;

/** Reads `sysctl` and `grep . /proc/sys/net/…`: those whose value is one number. Never throws. */
export function readSysctls(lines: readonly string[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = Object.create(null);
  for (const line of lines) {
    const [, name = '', value] = setting.exec(line) ?? [];
    // sysctl(8): where the first separator is a slash, dots and slashes are themselves
    const dotted = name.startsWith('net/')
      ? name.replace(/[./]/g, (sign) => (sign === '/' ? '.' : '/'))
      : name;
    if (value !== undefined) found[dotted] = Number(value);
  }
  return found;
}
