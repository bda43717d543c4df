/** Options of Istio that look like a slip of the pen, or take much out of the mesh. */
import { defaultCniOptions, defaultOptions, type OptionName, optionTable } from '../../istio/index.ts';
import { asksFor, conditionsOf, ruleAt, ruleTextAt } from '../rule-parts.ts';
import type { ExaminedRules, FindingOf, NamedRule } from './finding.ts';

/** By what a reader sets the option: an annotation, or its own name where it has none. */
interface SetBy {
  readonly setBy: string;
}

export type MistypedFinding =
  | FindingOf<'option.mistyped-port', NamedRule & SetBy & { readonly port: number; readonly meant: number }>
  /** A range of one address that ends in 0. */
  | FindingOf<'option.mistyped-range', NamedRule & SetBy>;

/** Ports that people exclude: one that is nearly such a port was most likely meant to be it. */
const commonPorts = [
  ...defaultCniOptions.inboundPortsExclude.split(',').map(Number),
  ...[2379, 2181, 3306, 4222, 5432, 5672, 6379, 7000, 8080, 8443, 9042, 9090, 9092, 9100, 9200, 9300, 11211],
  27017,
];

/** Excluded ports and ranges that look like a slip of the pen. */
export function mistyped({ ruleset, identification }: ExaminedRules): readonly MistypedFinding[] {
  if (identification === null) return [];
  const { placed, options } = identification;
  const found: MistypedFinding[] = [];
  const ports = new Set<number>();
  for (const { role, family, table, chain, position, from } of placed.roles) {
    if (from === undefined || family !== ruleset.family) continue;
    const place = { table, chain, position };
    const named = { place, rule: ruleTextAt(ruleset, place), setBy: setBy(from.option) };
    if (role === 'inbound.exclude-port' || role === 'output.exclude-port') {
      const port = Number(from.value);
      const excluded = String(options[from.option] ?? '').split(',');
      const meant = commonPorts.find(
        (common) => !excluded.includes(String(common)) && isSlip(from.value, String(common)),
      );
      const rule = ruleAt(ruleset, place);
      const isThere = rule !== undefined && conditionsOf(rule).some((one) => asksFor(one, '--dport', port));
      if (meant === undefined || commonPorts.includes(port) || !isThere || ports.has(port)) continue;
      ports.add(port);
      found.push({ id: 'option.mistyped-port', weight: 'doubtful', ...named, port, meant });
    }
    if (role === 'output.exclude-range' && /\.0\/32$/.test(from.value))
      found.push({ id: 'option.mistyped-range', weight: 'doubtful', ...named });
  }
  return found;
}

function setBy(option: OptionName): string {
  return optionTable[option].setBy ?? option;
}

/** Two digits changed places, one is another, one too many or too few. The port beside another, 8081, is one of its own. */
function isSlip(a: string, b: string): boolean {
  if (a === b) return false;
  if (a.length === b.length) {
    const differing = [...a].flatMap((digit, at) => (digit === b[at] ? [] : [at]));
    if (differing.length === 1) return a.length > 3 && differing[0] !== a.length - 1;
    const [first = 0, second = 0] = differing;
    return differing.length === 2 && second === first + 1 && a[first] === b[second] && a[second] === b[first];
  }
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  if (long.length !== short.length + 1 || short.length < 4) return false;
  return [...long].some((_, at) => long.slice(0, at) + long.slice(at + 1) === short);
}

export type RemarkableFinding =
  | FindingOf<
      'option.other-listener',
      NamedRule & {
        readonly direction: 'outbound' | 'inbound';
        readonly port: string;
        /** Istio's own. */
        readonly usual: string;
      }
    >
  | FindingOf<'option.nothing-outbound', SetBy>
  | FindingOf<'option.nothing-inbound', SetBy>;

const listeners = [
  { option: 'proxyPort', chain: 'ISTIO_REDIRECT', direction: 'outbound' },
  { option: 'inboundCapturePort', chain: 'ISTIO_IN_REDIRECT', direction: 'inbound' },
] as const;

/** Options by which an empty text turns a direction off. */
const offs = [
  { id: 'option.nothing-outbound', option: 'outboundIPRangesInclude' },
  { id: 'option.nothing-inbound', option: 'inboundPortsInclude' },
] as const;

/** Settings that are allowed and take much out of the mesh. */
export function remarkable({ identification }: ExaminedRules): readonly RemarkableFinding[] {
  if (identification === null) return [];
  const { options } = identification;
  const elsewhere = listeners.flatMap(({ option, chain, direction }): readonly RemarkableFinding[] => {
    const [port, usual] = [options[option], defaultOptions[option]];
    if (port === undefined || port === usual) return [];
    const place = { table: 'nat', chain, position: 1 } as const;
    const rule = `-p tcp -j REDIRECT --to-ports ${port}`;
    return [{ id: 'option.other-listener', weight: 'wrong', place, rule, direction, port, usual }];
  });
  const turnedOff = offs.flatMap(({ id, option }): readonly RemarkableFinding[] =>
    options[option] === '' ? [{ id, weight: 'doubtful', setBy: setBy(option) }] : [],
  );
  return [...elsewhere, ...turnedOff];
}
