/** What each line of a text is, by what it looks like and by what stood before it. */
import {
  isConntrackLine,
  isIpLine,
  isListingHeading,
  isSetMember,
  isSocketLine,
  readGenerated,
} from '../../netfilter/index.ts';
import { commandOf, ruleStart } from './line-start.ts';
import { blankQuotes } from './quotes.ts';

/** What is read by none of the readers of rules. */
export type OtherPart = 'routing' | 'yaml' | 'listing' | 'nft' | 'conntrack' | 'sockets' | 'sets' | 'sysctls';

export type LineKind = OtherPart | 'rules' | 'resolver' | 'aside' | 'blank';

const resolverLine =
  /^(nameserver\s+[\da-f.:%\w]+|search(\s+[\w-]+(\.[\w-]+)+\.?)+|options(\s+(ndots|timeout|attempts):\d+)+|([$#]\s+)?cat \/etc\/resolv\.conf)$/;
/** What ends a YAML though it looks like a key of it. */
const ipStart = /^\d+:\s+(not |from |[\w.@-]+: <)/;
/** A whole object, or a piece of one from one of its well-known keys on. */
const yamlStart =
  /^\{\s*"(?:apiVersion|kind|metadata|items|global|meshConfig|pilot|values)"\s*:|^(?:- )?(?:(?:apiVersion|kind): *\S|(?:metadata|spec|items|status|template|annotations|labels|initContainers|containers|global|meshConfig|cni|pilot|values|proxy|sidecarInjectorWebhook|defaultConfig|proxyMetadata|ambient):\s*(?:$|#|\{))/;
/** A list's entry of a container, cut out of its pod. */
const containerStart = /^\s*- (?:name|image): *["']?[\w./:@-]+["']?\s*$/;
const nftStart =
  /^(?:table (?:ip6?|inet|arp|bridge|netdev) \S+ \{|(?:nft )?(?:add|create|insert|flush|delete) (?:table|chain|rule|set|map|element) (?:ip6?|inet|arp|bridge|netdev) )/;
/** nftables src/erec.c: the place in what was given, then the line itself, and marks below it. */
const nftError = /(?:^|\s)\S+:\d+:\d+(?:-\d+)?: Error: /;
/** The command itself, before what it printed. */
const asking = /^(?:(ss|netstat)|(ipset)|(sysctl)|conntrack)(?:\s+(?:-[-\w.]+|list|save))+(?:\s*\|.*)?$/;
const socketHeading = /^Active Internet connections \(/;
const setLine =
  /^(?:create|add) \S+ (?:hash|bitmap|list):|^Name: \S+$|^Type: (?:hash|bitmap|list):|^(?:Revision|Size in memory|References|Number of entries): ?\d+|^Header: family |^Members:$/;
const sysctlLine =
  /^(?:net\.(?:ipv4|ipv6|netfilter|core)(?:[./][\w-]+)+\s*=\s*\S|\/proc\/sys\/net\/\S+\s*[:=]\s*\S)/;

/** With its number (`--line-numbers`) and its counters (`-v`) before the target, and without. */
const listedRow =
  /^(?:\d+\s+)?(?:\d+[KMGT]?\s+\d+[KMGT]?\s+)?(?:\S+\s+)?(?:\d+|all|tcp|udp|icmp\w*|sctp|[\w-]+)\s+(?:--|-f|!f)\s/;

export class LineKinds {
  inYaml = false;
  /** Within the braces of a JSON, which YAML holds, too. */
  private inJson = false;
  /** How many braces of nft are open. */
  private nftDepth = 0;
  private inListing = false;
  private inSet = false;
  /** The next line is what nft could not do, shown again below its error. */
  private isShownAgain = false;

  endYaml(): void {
    this.inYaml = false;
  }

  /** What the next line of the text is; `raw` is the line before anything was taken off it. */
  of(line: string, raw: string): LineKind {
    const isShownAgain = this.isShownAgain && this.nftDepth === 0;
    this.isShownAgain = nftError.test(line);
    if (isShownAgain) return 'aside';
    if (this.nftDepth > 0 || nftStart.test(line)) return this.nft(line);
    if (/^\{\s*"nftables"\s*:/.test(line)) return 'nft';
    // Braces that are never closed are no JSON that could swallow the rules behind them.
    if (/^\*[a-z]+$/.test(line) || readGenerated(line) !== null) this.inJson = false;
    if (this.inJson || line === '{') {
      this.inJson = line !== '}';
      return 'yaml';
    }
    if (raw === '' && line === '' && this.inYaml) {
      this.inSet = false;
      return 'yaml';
    }
    if (line.trim() === '') {
      this.inSet = false;
      return this.inListing ? 'listing' : this.inYaml ? 'yaml' : 'blank';
    }
    if (
      this.inYaml &&
      /^(\s|- |#|[\w./-]+:( |$)|---)/.test(raw) &&
      !/^# Generated/.test(line) &&
      !ipStart.test(line)
    )
      return 'yaml';
    this.inYaml = false;
    if (yamlStart.test(line) || containerStart.test(line)) {
      this.inYaml = true;
      this.inListing = false;
      return 'yaml';
    }
    if (isListingHeading(line)) this.inListing = true;
    else if (this.inListing && /^\S/.test(raw) && !listedRow.test(line)) this.inListing = false;
    if (this.inListing) return 'listing';
    if (ruleStart.test(commandOf(line))) return 'rules';
    if (setLine.test(line) || (this.inSet && isSetMember(line))) {
      this.inSet = true;
      return 'sets';
    }
    const asked = asking.exec(commandOf(line));
    if (asked !== null)
      return asked[1] !== undefined
        ? 'sockets'
        : asked[2] !== undefined
          ? 'sets'
          : asked[3] !== undefined
            ? 'sysctls'
            : 'conntrack';
    if (isConntrackLine(line)) return 'conntrack';
    if (socketHeading.test(line) || isSocketLine(line)) return 'sockets';
    if (sysctlLine.test(line)) return 'sysctls';
    if (isIpLine(line.trim()) || isIpLine(commandOf(line))) return 'routing';
    if (resolverLine.test(line)) return 'resolver';
    // iptables-nft says in remarks what it cannot show.
    if (/^# (?:Table|Warning)\b/.test(line)) return 'aside';
    return line.startsWith('#') || line === '---' ? 'blank' : 'aside';
  }

  private nft(line: string): LineKind {
    const plain = blankQuotes(line);
    for (const letter of plain) {
      if (letter === '{') this.nftDepth++;
      else if (letter === '}') this.nftDepth = Math.max(0, this.nftDepth - 1);
    }
    return 'nft';
  }
}
