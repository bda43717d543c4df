/**
 * One rule from its words: conditions, matches with their options, and a target.
 */
import { familyOf, readAddress } from '../model/address.ts';
import type { ProblemDetails, ValueName } from '../model/problem.ts';
import { protocolName } from '../model/protocol.ts';
import type { Counters, Family, Match, Option, Rule, Target } from '../model/ruleset.ts';
import { nearest } from '../text/spelling/index.ts';
import { ipMatch, type Known, knownMatch, knownTarget } from './catalogue.ts';
import type { Forms, MatchExtension, OptionForm, Settle, TargetExtension } from './extension.ts';
import { splitJoined } from './joined-option/index.ts';
import { mostOfLists, mostWords } from './limits.ts';
import { matchExtensions } from './matches/index.ts';
import { type Found, Unreadable } from './unreadable.ts';

export interface ReadRule {
  /** Several where an address condition lists several addresses, as iptables makes several of it. */
  readonly rules: readonly Rule[];
  readonly problems: readonly Found[];
  /** False where a part could not be read. */
  readonly isWhole: boolean;
  /** Where the rules go, if that is to a name which is no target known here. */
  readonly jump: Jump | null;
}

/** A name behind `-j` or `-g` that is no target known here. */
export interface Jump {
  readonly name: string;
  readonly goto: boolean;
  readonly column: () => number;
  readonly options: readonly Option[];
}

/** What stands before a rule, or is known of it from elsewhere. */
export interface RuleOrigin {
  /** The line of the text. */
  readonly line: number;
  /** As `iptables-save -c` prints them before a rule; those of `-c` count where there are none. */
  readonly counters: Counters | undefined;
}

/** A match while it is read; `known` is undefined for one that is not known here. */
interface OpenMatch {
  readonly name: string;
  readonly known: Known<MatchExtension> | undefined;
  readonly options: Option[];
}

/** A jump while it is read. */
interface OpenJump {
  readonly name: string;
  readonly goto: boolean;
  readonly at: number;
  readonly options: Option[];
}

type ColumnOf = (word: number) => number;

const nothingFound: readonly Found[] = [];
const noOptions: readonly Option[] = [];

/**
 * How many options of one form are kept, to be one object where they are written alike. The few protocols, ports and
 * marks of a ruleset come again in every rule; its thousands of addresses come once or twice, and to look each of
 * them up would cost more than to read it.
 */
const mostKept = 256;

/** Reads the rules of one text. */
export class RuleReader {
  private readonly family: Family;
  private readonly kept = new Map<OptionForm, Map<string, Option>>();
  private words: readonly string[] = [];
  private at = 0;
  private column: ColumnOf = () => 1;
  private problems: Found[] = [];
  private base: Option[] = [];
  private addresses: Map<string, readonly Option[]> | null = null;
  private matches: OpenMatch[] = [];
  private target: { readonly known: Known<TargetExtension>; readonly options: Option[] } | null = null;
  private jump: OpenJump | null = null;
  private counters: Counters | undefined;
  /** How many rules the lists of the text have made. */
  private listed = 0;

  constructor(family: Family) {
    this.family = family;
  }

  read(words: readonly string[], from: number, column: ColumnOf, origin: RuleOrigin): ReadRule {
    this.words = words;
    this.at = from;
    this.column = column;
    this.problems = [];
    this.base = [];
    this.addresses = null;
    this.matches = [];
    this.target = null;
    this.jump = null;
    this.counters = origin.counters;
    let isWhole = true;
    try {
      const count = words.length - from;
      if (count > mostWords)
        throw this.unreadable(from, { code: 'rule too long', words: count, most: mostWords });
      while (this.at < this.words.length) this.readOption();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      isWhole = false;
      this.problems.push(error.found);
    }
    const jump = isWhole ? this.closedJump() : null;
    return {
      rules: this.made(jump, origin.line),
      problems: this.problems.length === 0 ? nothingFound : this.problems,
      isWhole,
      jump,
    };
  }

  private closedJump(): Jump | null {
    const { jump, column } = this;
    if (jump === null) return null;
    const { name, goto, at, options } = jump;
    return { name, goto, column: () => column(at), options };
  }

  private made(jump: Jump | null, line: number): readonly Rule[] {
    const { family, counters } = this;
    const rest = this.matches.map(
      ({ name, known, options }): Match => ({
        extension: name,
        options: known === undefined ? options : settled(options, known, family),
      }),
    );
    const target = jump === null ? this.madeTarget() : chainTarget(jump);
    const rule = (base: readonly Option[]): Rule => {
      // None may be left: `-s 0.0.0.0/0` and `-p all` ask for nothing, and the kernel does not keep them.
      const options = settled(base, ipMatch, family);
      const matches = options.length === 0 ? rest : [{ extension: 'ip', options }].concat(rest);
      return counters === undefined ? { matches, target, line } : { matches, target, counters, line };
    };
    if (this.addresses === null) return [rule(this.base)];
    const rules = this.eachAddress().map(rule);
    this.listed += rules.length;
    return rules;
  }

  private madeTarget(): Target | null {
    if (this.target === null) return null;
    const { known, options } = this.target;
    return {
      kind: 'extension',
      name: known.extension.name,
      options: settled(options, known, this.family),
    };
  }

  /** `-s a,b` is two rules. */
  private eachAddress(): readonly (readonly Option[])[] {
    return [...(this.addresses?.values() ?? [])].reduce<readonly (readonly Option[])[]>(
      (rules, alternatives) => rules.flatMap((rule) => alternatives.map((option) => [...rule, option])),
      [this.base],
    );
  }

  private readOption(): void {
    let negated = false;
    if (this.words[this.at] === '!') {
      negated = true;
      this.at++;
    }
    const at = this.at;
    const word = this.words[at];
    if (word === undefined) {
      throw this.unreadable(at, { code: 'line cut off', behind: { kind: 'negation' } });
    }
    this.at++;
    switch (word) {
      case '-m':
      case '--match':
        return this.openMatch(this.word(at, 'match'), this.at - 1);
      case '-j':
      case '--jump':
        return this.openTarget(this.word(at, 'target'), false, this.at - 1);
      case '-g':
      case '--goto':
        return this.openTarget(this.word(at, 'chain'), true, this.at - 1);
      case '-c':
      case '--set-counters':
        return this.readCounters(at);
    }
    const last = this.matches[this.matches.length - 1];
    const ipForm = ipMatch.forms.byName.get(word);
    if (
      last !== undefined &&
      last.known === undefined &&
      ipForm === undefined &&
      this.target === null &&
      this.jump === null &&
      isOption(word)
    ) {
      last.options.push({ name: word, negated, value: this.unknownValue() });
      return;
    }
    const targetForm = this.target?.known.forms.byName.get(word);
    if (this.target !== null && targetForm !== undefined) {
      this.target.options.push(this.readValue(targetForm, at, negated));
      return;
    }
    // An option of an open match comes first: policy has a --proto of its own.
    for (let open = word.startsWith('--') ? this.matches.length - 1 : -1; open >= 0; open--) {
      const match = this.matches[open] as OpenMatch;
      const form = match.known?.forms.byName.get(word);
      if (form === undefined) continue;
      match.options.push(this.readValue(form, at, negated));
      return;
    }
    if (ipForm !== undefined) {
      if (ipForm.name === '-s' || ipForm.name === '-d') this.readAddresses(ipForm, at, negated);
      else this.base.push(this.readValue(ipForm, at, negated));
      return;
    }
    const implied = this.implied();
    const form = implied?.forms.byName.get(word);
    if (implied !== undefined && form !== undefined) {
      const match: OpenMatch = { name: implied.extension.name, known: implied, options: [] };
      this.matches.push(match);
      match.options.push(this.readValue(form, at, negated));
      return;
    }
    // A goto takes no options: iptables refuses the line, and so it is kept as text.
    if (this.jump !== null && !this.jump.goto && isOption(word)) {
      this.jump.options.push({ name: word, negated, value: this.unknownValue() });
      return;
    }
    const words = splitJoined?.(this.words, at) ?? null;
    if (words === null) throw this.unknownOption(at, word);
    const { column } = this;
    this.words = words;
    this.column = (of) => column(of > at ? of - 1 : of);
    this.at = negated ? at - 1 : at;
    this.readOption();
  }

  private unknownOption(at: number, word: string): Unreadable {
    const known = [
      ipMatch.forms,
      ...this.matches.flatMap(({ known }) => known?.forms ?? []),
      ...(this.target === null ? [] : [this.target.known.forms]),
      ...(this.implied() === undefined ? [] : [(this.implied() as Known<MatchExtension>).forms]),
    ];
    const names = known.flatMap(({ byName }: Forms) => [...byName.keys()]);
    return this.unreadable(at, {
      code: 'option unknown',
      option: word,
      meant: nearest(word, names),
      before: this.before(word),
    });
  }

  /** What makes an option of this name known, where it stands before it. */
  private before(name: string): string | null {
    const first = matchExtensions.find(
      (one) => knownMatch(one.name, this.family)?.forms.byName.has(name) === true,
    );
    if (first === undefined) return null;
    const implied = first.impliedBy?.[0];
    return implied === undefined ? `-m ${first.name}` : `-p ${implied}`;
  }

  private readCounters(at: number): void {
    const packets = this.word(at, 'counters');
    const bytes = this.word(at, 'counters');
    if (!/^\d{1,20}$/.test(packets) || !/^\d{1,20}$/.test(bytes)) {
      throw this.unreadable(at, {
        code: 'counters unreadable',
        counters: `${packets} ${bytes}`,
        option: '-c',
      });
    }
    this.counters ??= { packets: BigInt(packets), bytes: BigInt(bytes) };
  }

  /** A name that is none is not kept as one: printed, it would be read as something else. */
  private refuseOddName(name: string, at: number, wanted: 'match' | 'target' | 'chain'): void {
    if (!/^[^\s"'\\!-][^\s"'\\]*$/.test(name))
      throw this.unreadable(at, { code: 'name not allowed', name, wanted });
  }

  private openMatch(name: string, at: number): void {
    const known = knownMatch(name, this.family);
    if (known === undefined) this.refuseOddName(name, at, 'match');
    // The conditions without -m go by that name here; iptables has no match of it.
    if (name === 'ip') throw this.unreadable(at, { code: 'name not allowed', name, wanted: 'match' });
    this.matches.push({ name, known, options: [] });
    if (known !== undefined) return;
    const names = matchExtensions.map((one) => one.name).filter((one) => one !== 'ip');
    const column = this.column(at);
    this.problems.push({ code: 'match unknown', column, match: name, meant: nearest(name, names) });
  }

  private openTarget(name: string, goto: boolean, at: number): void {
    const known = goto ? undefined : knownTarget(name, this.family);
    if (known === undefined) this.refuseOddName(name, at, goto ? 'chain' : 'target');
    this.jump = known === undefined ? { name, goto, at, options: [] } : null;
    this.target = known === undefined ? null : { known, options: [] };
  }

  /** `-p tcp --dport 80` is `-p tcp -m tcp --dport 80`. */
  private implied(): Known<MatchExtension> | undefined {
    const protocol = this.base.find(({ name, negated }) => name === '-p' && !negated);
    if (protocol === undefined) return undefined;
    const name = protocolName(protocol.value as number);
    const extension = matchExtensions.find(
      ({ impliedBy, family }) =>
        impliedBy?.includes(name) === true && (family ?? this.family) === this.family,
    );
    return extension === undefined ? undefined : knownMatch(extension.name);
  }

  private readAddresses(form: OptionForm, at: number, negatedBefore: boolean): void {
    const negated = this.takeNot() || negatedBefore;
    const value = this.word(at, form.value.name);
    if (!value.includes(',')) {
      this.base.push(this.option(form, at, value, negated));
      return;
    }
    if (negated) {
      throw this.unreadable(this.at - 1, {
        code: 'option cannot be negated',
        option: this.words[at] as string,
        addresses: value,
      });
    }
    const parts = value.split(',');
    this.allowList(form, parts.length);
    const options = parts.map((part) => this.option(form, at, part, false));
    this.addresses ??= new Map();
    this.addresses.set(form.name, options);
  }

  /** Throws where the rule would be too many. */
  private allowList(form: OptionForm, length: number): void {
    let rules = length;
    for (const [name, options] of this.addresses ?? []) if (name !== form.name) rules *= options.length;
    if (rules <= mostOfLists.line && this.listed + rules <= mostOfLists.text) return;
    this.addresses = null;
    throw this.unreadable(this.at - 1, { code: 'too many of lists', rules, most: mostOfLists });
  }

  private readValue(form: OptionForm, at: number, negatedBefore: boolean): Option {
    const { words } = form.value;
    // What takes no "!" may have one for its value: --comment !
    const negated = (words > 0 && form.negatable && this.takeNot()) || negatedBefore;
    if (negated && !form.negatable) {
      throw this.unreadable(at, {
        code: 'option cannot be negated',
        option: this.words[at] as string,
        addresses: null,
      });
    }
    if (words === 1) return this.option(form, at, this.word(at, form.value.name), negated);
    if (words === 0) return { name: form.name, negated, value: form.value.read([], this.family) };
    const values = Array.from({ length: words }, () => this.word(at, form.value.name));
    const value = form.value.read(values, this.family);
    if (value === null) throw this.badValue(form, at, values.join(' '), this.at - words);
    return { name: form.name, negated, value };
  }

  private option(form: OptionForm, at: number, text: string, negated: boolean): Option {
    const kept = this.keptOf(form);
    const key = negated ? `!${text}` : text;
    const found = kept.get(key);
    if (found !== undefined) return found;
    const value = form.value.read([text], this.family);
    if (value === null) throw this.badValue(form, at, text, this.at - 1);
    const option: Option = { name: form.name, negated, value };
    if (kept.size < mostKept) kept.set(key, option);
    return option;
  }

  private keptOf(form: OptionForm): Map<string, Option> {
    const known = this.kept.get(form);
    if (known !== undefined) return known;
    const made = new Map<string, Option>();
    this.kept.set(form, made);
    return made;
  }

  private badValue(form: OptionForm, option: number, text: string, at: number): Unreadable {
    const address = readAddress(text.split('/')[0] ?? '');
    const isOther = address !== null && familyOf(text) !== this.family;
    return this.unreadable(at, {
      code: isOther ? 'value of the other family' : 'value unreadable',
      value: text,
      option: this.words[option] as string,
      wanted: form.value.name,
      family: this.family,
    });
  }

  /** The words of an option of an extension that is not known: up to what begins the next one. */
  private unknownValue(): string {
    const values: string[] = [];
    for (let word = this.words[this.at]; word !== undefined; word = this.words[this.at]) {
      if (word === '!' || /^--?[a-zA-Z]/.test(word)) break;
      values.push(/^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`);
      this.at++;
    }
    return values.join(' ');
  }

  private takeNot(): boolean {
    if (this.words[this.at] !== '!') return false;
    this.at++;
    return true;
  }

  private word(option: number, wanted: ValueName): string {
    const word = this.words[this.at];
    if (word === undefined) {
      throw this.unreadable(this.at, {
        code: 'line cut off',
        behind: { kind: 'option', option: this.words[option] as string, wanted },
      });
    }
    this.at++;
    return word;
  }

  private unreadable(at: number, details: ProblemDetails): Unreadable {
    return new Unreadable({ column: this.column(at), ...details });
  }
}

function isOption(word: string): boolean {
  return /^--?[a-zA-Z][\w-]*$/.test(word);
}

/** A jump is one to a chain, until it is known that there is none of this name. */
function chainTarget({ name, goto }: Jump): Target {
  return { kind: 'chain', chain: name, goto };
}

/**
 * In the order in which iptables-save prints them, and as the kernel keeps them. Always a copy, because an array that
 * grew has room left for more, and there are hundreds of thousands of these.
 */
function settled(
  options: readonly Option[],
  { extension, forms }: { readonly extension: { readonly settle?: Settle }; readonly forms: Forms },
  family: Family,
): readonly Option[] {
  const kept = extension.settle?.(options, family) ?? options;
  if (kept.length === 0) return noOptions;
  const settled = kept.slice();
  if (settled.length < 2) return settled;
  // What stands behind --next belongs to the next element of an IPsec policy.
  if (settled.some(({ name }) => name === '--next')) return settled;
  const place = ({ name }: Option) => forms.order.get(name) ?? 0;
  return isSorted(settled, place) ? settled : settled.sort((a, b) => place(a) - place(b));
}

function isSorted(options: readonly Option[], place: (option: Option) => number): boolean {
  let last = -1;
  for (const option of options) {
    const at = place(option);
    if (at < last) return false;
    last = at;
  }
  return true;
}
