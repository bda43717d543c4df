/**
 * A text in which names, addresses and secrets are replaced, each by the same one wherever it stands, so that it can be shown to
 * strangers. Networks stay networks: what is in one network before is in one afterwards, and whatever tells which rules
 * these are (ports, chains, addresses that Istio itself uses) stays as it is.
 */
import { readPaste } from '../../analysis/index.ts';
import { type Family, printAddress, readAddress, withoutKeys } from '../../netfilter/index.ts';
import { secretsReplacedOf } from './secrets.ts';

/** Replaces in any text what was found in one. */
export type Anonymise = (text: string) => string;

/** `secret` decides which addresses take the place of those that are there; nobody who does not have it can go back. */
export function anonymiserOf(text: string, secret: string): Anonymise {
  const secretsReplaced = secretsReplacedOf(text);
  const names = namesIn(secretsReplaced(text));
  // What was no whole key has no name of its own.
  return (other) => withoutKeys(addressesReplaced(namesReplaced(secretsReplaced(other), names), secret));
}

const bits: Readonly<Record<Family, number>> = { v4: 32, v6: 128 };

/** Kept as they are: they are the same in every pod, and the rules speak of them. */
const known = prefixes('0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 224.0.0.0/3 ::/125 ff00::/8');

/** What stays of an address, so that it stays one of its kind. */
const kinds = prefixes('10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/8 fd00::/8 fe80::/64');

/** What an address of the internet becomes: one that is for tests and examples (RFC 2544, RFC 3849). */
const examples = prefixes('198.18.0.0/15 2001:db8::/32');

interface Known {
  readonly family: Family;
  readonly value: bigint;
  readonly length: number;
}

function prefixes(list: string): readonly Known[] {
  return list.split(' ').map((one) => {
    const [address = '', length = ''] = one.split('/');
    const { family, value } = readAddress(address) ?? { family: 'v4' as const, value: 0n };
    return { family, value, length: Number(length) };
  });
}

function firstBits(value: bigint, length: number, family: Family): bigint {
  return value >> BigInt(bits[family] - length);
}

function within(value: bigint, family: Family, among: readonly Known[]): Known | undefined {
  return among.find(
    (one) =>
      one.family === family &&
      firstBits(value, one.length, family) === firstBits(one.value, one.length, family),
  );
}

/** IPv4 with its prefix length, not within a longer number or behind the slash of a mask; then IPv6. */
const written =
  /(?<![\w.:]|[^/]\/)(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\w]|\.\d)|(?<![\w.:-])((?=[\da-f]*:[\da-f]*:)[\da-f:]{2,39})(?:\/(\d{1,3}))?(?![\w:])/gi;

function addressesReplaced(text: string, secret: string): string {
  return text.replace(written, (all, v4?: string, ofV4?: string, v6?: string, ofV6?: string) => {
    const read = readAddress(v4 ?? v6 ?? '');
    if (read === null) return all;
    const told = ofV4 ?? ofV6;
    const length = told === undefined ? bits[read.family] : Number(told);
    if (length > bits[read.family]) return all;
    const replaced = printAddress(read.family, replacedAddress(read.value, read.family, length, secret));
    return told === undefined ? replaced : `${replaced}/${told}`;
  });
}

/** Keeps what two addresses share at their beginning: bit by bit, each turned or not by what stands before it. */
function replacedAddress(value: bigint, family: Family, length: number, secret: string): bigint {
  if (within(value, family, known) !== undefined) return value;
  const kind = within(value, family, kinds);
  const example = kind === undefined ? examples.find((one) => one.family === family) : undefined;
  const kept = (kind ?? example)?.length ?? 0;
  const all = bits[family];
  const hosts = BigInt(all - length);
  const isNetwork = (value >> hosts) << hosts === value;
  // Of a network only the bits that name it; of an address all.
  const last = isNetwork ? length : all;
  if (last < kept) return value;
  let made = firstBits(example?.value ?? value, kept, family);
  for (let at = kept; at < all; at++) {
    const before = firstBits(value, at, family);
    const bit = firstBits(value, at + 1, family) & 1n;
    const turns = at < last && isOdd(`${secret} ${family} ${at} ${before}`);
    made = (made << 1n) | (turns ? bit ^ 1n : bit);
  }
  return made;
}

/** A bit that looks like chance (FNV-1a, 32 bits, folded). */
function isOdd(text: string): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  let folded = hash ^ (hash >>> 16);
  folded = Math.imul(folded, 0x45d9f3b);
  return (((folded ^ (folded >>> 15)) >>> 7) & 1) === 1;
}

type NameKind = 'pod' | 'namespace' | 'host' | 'app';

/** Where a name stands; the groups of a pattern have the kinds. */
const places: readonly { readonly kinds: readonly NameKind[]; readonly pattern: RegExp }[] = [
  { kinds: ['namespace'], pattern: /(?:^|\s)(?:-n|--namespace)[ =]["']?([\w.-]+)/g },
  { kinds: ['pod'], pattern: /\bpod[s]?\/([a-z\d][\w.-]*)/g },
  { kinds: ['host'], pattern: /\bnode[s]?\/([a-z\d][\w.-]*)/g },
  {
    kinds: ['pod'],
    pattern:
      /\bkubectl\b[^\n|;]{0,300}? (?:exec|logs|debug|describe pod|get pod|cp) (?:-[-\w]+(?:=\S+)? )*([a-z\d](?=[\w.]*-)[\w.-]*\w)/g,
  },
  { kinds: ['namespace'], pattern: /["']?\b(?:namespace|ns)["']?[:=] *["']?([a-z\d][\w.-]*)/gi },
  {
    kinds: ['pod'],
    pattern: /["']?(?:pod|podName|pod_name|K8S_POD_NAME|POD_NAME)["']?[:=] *["']?([a-z\d][\w.-]*)/g,
  },
  { kinds: ['namespace', 'pod'], pattern: /["']?(?:pod)["']?[:=] *["']?([a-z\d][\w.-]*)\/([a-z\d][\w.-]*)/g },
  { kinds: ['pod'], pattern: /^ *metadata: *\n(?:(?: .*)?\n){0,200}? {2,4}name: *["']?([\w.-]+)/gm },
  { kinds: ['host'], pattern: /["']?(?:nodeName|hostname|host|node)["']?[:=] *["']?([a-z\d][\w.-]*)/gi },
  {
    kinds: ['app'],
    pattern:
      /^ *["']?(?:app|app\.kubernetes\.io\/\w+|serviceAccountName|serviceAccount|generateName|pod-template-hash|ISTIO_META_WORKLOAD_NAME)["']?: *["']?([\w.-]+?)-?["']?,?$/gm,
  },
  { kinds: ['host'], pattern: /^\[?[\w.-]+@([\w.-]+)[: ].*?[#$]/gm },
  { kinds: ['app', 'namespace'], pattern: /\b([a-z\d][a-z\d-]{0,62})\.([a-z\d][a-z\d-]{0,62})\.svc\b/g },
  { kinds: ['namespace'], pattern: /^search +([a-z\d][a-z\d-]*)\.svc\b/gm },
  { kinds: ['host'], pattern: /(?<![\w./@-])((?:[a-z\d][a-z\d-]*\.)+(?:[a-z]{2,}))(?![\w-])/g },
];

/** Names that are the same in every cluster, or words of the text itself. */
const common: ReadonlySet<string> = new Set(
  `istio-system kube-system default kube-public istio-proxy istio-init istio-validation istio-cni istio-cni-node istio ztunnel
  localhost cluster.local svc svc.cluster.local root admin user app pod node host name namespace nat filter mangle raw security
  lo eth0 all none true false null tcp udp icmp accept drop return redirect info error warn debug default-route
  uid gid istio-iptables pilot-agent envoy`.split(/\s+/),
);

/** Whose names are everybody's: `traffic.sidecar.istio.io`, `registry.istio.io`, `values.yaml`. */
const everybodys =
  /(?:^|\.)(?:istio\.io|k8s\.io|kubernetes\.io|docker\.io|gcr\.io|quay\.io|googleapis\.com|github\.com|cluster\.local|svc)$|\.(?:ya?ml|json|go|txt|conf|sh|log|md|service)$/;

function namesIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, NameKind>();
  const take = (name: string | undefined, kind: NameKind) => {
    const whole = name?.replace(/\.$/, '') ?? '';
    if (whole.length < 3 || common.has(whole.toLowerCase()) || everybodys.test(whole)) return;
    if (/^[\d.]+$/.test(whole) || /^[A-Z\d_]+$/.test(whole) || readAddress(whole) !== null) return;
    if (!found.has(whole)) found.set(whole, kind);
  };
  for (const { name } of readPaste(text).pods) {
    const [last, ...before] = (name ?? '').split('/').reverse();
    take(last, 'pod');
    take(before[0], 'namespace');
  }
  for (const { kinds: groups, pattern } of places)
    for (const match of text.matchAll(pattern))
      for (const [at, kind] of groups.entries()) take(match[at + 1], kind);
  const counts = new Map<NameKind, number>();
  return new Map(
    [...found].map(([name, kind]) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return [name, `${kind}-${count}`];
    }),
  );
}

/** Whole names only, the longest first, because one can be the beginning of another. */
function namesReplaced(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  const all = [...names.keys()].sort((one, other) => other.length - one.length);
  const either = all.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return text.replaceAll(
    new RegExp(`(?<![\\w-])(?:${either})(?![\\w-])`, 'g'),
    (name) => names.get(name) ?? name,
  );
}
