/**
 * What people paste: rules among prompts, prose, comments and other commands' output. It is cut into what it is, and
 * nothing is dropped in silence.
 */
import { type BackEnd, type Family, readGenerated, readToolLine } from '../../netfilter/index.ts';
import { describedPod, startsUnpadded, switchedValues } from './described.ts';
import { podNamed } from './heading.ts';
import { isListedRow, LineKinds } from './line-kinds.ts';
import { commandOf, isRunTogether, ruleStart, ruleWithin } from './line-start.ts';
import { familyOfRules, familyOfTable, listingsOf } from './listings.ts';
import { tellsOfLost } from './lost-lines.ts';
import {
  add,
  emptyPod,
  isEmpty,
  join,
  type OpenPart,
  type OpenPod,
  type OpenRules,
  withTheirLines,
} from './open-pod.ts';
import { isState, type PastedPart, type PastedPod, type RulesFrom } from './pasted.ts';
import { blankQuotes } from './quotes.ts';
import { tableOf } from './table-of.ts';
import { tidy } from './tidy.ts';
import type { Repair, TidyLine } from './tidy-line.ts';

export interface Paste {
  /** At least one. */
  readonly pods: readonly PastedPod[];
  /** What is none of these. */
  readonly aside: PastedPart;
  /** The first line with characters that turn the direction of text; null where there is none. */
  readonly turning: { readonly line: number; readonly characters: readonly string[] } | null;
  /** Lines of rules with characters that nobody sees, or that look like others: another name than it seems. */
  readonly lookAlikes: readonly { readonly line: number; readonly characters: readonly string[] }[];
  /** What was taken off around the rules. */
  readonly repairs: readonly Repair[];
  /** Lines left aside in which a rule seems to stand, and what stands before the first; null where there is none. */
  readonly seeming: {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly before: string;
  } | null;
}

/** Never throws. */
export function readPaste(text: string): Paste {
  const { lines, repairs } = tidy(text);
  const cutting = new Cutting(lines, repairs);
  for (const [at, line] of lines.entries()) cutting.line(line, at);
  return cutting.paste();
}

const bareTable = /^ *(nat|mangle|raw|filter|security)$/;
/** What a log says before the lines that it gave to iptables-restore. */
const restoreStart =
  /\bRunning (ip6?)tables(-legacy|-nft)?-restore\b.*with the following input|\bWriting following contents to rules file: *\/tmp\/(ip6?)tables-rules/i;
/** A command that shows rules, and changes none. */
const asksForListing =
  /\bip6?tables(?:-legacy|-nft)?(?: -t \w{1,20})? (?:-[nvx]{1,3} ){0,3}(?:-[nvx]{0,3}[LS][nvx]{0,3}|--list)/;
/** Behind it a log shows what a command printed. */
const outputStart = /^(?:Command (?:error )?output|Running command .*: ip6?tables\S*-save)/;

/** A line of rules, and where it stands. */
type RuleLine = Omit<TidyLine, 'pod' | 'isSound'>;

class Cutting {
  private readonly pods: OpenPod[] = [emptyPod(null)];
  private readonly aside: OpenPart = { lines: [], numbers: [] };
  private readonly lookAlikes: { readonly line: number; readonly characters: readonly string[] }[] = [];
  private readonly lines: readonly TidyLine[];
  private readonly repairs: readonly Repair[];
  private tableLines: { line: number; count: number; what: string } | null = null;
  private turning: Paste['turning'] = null;
  private seeming: { from: number; to: number; count: number; before: string } | null = null;
  private readonly kinds = new LineKinds();
  /** The tables of this pod whose family, back end and origin are known. */
  private tables = new Set<string>();
  private told: Family | null = null;
  private from: RulesFrom | null = null;
  /** The table that a listing without one is of, from the command before it. */
  private listing: string | null = null;
  /** A rule of that listing was there. */
  private isBegun = false;
  /** Lines that say of what the rules are that a command will have printed: they count from the first such rule on. */
  private awaited: { readonly text: string; readonly number: number }[] = [];
  /** The name of a table, alone in the line before: Markdown takes the asterisk of `*nat` for one of its own. */
  private bare: { readonly name: string; readonly number: number; readonly raw: string } | null = null;
  /** The table of those lines, where a line named it after all. */
  private headlessTable: string | null = null;
  /** Lines of rules whose table is not told before them. */
  private headless: RuleLine[] = [];
  /** What is of no kind, and the blank lines among it. */
  private readonly loose: { readonly raw: string; readonly number: number }[] = [];
  /** The pod that the prefix of the line before named. */
  private prefixPod: string | null = null;

  constructor(lines: readonly TidyLine[], repairs: readonly Repair[]) {
    this.lines = lines;
    this.repairs = repairs;
  }

  line({ text, number, raw, pod: prefixPod, isSound }: TidyLine, at: number): void {
    if (prefixPod !== null && prefixPod !== this.prefixPod && !/^istio-cni/.test(prefixPod)) {
      this.prefixPod = prefixPod;
      this.named(prefixPod);
    }
    // A rule may hold any words in its comment.
    const isRules = isSound && !text.startsWith('#');
    const line = isRules ? text : this.visible(text, number);
    if (!isRules && this.announces(line, raw, number)) return;
    const bare = this.kinds.inYaml ? null : bareTable.exec(line);
    this.useBare(bare === null && /^(?:-[ANPI] |:\S)/.test(line));
    if (bare !== null) {
      this.bare = { name: bare[1] as string, number, raw };
      return;
    }
    const isDescription = startsUnpadded(raw, this.lines[at + 1]?.raw ?? '');
    const kind = isDescription ? 'aside' : this.kinds.of(line, raw);
    if (kind !== 'rules' && kind !== 'blank') this.endHeadless();
    if (kind === 'aside' || kind === 'blank') this.loose.push({ raw, number });
    switch (kind) {
      case 'rules':
        this.rule(commandOf(line), number, raw, at);
        break;
      case 'yaml':
        add(this.pod.yaml, this.visible(raw, number), number);
        break;
      case 'resolver': {
        const server = /^nameserver\s+(\S+)/.exec(line)?.[1];
        if (server !== undefined) this.pod.servers.push(server);
        break;
      }
      case 'aside':
        this.putAside(raw, number);
        break;
      case 'blank':
        break;
      case 'routing':
        add(this.pod.routing, line.trim(), number);
        break;
      case 'nft':
        add(this.pod.nft, line, number);
        if (tellsOfLost(line)) this.pod.nft.isTorn = true;
        break;
      default:
        add(this.pod[kind], kind === 'listing' ? line : line.trim(), number);
    }
  }

  /** Takes what a line says of those behind it: whose they are, or which command printed them. */
  private announces(line: string, raw: string, number: number): boolean {
    const pod = podNamed(line);
    if (pod !== null) {
      this.kinds.endYaml();
      this.named(pod);
      if (!ruleStart.test(commandOf(line))) return true;
    }
    if (/^# Warning: ip6?tables-legacy tables present/.test(line)) {
      this.pod.warnsOfLegacy = true;
      this.putAside(raw, number);
      return true;
    }
    const restore = restoreStart.exec(line);
    if (restore !== null) {
      this.restores((restore[1] ?? restore[3]) === 'ip6' ? 'v6' : 'v4', backEndOf(restore[2]), number);
      this.putAside(raw, number);
      return true;
    }
    if (outputStart.test(line)) {
      this.endHeadless();
      this.from = null;
    }
    return false;
  }

  private get pod(): OpenPod {
    return this.pods.at(-1) as OpenPod;
  }

  private putAside(raw: string, number: number): void {
    add(this.aside, raw, number);
    add(this.pod.aside, raw, number);
    const at =
      raw.length > 2000 || isRunTogether(raw) || asksForListing.test(raw)
        ? -1
        : blankQuotes(raw).search(ruleWithin);
    if (at >= 0 || tellsOfLost(raw) || isListedRow(raw)) this.tears();
    if (at < 0 || restoreStart.test(raw)) return;
    this.seeming ??= { from: number, to: number, count: 0, before: raw.slice(0, at).trim().slice(0, 60) };
    this.seeming.to = number;
    this.seeming.count++;
  }

  /** A line that is a rule’s, or says that lines were left out, in a table that is not at its end. */
  private tears(): void {
    const last = this.pod.rules.at(-1);
    if (last !== undefined && isState(last.from) && last.lines.at(-1) !== 'COMMIT') last.isTorn = true;
    if (this.pod.listing.lines.length > 0) this.pod.listing.isTorn = true;
  }

  /** What follows is of this pod. */
  private named(name: string): void {
    this.endHeadless();
    const last = this.pod;
    if (last.name === name) return;
    if (last.name === null && isEmpty(last)) last.name = name;
    else this.open(name);
  }

  private open(name: string | null): void {
    this.pods.push(emptyPod(name));
    this.tables = new Set();
  }

  /** Characters that turn the direction of text are shown as what they are: no text may read otherwise than it is. */
  private visible(raw: string, number: number): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is no printable ASCII
    if (!/[^\x00-\x7f]/.test(raw)) return raw;
    const found = raw.match(turningCharacters);
    if (ruleStart.test(raw)) {
      const odd = blankQuotes(raw).match(unseen);
      if (odd !== null && this.lookAlikes.length < 50)
        this.lookAlikes.push({ line: number, characters: [...new Set(odd)].map(characterCode) });
    }
    if (found === null) return raw;
    this.turning ??= { line: number, characters: [...new Set(found)].map(characterCode) };
    return raw.replaceAll(turningCharacters, (character) => `⟨${characterCode(character)}⟩`);
  }

  /** A log shows what it gave to iptables-restore. */
  private restores(family: Family, backEnd: BackEnd | null, number: number): void {
    this.endHeadless();
    this.from = 'meant';
    this.listing = null;
    this.told = family;
    this.use(this.pod, backEnd, 'meant');
    add(this.part(), generatedBy(family), number);
  }

  private rule(line: string, number: number, raw: string, at: number): void {
    const generated = readGenerated(line);
    if (generated !== null) {
      this.endHeadless();
      this.awaited = [];
      this.from = 'saved';
      this.told = generated.family;
      this.use(this.pod, generated.backEnd, 'saved');
    }
    const tool = readToolLine(line);
    if (tool !== null) {
      this.endHeadless();
      this.awaited = [];
      const { family, backEnd, job, rest } = tool;
      const lists = / (-\w*S|--list-rules|-\w*L|--list)( |$)/.test(rest);
      if (lists || job === 'save') {
        this.from = job === 'save' ? 'saved' : 'listed';
        this.use(this.pod, backEnd, this.from);
        this.listing = lists ? (/ (?:-\w*t|--table)[ =]?(\w+)/.exec(rest)?.[1] ?? 'filter') : null;
        this.isBegun = false;
        const isForPeople = / (-\w*L|--list)( |$)/.test(rest);
        if (isForPeople) {
          add(this.pod.listing, line, number);
          this.listing = null;
          return;
        }
        // The command alone: another may have printed what follows, and the addresses in it know better.
        if (family === 'v6') this.awaited.push({ text: 'ip6tables-save', number });
        return;
      }
      if (job === 'restore') {
        this.from = 'meant';
        this.told = family;
        return;
      }
      this.use(this.pod, backEnd, 'commands');
      this.addRule(line, number);
      return;
    }
    if (line.startsWith('*')) {
      this.endHeadless();
      this.table(line.slice(1).trim(), number, this.told ?? familyOfTable(this.lines, at));
      return;
    }
    if (line.startsWith('COMMIT')) {
      this.endHeadless();
      const name = /^COMMIT\s.*?\bname=(\S+)/.exec(line)?.[1];
      this.addRule('COMMIT', number);
      if (name !== undefined) this.ends(name);
      if (this.from === 'meant' || this.from === 'saved') this.listing = null;
      return;
    }
    if (line.startsWith('#')) {
      this.addRule(line, number);
      return;
    }
    const hasTable = (this.listing !== null && this.from !== 'listed') || / (?:-t|--table) /.test(line);
    if (!hasTable) {
      this.headless.push({ text: line, number, raw });
      return;
    }
    this.addRule(line, number);
  }

  /** The log names the pod behind its rules. */
  private ends(name: string): void {
    if (this.pod.name === null) this.pod.name = name;
    this.tables = new Set();
    this.open(null);
  }

  /** `family`: what the tool that printed it told, or else its rules by themselves. */
  private table(name: string, number: number, family: Family | null): void {
    this.listing = name;
    if (this.from === null || this.from === 'commands') {
      this.from = 'saved';
      this.use(this.pod, null, 'saved');
    }
    const { from } = this;
    const { backEnd = null } = this.pod.rules.at(-1) ?? {};
    const key = `${backEnd} ${family} ${from} ${name}`;
    if (family !== null && this.tables.has(key)) {
      // The same table of the same tool once more is that of another pod; or the same pod's, set up again.
      this.open(null);
      this.use(this.pod, backEnd, from);
      if (this.told !== null) this.addRule(generatedBy(this.told), number);
    }
    this.tables.add(key);
    this.addRule(`*${name}`, number);
  }

  /** A line with the name of a table alone is the table's where rules stand behind it. */
  private useBare(isBeforeRules: boolean): void {
    const { bare } = this;
    if (bare === null) return;
    this.bare = null;
    if (!isBeforeRules) return this.putAside(bare.raw, bare.number);
    this.endHeadless();
    this.tableLine(bare.number, bare.raw.trim());
    this.headlessTable = bare.name;
    this.listing = null;
  }

  private tableLine(number: number, what: string): void {
    if (this.tableLines === null) this.tableLines = { line: number, count: 1, what };
    else this.tableLines.count++;
  }

  /** Rules before which no line of a dump names their table. */
  private endHeadless(): void {
    const lines = this.headless;
    if (lines.length === 0) return;
    this.headless = [];
    const named = this.headlessTable;
    this.headlessTable = null;
    for (const [index, listing] of listingsOf(lines).entries()) {
      if (this.from === 'listed' && this.listing !== null) this.endListing(listing, this.listing);
      else this.endListingWithoutTable(listing, index === 0 ? named : null);
    }
  }

  /** What the command printed that was asked for this table. */
  private endListing(lines: readonly RuleLine[], table: string): void {
    const isFirst = !this.isBegun || /^-[PN] /.test(lines[0]?.text ?? '');
    if (isFirst) this.table(table, lines[0]?.number ?? 0, this.told ?? familyOfRules(lines));
    this.isBegun = true;
    for (const { text, number } of lines) this.addRule(text, number);
  }

  /** Of the table that has what they ask for. */
  private endListingWithoutTable(lines: readonly RuleLine[], named: string | null): void {
    const [first] = lines;
    if (first === undefined) return;
    const table = named ?? tableOf(lines.map(({ text }) => text));
    const last = this.pod.rules.at(-1);
    if (table !== null && named === null && last?.from === 'saved' && last.lines.includes('COMMIT')) {
      // Outside of what iptables-save printed of a table: lines were sorted, or lost, or are no part of it.
      last.isTorn = true;
      this.addRule(`*${table}`, first.number);
    } else if (table !== null) {
      if (named === null) this.tableLine(first.number, `*${table}`);
      if (lines.some(({ text }) => text.startsWith('-P '))) {
        this.from = 'listed';
        this.isBegun = true;
        this.use(this.pod, null, this.from);
      }
      this.table(table, first.number, this.told ?? familyOfRules(lines));
      // What begins in the middle has lost the lines that made its chains, too.
      for (const chain of unmade(lines)) this.addRule(`:${chain} - [0:0]`, first.number);
    }
    for (const { text, number } of lines) this.addRule(text, number);
  }

  /** A text without YAML may tell of a pod, or of settings, in other words. */
  private useDescribed(): void {
    if (this.pods.some(({ yaml }) => yaml.lines.length > 0)) return;
    const told = describedPod(this.loose) ?? switchedValues(this.loose);
    const pod = this.pods.find((one) => !isEmpty(one)) ?? this.pods[0];
    if (told !== null && pod !== undefined) join(pod.yaml, told);
  }

  /** The rules of another back end are another text, and so are those of another origin; an unnamed one goes on. */
  private use(pod: OpenPod, backEnd: BackEnd | null, from: RulesFrom): void {
    const last = pod.rules.at(-1);
    const isSame = (part: OpenRules) => part.backEnd === backEnd && part.from === from;
    if (last !== undefined && last.from === from && (backEnd === null || last.backEnd === backEnd)) return;
    const known = pod.rules.find(isSame);
    if (known !== undefined) {
      pod.rules.splice(pod.rules.indexOf(known), 1);
      pod.rules.push(known);
    } else if (last !== undefined && last.backEnd === null && last.from === from) last.backEnd = backEnd;
    else pod.rules.push({ backEnd, from, lines: [], numbers: [] });
  }

  private addRule(text: string, number: number): void {
    for (const one of this.awaited) add(this.part(), one.text, one.number);
    this.awaited = [];
    add(this.part(), text, number);
  }

  private part(): OpenRules {
    const last = this.pod.rules.at(-1);
    if (last !== undefined) return last;
    const part: OpenRules = { backEnd: null, from: this.from ?? 'saved', lines: [], numbers: [] };
    this.pod.rules.push(part);
    return part;
  }

  paste(): Paste {
    this.useBare(false);
    this.endHeadless();
    for (const pod of this.pods) takeNftJson(pod);
    this.useDescribed();
    const named = withTheirLines(this.pods);
    const repairs: readonly Repair[] =
      this.tableLines === null ? this.repairs : [...this.repairs, { code: 'table line', ...this.tableLines }];
    return {
      pods: named.length === 0 ? [{ ...emptyPod(this.pods[0]?.name ?? null), aside: this.aside }] : named,
      aside: this.aside,
      turning: this.turning,
      lookAlikes: this.lookAlikes,
      repairs,
      seeming: this.seeming,
    };
  }
}

/** What nft -j prints, spread over lines as jq does it, is no YAML. */
function takeNftJson(pod: OpenPod): void {
  const at = pod.yaml.lines.findIndex((line) => /^\s*"nftables"\s*:\s*\[/.test(line));
  if (at < 1 || pod.yaml.lines[at - 1]?.trim() !== '{') return;
  const end = pod.yaml.lines.findIndex((line, index) => index > at && line === '}');
  const count = (end < 0 ? pod.yaml.lines.length : end + 1) - (at - 1);
  const lines = pod.yaml.lines.splice(at - 1, count);
  const numbers = pod.yaml.numbers.splice(at - 1, count);
  join(pod.nft, { lines, numbers });
}

/** The chains of rules that no line before them made, but for the built-in ones. */
function unmade(lines: readonly RuleLine[]): readonly string[] {
  const made = new Set<string>();
  const used = new Set<string>();
  for (const { text } of lines) {
    const making = /^(?::\s?|-N )(\S+)/.exec(text)?.[1];
    if (making !== undefined) made.add(making);
    const chain = /^(?:\[\d+:\d+\] )?-[AI] (\S+)/.exec(text)?.[1];
    if (chain !== undefined && !/^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain))
      used.add(chain);
  }
  return [...used].filter((chain) => !made.has(chain));
}

/** The remark that tells the reader of rules which family the lines behind it are of. */
function generatedBy(family: Family): string {
  return `# Generated by ip${family === 'v6' ? '6' : ''}tables-save `;
}

function backEndOf(name: string | undefined): BackEnd | null {
  return name === undefined ? null : name === '-nft' ? 'nft' : 'legacy';
}

/** Marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode UAX 9). */
const turningCharacters = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Letters that nobody sees, and letters of other scripts that look like Latin ones. */
const unseen =
  /\u00ad|\u034f|\u180e|[\u200b-\u200d]|\u2060|\ufeff|[\ufe00-\ufe0f]|[\u0391-\u03c9]|[\u0400-\u04ff]|[\uff01-\uff5e]/g;

/** `U+202E`. */
export function characterCode(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
