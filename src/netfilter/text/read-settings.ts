/** What `ipset` and `sysctl` print of a network namespace. */
import type { IpSet } from '../model/host.ts';

const ofList = /^(Name|Type|Header): (\S.*)$/;
const ofSave = /^create (\S+) ((?:hash|bitmap|list):\S+)(.*)/s;
const added = /^add (\S+) (\S+)(.*)/s;
const other = /^(?:Revision|Size in memory|References): ?\d+/;
const entries = /^Number of entries: ?(\d+)/;
const member = /^(?:\d|[\da-fA-F]*:)[\w.:,/-]*(?:\s|$)/;
/** A member of a `list:set`: a name, and then nothing or what ipset prints behind members. */
const listedName = /^\S+(?: (?:timeout|packets|bytes|skbmark|skbprio|skbqueue) \S+| comment ".*")*$/;

interface ReadSet extends IpSet {
  readonly members: string[];
  /** As the listing counts them. */
  entries: number | null;
  /** `ipset list -t` prints what a set is, without its members. */
  hasMembers: boolean;
}

/** Takes what `ipset list` and `ipset save` print, line by line. */
export class IpSetReader {
  private readonly found = new Map<string, ReadSet>();
  private name: string | null = null;

  /** Whether the line is part of such a listing, where it stands; it is then read. Never throws. */
  take(line: string): boolean {
    const [, field, value = ''] = ofList.exec(line) ?? [];
    const [, saved, type = '', header = ''] = ofSave.exec(line) ?? [];
    const [, to = '', element = '', words = ''] = added.exec(line) ?? [];
    const open = this.name === null ? undefined : this.found.get(this.name);
    if (saved !== undefined) {
      this.make(saved, type, header).hasMembers = true;
      this.name = null;
    } else if (this.found.has(to)) this.found.get(to)?.members.push(memberOf(element, words));
    else if (field === 'Name' && !value.includes(' ')) this.name = value;
    else if (field === 'Type' && this.name !== null && /^(?:hash|bitmap|list):\S+$/.test(value))
      this.make(this.name, value, '');
    else if (field === 'Header' && this.name !== null && open !== undefined)
      this.make(this.name, open.type, value);
    else if (line === 'Members:') {
      if (open !== undefined) open.hasMembers = true;
    } else if (entries.test(line)) {
      if (open !== undefined) open.entries = Number(entries.exec(line)?.[1]);
    } else return other.test(line) || (open !== undefined && takeMember(open, line));
    return true;
  }

  /** Behind this, a line that could be a member is none. */
  end(): void {
    this.name = null;
  }

  /** By name, in a record without inherited names; without a set of which not every member was told. */
  sets(): Readonly<Record<string, IpSet>> {
    const sets: Record<string, IpSet> = Object.create(null);
    for (const [name, { entries, hasMembers, ...set }] of this.found) {
      if (!hasMembers || (entries !== null && entries !== set.members.length)) continue;
      // list_set_uadt (IPSET_ERR_LOOP): the kernel takes no list into a list
      if (set.type === 'list:set' && set.members.some((one) => this.isList(one))) continue;
      sets[name] = set;
    }
    return sets;
  }

  private isList(member: string): boolean {
    return this.found.get(member.split(' ', 1)[0] ?? '')?.type === 'list:set';
  }

  private make(name: string, type: string, header: string): ReadSet {
    const family = /\bfamily inet6\b/.test(header) ? { family: 'v6' as const } : {};
    const made: ReadSet = { type, ...family, members: [], entries: null, hasMembers: false };
    this.found.set(name, made);
    return made;
  }
}

/** Whether the line can be a member of the set, which then has it. */
function takeMember(set: ReadSet, line: string): boolean {
  const isName = set.type === 'list:set' && set.hasMembers && listedName.test(line);
  if (!isName && (set.type === 'list:set' || !member.test(line))) return false;
  const [element = '', ...words] = line.split(/\s+/);
  set.members.push(memberOf(element, words.join(' ')));
  set.hasMembers = true;
  return true;
}

/** Reads `ipset list` and `ipset save`. Never throws. */
export function readIpSets(lines: readonly string[]): Readonly<Record<string, IpSet>> {
  const reader = new IpSetReader();
  for (const line of lines) reader.take(line);
  return reader.sets();
}

function memberOf(element: string, words: string): string {
  return /\bnomatch\b/.test(words.replace(/".*"/, '')) ? `${element} nomatch` : element;
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
