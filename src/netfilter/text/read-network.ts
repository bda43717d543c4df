/**
 * What iproute2 prints of a network namespace (`ip rule`, `ip route`, `ip address`) and what it is told to add there,
 * read as the interfaces, routes and routing rules of a host.
 */

import { routingTable } from '../kernel/routing.ts';
import { familyOf, readAddress, readPrefix } from '../model/address.ts';
import type { Interface, Route, RoutingRule } from '../model/host.ts';
import type { Problem, ProblemDetails } from '../model/problem.ts';
import type { Family } from '../model/ruleset.ts';
import { asIpLines } from './net-tools.ts';

export interface Network {
  /** As `ip address` prints them, or else as the routes tell of them. Absent where neither does. */
  readonly interfaces?: readonly Interface[];
  /** Without those that follow from the addresses. Absent where no line of `ip route` was there. */
  readonly routes?: readonly Route[];
  /** Without the kernel's own three. Absent where no line of `ip rule` was there. */
  readonly rules?: readonly RoutingRule[];
  /** The families of which routes and rules were told: what is not among them may well be there. */
  readonly told: { readonly routes: readonly Family[]; readonly rules: readonly Family[] };
  /** The tables whose routes were told; null: all of them (`ip route show table all`). */
  readonly tables: readonly string[] | null;
  readonly problems: readonly Problem[];
}

const command =
  /^(?:[$#+]+\s+)?(?:sudo\s+)?(?:[\w./-]*\/)?ip((?:\s+-\S+)*)\s+(ru\w*|r|ro\w*|a|addr\w*)\b(.*)$/;
const ruleLine = /^(\d+):\s+(not\s+)?from\s+(\S+)(.*)/s;
const routeTypes =
  /^(unicast|local|broadcast|multicast|anycast|unreachable|blackhole|prohibit|throw|nat)\s+(?=\S)/;
const destinationFirst =
  /^(default|\d+\.\d+\.\d+\.\d+(?:\/\d+)?|[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:\/\d+)?)(?=\s+(?:dev|via|proto|scope|src|metric|nhid|table|encap)\b|\s*$)/;
const linkLine = /^\d+:\s+([^\s:@]+)(?:@([^\s:]+))?:\s+</;
const oneLine = /^\d+:\s+([^\s:@]+)(?:@\S+)?\s+(inet6?)\s+(\S+)/;
const briefLine = /^([\w.-]+)(?:@(\S+))?\s+(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN)\s+((?:\d+\.|[0-9a-f]*:)\S.*)$/;
const addressLine = /^inet6?\s+\S+/;
const besideAddress = /^(link\/\w+|valid_lft |altname |alias |nexthop )/;

/** Whether a line, without the blanks before it, is one of iproute2's. */
export function isIpLine(line: string): boolean {
  const isOne = [command, ruleLine, linkLine, oneLine, briefLine, addressLine, besideAddress].some(
    (pattern) => pattern.test(line),
  );
  return isOne || isRoute(line) || asIpLines(line) !== null;
}

function isRoute(line: string): boolean {
  const rest = line.replace(routeTypes, '');
  if (!destinationFirst.test(rest)) return false;
  return rest !== line || /\s(dev|via|proto|scope|nhid)\s/.test(rest);
}

/** What changes a table, and does not print it; `ip` takes each word shortened, too. */
const changing = /^\s*(a|add|append|replace|prepend|change|d|del|delete|flush)\s+(.*)/s;
/** What a shell does with the command. */
const ofShell = /(?:\|\|?|&&?|;|\d?>).*/s;

/** The kernel's own rules, which every namespace has. */
const own = new Set(['0 local', '32766 main', '32767 default']);

/**
 * Reads lines of iproute2, of any of its commands one after the other. Never throws: a line that says what is not
 * understood is a problem, with its index from 1, and is not heeded.
 */
export function readNetwork(lines: readonly string[]): Network {
  const reading = new Reading();
  for (const [index, line] of lines.entries()) reading.line(line, index + 1);
  return reading.network();
}

class Reading {
  private readonly problems: Problem[] = [];
  private readonly interfaces = new Map<string, string[]>();
  private readonly masters = new Map<string, string>();
  private readonly lowers = new Map<string, string>();
  private routes: Route[] = [];
  private readonly rules: RoutingRule[] = [];
  /** By commands, which tell of nothing beside. */
  private readonly added: { readonly device: string; readonly address: string }[] = [];
  private readonly told = { routes: new Set<Family>(), rules: new Set<Family>() };
  private readonly tables = new Set<string>();
  private isAll = false;
  private hasRoutes = false;
  private hasRules = false;
  /** What the command before the lines asked for. */
  private family: Family | null = null;
  private table: string | null = null;
  /** `ip rule` begins with priority 0: a second beginning is that of IPv6. */
  private beginnings = 0;
  private device: string | null = null;

  line(raw: string, number: number): void {
    const line = raw.trim();
    const printed = asIpLines(line);
    if (printed !== null) {
      for (const one of printed) this.line(one, number);
      return;
    }
    const asked = command.exec(line);
    if (asked !== null) {
      const [, flags = '', object = '', rest = ''] = asked;
      this.command(flags, object, rest);
      const change = changing.exec(rest.replace(ofShell, '').trimEnd());
      if (change !== null) this.change(object, change[1] as string, change[2] as string, line, number);
      return;
    }
    const rule = ruleLine.exec(line);
    if (rule !== null) return this.rule(rule, line, number);
    const link = linkLine.exec(line) ?? null;
    if (link !== null) {
      this.device = link[1] as string;
      this.addressesOf(this.device);
      const master = /\smaster (\S+)/.exec(line)?.[1];
      if (master !== undefined) this.masters.set(this.device, master);
      if (link[2] !== undefined) this.lowers.set(this.device, link[2]);
      return;
    }
    const one = oneLine.exec(line);
    if (one !== null) return this.address(one[1] as string, one[3] as string);
    const brief = briefLine.exec(line);
    if (brief !== null) {
      this.addressesOf(brief[1] as string);
      if (brief[2] !== undefined) this.lowers.set(brief[1] as string, brief[2]);
      for (const address of (brief[3] ?? '').split(/\s+/)) this.address(brief[1] as string, address);
      return;
    }
    if (addressLine.test(line)) {
      if (this.device !== null) this.address(this.device, line.split(/\s+/)[1] as string);
      return;
    }
    if (line.startsWith('nexthop ')) {
      this.problem(line, number, { code: 'route with several next hops' });
      return;
    }
    if (!besideAddress.test(line) && isRoute(line)) this.route(line, number);
  }

  private command(flags: string, object: string, rest: string): void {
    this.family = /\s-(6|f(amily)?\s+inet6)(\s|$)/.test(`${flags} `)
      ? 'v6'
      : /\s-4(\s|$)/.test(`${flags} `)
        ? 'v4'
        : null;
    const table = /\b(?:table|t)\s+(\S+)/.exec(rest)?.[1] ?? null;
    const isRoutes = isOfRoutes(object);
    this.table = isRoutes ? table : null;
    if (changing.test(rest)) return;
    if (isRoutes && table === 'all') this.isAll = true;
    // Where one table was asked for, an answer without a line is an answer, too.
    if (isRoutes && table !== null && table !== 'all') {
      this.hasRoutes = true;
      this.told.routes.add(this.family ?? 'v4');
      this.tables.add(routingTable(table));
    }
    if (object.startsWith('ru')) this.beginnings = 0;
  }

  /** What a command adds is there; that other things are not there it does not tell. */
  private change(object: string, verb: string, words: string, line: string, number: number): void {
    const isGone = /^[df]/.test(verb);
    if (object.startsWith('a')) {
      const [address = ''] = words.split(/\s+/);
      const device = /\bdev\s+(\S+)/.exec(words)?.[1];
      if (device !== undefined && !isGone) this.added.push({ device, address });
      return;
    }
    if (isOfRoutes(object)) {
      if (verb === 'flush') {
        const flushed = routingTable(/\b(?:table|t)\s+(\S+)/.exec(words)?.[1] ?? 'main');
        this.routes = this.routes.filter((one) => this.inTable(one).table !== flushed);
        return;
      }
      const before = this.routes.length;
      this.route(words.replace(/^to\s+/, ''), number, true);
      const [made] = this.routes.splice(before);
      if (made === undefined) return;
      const isIt = (one: Route) => isSame({ ...one, ...defaults }, { ...made, ...defaults });
      if (isGone) this.routes = this.routes.filter((one) => !isIt(this.inTable(one)));
      else if (!this.routes.some(isIt)) this.routes.push(made);
      return;
    }
    const priority = /\b(?:pref\w*|prio\w*|order)\s+(\d+)/.exec(words)?.[1];
    const not = /^not\b/.test(words) ? 'not ' : undefined;
    const from = /\bfrom\s+(\S+)/.exec(words)?.[1] ?? 'all';
    const rest = words.replace(/^not\s+|\bfrom\s+\S+\s*|\b(?:pref\w*|prio\w*|order)\s+\d+\s*/g, '');
    const before = this.rules.length;
    this.rule([line, priority, not, from, rest], line, number, true);
    const [made] = this.rules.splice(before);
    if (made === undefined) return;
    const unplaced = (one: RoutingRule) => ({ ...one, priority: 0 });
    const at = this.rules.findIndex((one) => isSame(unplaced(one), unplaced(made)));
    if (isGone && at >= 0) this.rules.splice(at, 1);
    else if (!isGone && at < 0) this.rules.push(made);
  }

  /** fib_default_rule_pref in net/core/fib_rules.c: before all but the rule of the table local. */
  private nextPriority(family: Family): number {
    const taken = this.rules.filter((one) => one.family === family).map(({ priority }) => priority);
    return Math.max(0, Math.min(32766, ...taken.filter((one) => one > 0)) - 1);
  }

  private rule(
    [, priority, not, from, rest = '']: readonly (string | undefined)[],
    line: string,
    number: number,
    isAdded = false,
  ): void {
    this.hasRules = true;
    if (priority === '0') this.beginnings++;
    const words = rest.trim().split(/\s+/).filter(Boolean);
    const found: { -readonly [field in keyof RoutingRule]?: RoutingRule[field] } = {};
    let unknown = not === undefined ? null : 'not';
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as string;
      const value = words[at + 1] ?? '';
      switch (word) {
        case 'to':
        case 'iif':
        case 'oif':
          found[word] = value;
          at++;
          break;
        case 'fwmark': {
          const [mark = '', mask] = value.split('/');
          found.fwmark = { value: Number(mark), mask: mask === undefined ? 0xffffffff : Number(mask) };
          at++;
          break;
        }
        case 'lookup':
        case 'table':
          found.table = value;
          at++;
          break;
        case 'proto':
        case 'protocol':
          at++;
          break;
        case '[detached]':
          break;
        default:
          unknown ??= word;
      }
    }
    const family =
      this.family ?? familyOfPrefix(from) ?? familyOfPrefix(found.to) ?? (this.beginnings > 1 ? 'v6' : 'v4');
    if (!isAdded) this.told.rules.add(family);
    const { table } = found;
    if (unknown !== null || table === undefined || Number.isNaN(found.fwmark?.value)) {
      this.problem(
        line,
        number,
        unknown === null
          ? { code: 'routing rule without table' }
          : { code: 'routing rule unknown', word: unknown },
      );
      return;
    }
    if (own.has(`${priority} ${table}`)) return;
    this.rules.push({
      ...found,
      table,
      priority: priority === undefined ? this.nextPriority(family) : Number(priority),
      family,
      ...(from === undefined || from === 'all' ? {} : { from }),
    });
  }

  private route(line: string, number: number, isAdded = false): void {
    this.hasRoutes = true;
    const type = routeTypes.exec(line)?.[1];
    const [written = '', ...words] = line.replace(routeTypes, '').split(/\s+/);
    const destination = /^(0\.0\.0\.0|::)\/0$/.test(written) ? 'default' : written;
    const after = (word: string) => {
      const at = words.indexOf(word);
      return at < 0 ? undefined : words[at + 1];
    };
    const [via, src, dev, metric] = [after('via'), after('src'), after('dev'), after('metric')];
    const family =
      familyOfPrefix(written) ??
      familyOfPrefix(via) ??
      familyOfPrefix(src) ??
      this.family ??
      (/\b(pref (low|medium|high)|proto ra)\b/.test(line) ? 'v6' : 'v4');
    if (!isAdded) this.told.routes.add(family);
    const asked = this.table === null || this.table === 'all' ? undefined : this.table;
    const table = routingTable(after('table') ?? asked ?? 'main');
    if (!isAdded) {
      if (table === 'local') this.isAll = true;
      this.tables.add(table);
    }
    if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return;
    if (type === 'nat') {
      this.problem(line, number, { code: 'route type unknown', type });
      return;
    }
    if (destination !== 'default' && readPrefix(destination) === null) {
      this.problem(line, number, { code: 'route destination unreadable', destination });
      return;
    }
    this.routes.push({
      destination,
      family,
      ...(type === undefined ? {} : { type: type as Route['type'] & string }),
      ...(dev === undefined ? {} : { dev }),
      ...(via === undefined ? {} : { via }),
      ...(src === undefined ? {} : { src }),
      ...(table === 'main' ? {} : { table }),
      ...(metric === undefined || !/^\d+$/.test(metric) ? {} : { metric: Number(metric) }),
    });
  }

  private addressesOf(device: string): string[] {
    const known = this.interfaces.get(device);
    if (known !== undefined) return known;
    const made: string[] = [];
    this.interfaces.set(device, made);
    return made;
  }

  private address(device: string, text: string): void {
    const [alone = ''] = text.split('/');
    if (readAddress(alone) === null) return;
    const written = text.includes('/') ? text : `${text}/${alone.includes(':') ? 128 : 32}`;
    const addresses = this.addressesOf(device);
    if (!addresses.includes(written)) addresses.push(written);
  }

  private problem(line: string, number: number, details: ProblemDetails): void {
    this.problems.push({ line: number, column: 1, ...details, text: line });
  }

  network(): Network {
    // An address that is added to lo tells of no other interface.
    const isTold = this.interfaces.size > 0;
    for (const { device, address } of this.added) {
      if (isTold || device !== 'lo') this.address(device, address);
    }
    const interfaces = this.interfaces.size > 0 ? this.interfaces : addressesFrom(this.routes);
    return {
      ...(interfaces.size === 0
        ? {}
        : { interfaces: [...interfaces].map(([name, addresses]) => this.linked(name, addresses)) }),
      ...(this.hasRoutes ? { routes: this.routesOnce() } : {}),
      ...(this.hasRules ? { rules: this.rules } : {}),
      told: { routes: [...this.told.routes], rules: [...this.told.rules] },
      tables: this.isAll ? null : [...this.tables],
      problems: this.problems,
    };
  }

  private linked(name: string, addresses: readonly string[]): Interface {
    const [master, lower = ''] = [this.masters.get(name), this.lowers.get(name)];
    // `if9` is of another namespace, and the two ends of a veth pair name each other.
    const stands = this.interfaces.has(lower) && this.lowers.get(lower) !== name;
    return {
      name,
      addresses,
      ...(master === undefined ? {} : { master }),
      ...(stands ? { lower } : {}),
    };
  }

  /** What is added by a command and printed afterwards is one route. */
  private routesOnce(): readonly Route[] {
    const placed = this.routes.map((one) => this.inTable(one));
    return [...new Map(placed.map((one) => [JSON.stringify(one), one])).values()];
  }

  /** `ip route show table N` prints no table: a local route on its own is not of main, where none stands. */
  private inTable(route: Route): Route {
    const marked = [
      ...new Set(this.rules.flatMap(({ fwmark, table }) => (fwmark === undefined ? [] : [table]))),
    ];
    const [only] = marked;
    return route.type === 'local' && route.table === undefined && marked.length === 1 && only !== undefined
      ? { ...route, table: only }
      : route;
  }
}

function isOfRoutes(object: string): boolean {
  return object.startsWith('r') && !object.startsWith('ru');
}

/** What does not tell one route from another. */
const defaults = { src: undefined, metric: undefined };

function isSame(one: object, other: object): boolean {
  const plain = (object: object) =>
    JSON.stringify(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
  return plain(one) === plain(other);
}

function familyOfPrefix(text: string | undefined): Family | null {
  const address = text?.split('/')[0] ?? '';
  return readAddress(address) === null ? null : familyOf(address);
}

/** The kernel's own routes name the addresses that they came with. */
function addressesFrom(routes: readonly Route[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { destination, type, dev, src, table } of routes) {
    const isOwn = type === 'local' && table === 'local' && !destination.includes('/');
    const address = isOwn ? destination : type === undefined ? src : undefined;
    if (dev === undefined || address === undefined || destination === 'default') continue;
    const length = isOwn ? null : destination.split('/')[1];
    const addresses = found.get(dev) ?? [];
    found.set(dev, addresses);
    const at = addresses.findIndex((one) => one.split('/')[0] === address);
    const written = address.startsWith('127.')
      ? `${address}/8`
      : `${address}/${length ?? (address.includes(':') ? 128 : 32)}`;
    if (at < 0) addresses.push(written);
    else if (length !== null && /\/(32|128)$/.test(addresses[at] as string)) addresses[at] = written;
  }
  return found;
}
