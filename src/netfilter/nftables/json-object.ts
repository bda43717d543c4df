/** Chains, sets and named objects as libnftables-json(5) has them, as the lines that `nft list ruleset` writes of them. */
import {
  type Json,
  type JsonObject,
  jsonList,
  jsonQuoted,
  jsonWords,
  objectOf,
  onlyEntry,
  setText,
  spellingsOfType,
  timeText,
  wordOf,
} from './json-expression.ts';
import { limitText, statementText, synproxyWords } from './json-statement.ts';
import { type NftFamily, type NftHook, nftHooks } from './model.ts';
import { writePriority } from './priority.ts';

/** The kinds that stand in a table before its chains. */
export const objectKinds: ReadonlySet<string> = new Set([
  'counter',
  'quota',
  'limit',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'synproxy',
  'secmark',
  'flowtable',
  'set',
  'map',
  'meter',
]);

/** The lines between the braces. */
export function objectLines(kind: string, object: JsonObject, family: NftFamily): readonly string[] {
  switch (kind) {
    case 'set':
    case 'map':
    case 'meter':
      return setLines(kind, object, family);
    case 'flowtable':
      return [
        `hook ${wordOf(object.hook)} priority ${writePriority(Number(object.prio), family, hookOf(object.hook))}`,
        `devices = { ${jsonWords(object.dev).join(', ')} }`,
      ];
    default:
      return [...commentLine(object), ...namedLines(kind, object)];
  }
}

export function commentLine({ comment }: JsonObject): readonly string[] {
  return comment === undefined ? [] : [`comment ${jsonQuoted(comment)}`];
}

function namedLines(kind: string, object: JsonObject): readonly string[] {
  const line = (name: string, value: Json | undefined) =>
    value === undefined ? [] : [`${name} ${wordOf(value)}`];
  switch (kind) {
    case 'counter':
      return [`packets ${wordOf(object.packets)} bytes ${wordOf(object.bytes)}`];
    case 'quota': {
      const used = object.used === 0 || object.used === undefined ? '' : ` used ${amount(object.used)}`;
      return [`${object.inv === true ? 'over ' : ''}${amount(object.bytes)}${used}`];
    }
    case 'limit':
      return [limitText(object)];
    case 'ct helper':
      return [
        `type ${jsonQuoted(object.type)} protocol ${wordOf(object.protocol)}`,
        ...line('l3proto', object.l3proto),
      ];
    case 'ct timeout': {
      const states = Object.entries(objectOf(object.policy ?? {}));
      return [
        ...line('protocol', object.protocol),
        ...line('l3proto', object.l3proto),
        `policy = { ${states.map(([state, time]) => `${wordOf(state)} : ${wordOf(time)}`).join(', ')} }`,
      ];
    }
    case 'ct expectation':
      return [
        ...line('protocol', object.protocol),
        ...line('dport', object.dport),
        // JSON tells milliseconds here.
        `timeout ${timeText(Number(object.timeout) / 1000)}`,
        ...line('size', object.size),
        ...line('l3proto', object.l3proto),
      ];
    case 'synproxy':
      return synproxyWords(object);
    default:
      return object.context === undefined ? [] : [jsonQuoted(object.context)];
  }
}

/** `10 mbytes`: the largest unit of which it is a whole number. Source: get_rate in src/datatype.c of nftables. */
function amount(bytes: Json | undefined): string {
  const count = Number(wordOf(bytes));
  if (count === 0 || count % 1024 !== 0) return `${count} bytes`;
  return count % 1_048_576 === 0 ? `${count / 1_048_576} mbytes` : `${count / 1024} kbytes`;
}

const flagsInOrder = ['constant', 'dynamic', 'interval', 'timeout'];

/** Source: set_print_declaration in src/rule.c of nftables. */
function setLines(kind: string, set: JsonObject, family: NftFamily): readonly string[] {
  const type = jsonWords(set.type).join(' . ');
  const data = set.map === undefined ? undefined : jsonWords(set.map).join(' . ');
  const told = [...jsonWords(set.flags)];
  told.sort((one, other) => flagsInOrder.indexOf(one) - flagsInOrder.indexOf(other));
  // A set with a time for all its elements needs no flag for it, where it has no other.
  const flags = told.join() === 'timeout' && set.timeout !== undefined ? [] : told;
  const seconds = (name: string) =>
    set[name] === undefined ? [] : [`${name} ${timeText(Number(set[name]))}`];
  const elements = set.elem === undefined ? [] : jsonList(set.elem);
  const written = setText(elements, spellingsOfType(type), spellingsOfType(data ?? ''));
  return [
    `type ${type}${kind === 'map' && data !== undefined ? ` : ${data}` : ''}`,
    ...(set.policy === undefined || set.policy === 'performance' ? [] : [`policy ${wordOf(set.policy)}`]),
    ...(set.size === undefined ? [] : [`size ${wordOf(set.size)}`]),
    ...(set.stmt === undefined ? [] : jsonList(set.stmt).map((one) => statementText(one, family))),
    ...(flags.length === 0 ? [] : [`flags ${flags.join(',')}`]),
    ...seconds('timeout'),
    ...seconds('gc-interval'),
    ...(set['auto-merge'] === true ? ['auto-merge'] : []),
    ...commentLine(set),
    ...(elements.length === 0 ? [] : [`elements = ${written}`]),
  ];
}

/** The lines of a chain before its rules. */
export function chainLines(chain: JsonObject, family: NftFamily): readonly string[] {
  if (chain.hook === undefined) return commentLine(chain);
  const devices = jsonWords(chain.dev).map((name) => jsonQuoted(name));
  const device =
    devices.length === 0
      ? ''
      : devices.length === 1
        ? ` device ${devices[0]}`
        : ` devices = { ${devices.join(', ')} }`;
  const priority = writePriority(Number(chain.prio), family, hookOf(chain.hook));
  const policy = chain.policy === undefined ? '' : ` policy ${wordOf(chain.policy)};`;
  return [
    ...commentLine(chain),
    `type ${wordOf(chain.type)} hook ${wordOf(chain.hook)}${device} priority ${priority};${policy}`,
  ];
}

function hookOf(hook: Json | undefined): NftHook {
  return nftHooks.find((name) => name === hook) ?? 'input';
}

/** `table`, `chain`, `rule` and what it says, of one entry of the list. */
export function entryOf(json: Json): readonly [kind: string, object: JsonObject] {
  const [kind, inside] = onlyEntry(json);
  // A script has commands around them.
  return kind === 'add' || kind === 'create' ? entryOf(inside) : [kind, objectOf(inside)];
}
