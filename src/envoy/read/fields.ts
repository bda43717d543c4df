/**
 * The fields of one message, asked by their names in the API. Envoy writes them in snake_case, protojson in
 * lowerCamelCase: both are read. What nobody has asked for is left over, and kept.
 */
import type { Kept } from '../model/config.ts';
import type { Wanted } from '../model/problem.ts';
import { mostNested, NestedTooDeep } from './values.ts';

type Message = Readonly<Record<string, unknown>>;
const noMessage: Message = Object.freeze({});

/** Whose reading it is: what becomes of what cannot be read, and of what is secret in what is kept. */
export interface ConfigReading {
  unreadable(where: string, found: unknown, wanted: Wanted): void;
  /** The value of a field as it is kept. */
  shown(key: string, value: unknown): unknown;
}

/** A message, or an empty one where something else stands. */
export function fieldsOf(
  reading: ConfigReading,
  value: unknown,
  name: string,
  outer: MessageFields | null = null,
  at = -1,
): MessageFields {
  if (isMessage(value)) return new MessageFields(value, name, reading, outer, at);
  const fields = new MessageFields(noMessage, name, reading, outer, at);
  if (value !== undefined && value !== null) reading.unreadable(fields.where, value, 'message');
  return fields;
}

const nothing: readonly MessageFields[] = [];
const noNames: readonly string[] = [];
const nothingKept: Kept = Object.freeze({});

export class MessageFields {
  readonly #message: Message;
  readonly #reading: ConfigReading;
  readonly #outer: MessageFields | null;
  readonly #name: string;
  readonly #at: number;
  readonly #depth: number;
  /** The message's own keys that were asked for. A configuration has a million messages: lists are made when they are needed. */
  #asked: string[] | null = null;
  /** Messages in it that were asked for, by their fields: never an empty list. */
  #inner: (readonly MessageFields[])[] | null = null;
  #isKept = false;

  /** `at` is -1 where it is no item of a list. */
  constructor(
    message: Message,
    name: string,
    reading: ConfigReading,
    outer: MessageFields | null,
    at: number,
  ) {
    this.#message = message;
    this.#name = name;
    this.#reading = reading;
    this.#outer = outer;
    this.#at = at;
    this.#depth = outer === null ? 0 : outer.#depth + 1;
    if (this.#depth > mostNested) throw new NestedTooDeep();
  }

  /** `text.static_resources.listeners[0]`. */
  get where(): string {
    const own = this.#at < 0 ? this.#name : `${this.#name}[${this.#at}]`;
    return this.#outer === null ? own : `${this.#outer.where}.${own}`;
  }

  get reading(): ConfigReading {
    return this.#reading;
  }

  /** The value of a field, undefined where it is not there. */
  get(name: string): unknown {
    let key = name;
    let value = this.#message[key];
    if (value === undefined) {
      key = camelCase(name);
      if (key === name) return undefined;
      value = this.#message[key];
      if (value === undefined) return undefined;
    }
    if (this.#asked === null) this.#asked = [key];
    else this.#asked.push(key);
    return value === null ? undefined : value;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  text(name: string, otherwise = ''): string {
    const value = this.get(name);
    if (value === undefined) return otherwise;
    if (typeof value === 'string') return value;
    // YAML takes some words for numbers.
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.#not(name, value, 'text', otherwise);
  }

  number<Otherwise extends number | null>(name: string, otherwise: Otherwise): number | Otherwise {
    const value = this.get(name);
    if (value === undefined) return otherwise;
    const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof read === 'number' && Number.isFinite(read)) return read;
    return this.#not(name, value, 'whole number', otherwise);
  }

  truth(name: string, otherwise = false): boolean {
    const value = this.get(name);
    if (value === undefined) return otherwise;
    if (typeof value === 'boolean') return value;
    return this.#not(name, value, 'true or false', otherwise);
  }

  /** In milliseconds: `"0.250s"`. */
  duration(name: string, otherwise: number): number {
    const value = this.get(name);
    if (value === undefined) return otherwise;
    const seconds = typeof value === 'string' ? /^(-?\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined;
    if (seconds === undefined) return this.#not(name, value, 'duration', otherwise);
    return Math.round(Number(seconds) * 1000);
  }

  list(name: string): readonly unknown[] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    // Protobuf takes one message for a list of it.
    if (isMessage(value)) return [value];
    return this.#not(name, value, 'list', []);
  }

  texts(name: string): readonly string[] {
    const values = this.list(name);
    return values.length === 0 ? noNames : values.map((value) => String(value));
  }

  messages(name: string): readonly MessageFields[] {
    const known = this.#known(name);
    if (known !== null) return known;
    const values = this.list(name);
    if (values.length === 0) return nothing;
    return this.#keep(values.map((value, at) => fieldsOf(this.#reading, value, name, this, at)));
  }

  message(name: string): MessageFields | null {
    const value = this.get(name);
    return value === undefined ? null : this.#messageOf(name, value);
  }

  /** The message, or an empty one. */
  inner(name: string): MessageFields {
    return this.#messageOf(name, this.get(name));
  }

  #messageOf(name: string, value: unknown): MessageFields {
    const [known] = this.#known(name) ?? nothing;
    if (known !== undefined) return known;
    const made = fieldsOf(this.#reading, value, name, this);
    if (value !== undefined) this.#keep([made]);
    return made;
  }

  #known(name: string): readonly MessageFields[] | null {
    if (this.#inner !== null)
      for (const messages of this.#inner) if ((messages[0] as MessageFields).#name === name) return messages;
    return null;
  }

  #keep(messages: readonly MessageFields[]): readonly MessageFields[] {
    if (this.#inner === null) this.#inner = [messages];
    else this.#inner.push(messages);
    return messages;
  }

  /** Names of fields that are there, of those asked for. */
  present(names: readonly string[]): readonly string[] {
    let found: string[] | null = null;
    for (const name of names) {
      if (!this.has(name)) continue;
      if (found === null) found = [name];
      else found.push(name);
    }
    return found ?? noNames;
  }

  unreadable(name: string, found: unknown, wanted: Wanted): void {
    this.#reading.unreadable(`${this.where}.${name}`, found, wanted);
  }

  /** What nobody has asked for, by the names in the API, with what is left of the messages in it. */
  rest(): Kept {
    this.#isKept = true;
    let left: Record<string, unknown> | null = null;
    const asked = this.#asked;
    for (const key in this.#message) {
      if (asked?.includes(key)) continue;
      left ??= Object.create(null) as Record<string, unknown>;
      left[snakeCase(key)] = this.#reading.shown(key, this.#message[key]);
    }
    const inner = this.#inner;
    if (inner === null) return left ?? nothingKept;
    // They are not needed any more, and there are many.
    this.#inner = null;
    for (const messages of inner) {
      let kept: Kept[] | null = null;
      for (const one of messages) {
        if (one.#isKept) continue;
        const rest = one.rest();
        if (rest === nothingKept) continue;
        if (kept === null) kept = [rest];
        else kept.push(rest);
      }
      if (kept === null) continue;
      left ??= Object.create(null) as Record<string, unknown>;
      left[(messages[0] as MessageFields).#name] = kept.length === 1 ? kept[0] : kept;
    }
    return left ?? nothingKept;
  }

  #not<Value>(name: string, found: unknown, wanted: Wanted, otherwise: Value): Value {
    this.unreadable(name, found, wanted);
    return otherwise;
  }
}

/** What is left of two messages, the one within the other. */
export function keptOf(inner: Kept, outer: Kept): Kept {
  if (outer === nothingKept) return inner;
  return inner === nothingKept ? outer : { ...inner, ...outer };
}

/** `typed_config` of a filter or a socket; before v3 it stood in `config`. */
export function typedConfigOf(fields: MessageFields): MessageFields {
  return fields.message('typed_config') ?? fields.inner('config');
}

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The names of a text are few, and come again and again. */
export function remembered<Value>(make: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) {
      value = make(name);
      if (known.size < 10_000) known.set(name, value);
    }
    return value;
  };
}

const camelCase = remembered((name) =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
);

const snakeCase = remembered((name) =>
  /^[a-z][A-Za-z0-9]*$/.test(name) ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name,
);
