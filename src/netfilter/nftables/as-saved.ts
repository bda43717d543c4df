/**
 * Tables that iptables-nft made, as nft lists them, in the words of iptables-save. What nft prints in its own words says
 * the same; of a match or a target that it cannot name (`xt target TPROXY`) it keeps the options back, and such a table is
 * left out. Source: iptables/nft.c and nft-shared.c, and the `xlate` of each extension, of iptables 1.8.
 */
import { protocolName } from '../model/protocol.ts';
import { type Family, isBuiltIn, tableNames } from '../model/ruleset.ts';
import type { NftChain, NftExpression, NftRule, NftStatement, NftTable, NftValue } from './model.ts';

export interface SavedTables {
  readonly family: Family;
  /** As iptables-save prints them, each with the line of the listing that it comes from; 0 where it is of none. */
  readonly lines: readonly { readonly text: string; readonly line: number }[];
  /** False where a table of this family was left out. */
  readonly isWhole: boolean;
}

/** Those of each family that has one, IPv4 first. */
export function tablesAsSaved(tables: readonly NftTable[]): readonly SavedTables[] {
  return (['v4', 'v6'] as const).flatMap((family): readonly SavedTables[] => {
    const own = tables.filter(
      (one) => one.family === (family === 'v4' ? 'ip' : 'ip6') && isAllOfIptables(one),
    );
    const saved = own.map(asSaved);
    const lines = saved.flatMap((one) => one ?? []);
    return lines.length === 0 ? [] : [{ family, lines, isWhole: !saved.includes(null) }];
  });
}

/** Named as iptables names its tables, with its built-in chains, and nothing that iptables cannot make. */
function isAllOfIptables({ name, chains, sets, objects, flags = [] }: NftTable): boolean {
  const table = tableNames.find((one) => one === name);
  const based = chains.filter(({ base }) => base !== undefined);
  return (
    table !== undefined &&
    based.length > 0 &&
    based.every((one) => isBuiltIn(table, one.name) && one.name.toLowerCase() === one.base?.hook) &&
    [...sets, ...objects, ...flags].length === 0
  );
}

function asSaved({ name, chains }: NftTable): SavedTables['lines'] | null {
  const rules = chains.flatMap((chain) => chain.rules.map((rule) => ruleAsSaved(chain, rule)));
  if (rules.includes(null)) return null;
  const headings = chains.map((chain) => `:${chain.name} ${chain.base?.policy.toUpperCase() ?? '-'} [0:0]`);
  return [
    ...[`*${name}`, ...headings].map((text) => ({ text, line: 0 })),
    ...(rules as SavedTables['lines']),
    { text: 'COMMIT', line: 0 },
  ];
}

function ruleAsSaved(
  { name }: NftChain,
  { statements, comment, line = 0 }: NftRule,
): SavedTables['lines'][number] | null {
  const words: string[] = [];
  let counters = '';
  let protocol: string | null = null;
  let ends = false;
  for (const [at, statement] of statements.entries()) {
    if (statement.kind === 'counter' && statement.name === undefined) {
      // nft -s keeps the numbers back.
      if (statement.packets !== undefined) counters = `[${statement.packets}:${statement.bytes}] `;
      continue;
    }
    if (ends) return null;
    const target = at === statements.length - 1 ? targetWords(statement) : null;
    const match: Words | null = target === null ? matchWords(statement) : null;
    if (target === null && match === null) return null;
    ends = target !== null;
    // The protocol is asked once, whether by itself or by a port.
    const asked: string | null = match?.protocol ?? null;
    if (asked !== null && protocol === null) words.push('-p', asked);
    if (asked !== null && protocol !== null && asked !== protocol) return null;
    protocol ??= asked;
    words.push(...(target ?? match?.words ?? []));
  }
  const remark = comment === undefined ? [] : ['-m', 'comment', '--comment', JSON.stringify(comment)];
  return { text: `${counters}-A ${[name, ...remark, ...words].join(' ')}`, line };
}

interface Words {
  readonly words: readonly string[];
  /** What `-p` has to say before them. */
  readonly protocol?: string;
}

function matchWords(statement: NftStatement): Words | null {
  if (statement.kind !== 'match' || statement.mask !== undefined) return null;
  const { left, operator, right } = statement;
  if (operator !== '==' && operator !== '!=') return null;
  const isNot = operator === '!=';
  const not = isNot ? ['!'] : [];
  const option = (extension: string | null, name: string, value: string | null): Words | null =>
    value === null
      ? null
      : { words: [...(extension === null ? [] : ['-m', extension]), ...not, name, value] };
  if (left.kind === 'binary') {
    const extension = markOf(left.left);
    const mask = left.operator === '&' && 'kind' in left.right ? plainText(left.right) : null;
    const value = plainText(right);
    if (extension === null || mask === null || value === null) return null;
    return option(extension, '--mark', `${value}/${mask}`);
  }
  const extension = markOf(left);
  if (extension !== null) return option(extension, '--mark', plainText(right));
  if (left.kind === 'meta') {
    switch (left.key) {
      case 'l4proto': {
        const text = plainText(right);
        // nft -n prints its number.
        const protocol = text !== null && /^\d+$/.test(text) ? protocolName(Number(text)) : text;
        return protocol === null ? null : isNot ? option(null, '-p', protocol) : { words: [], protocol };
      }
      case 'iifname':
        return option(null, '-i', interfaceText(right));
      case 'oifname':
        return option(null, '-o', interfaceText(right));
      case 'skuid':
        return option('owner', '--uid-owner', numbersText(right, '-'));
      case 'skgid':
        return option('owner', '--gid-owner', numbersText(right, '-'));
      default:
        return null;
    }
  }
  if (left.kind === 'ct' && left.key === 'state' && left.direction === undefined)
    return option('conntrack', '--ctstate', statesText(right));
  return left.kind === 'payload' ? headerWords(left, right, option) : null;
}

function headerWords(
  { protocol, field }: Extract<NftExpression, { kind: 'payload' }>,
  right: NftValue,
  option: (extension: string | null, name: string, value: string | null) => Words | null,
): Words | null {
  if (protocol === 'ip' || protocol === 'ip6')
    return field === 'saddr' || field === 'daddr' ? option(null, `-${field[0]}`, addressText(right)) : null;
  if ((protocol !== 'tcp' && protocol !== 'udp') || (field !== 'sport' && field !== 'dport')) return null;
  const listed = right.kind === 'set' ? right.elements.map(({ key }) => numbersText(key, ':')) : null;
  if (listed?.includes(null)) return null;
  const found =
    listed === null
      ? option(protocol, `--${field}`, numbersText(right, ':'))
      : option('multiport', `--${field}s`, listed.join(','));
  return found === null ? null : { ...found, protocol };
}

/** The match of iptables that asks for this mark. */
function markOf(expression: NftExpression | NftValue): 'mark' | 'connmark' | null {
  if (expression.kind === 'meta' && expression.key === 'mark') return 'mark';
  return expression.kind === 'ct' && expression.key === 'mark' && expression.direction === undefined
    ? 'connmark'
    : null;
}

function targetWords(statement: NftStatement): readonly string[] | null {
  switch (statement.kind) {
    case 'verdict': {
      const { verdict } = statement;
      if (verdict.kind === 'jump') return ['-j', verdict.chain];
      if (verdict.kind === 'goto') return ['-g', verdict.chain];
      return verdict.kind === 'continue' ? null : ['-j', verdict.kind.toUpperCase()];
    }
    case 'nat':
      return natWords(statement);
    case 'set': {
      const { target, value } = statement;
      const [to, from] = [markOf(target), markOf(value)];
      if (to === 'connmark' && from === 'mark') return ['-j', 'CONNMARK', '--save-mark'];
      if (to === 'mark' && from === 'connmark') return ['-j', 'CONNMARK', '--restore-mark'];
      const text = to === 'mark' ? plainText(value) : null;
      return text === null ? null : ['-j', 'MARK', '--set-xmark', `${text}/0xffffffff`];
    }
    default:
      return null;
  }
}

function natWords({
  action,
  address,
  port,
  form,
  flags,
}: Extract<NftStatement, { kind: 'nat' }>): readonly string[] | null {
  if (form !== undefined || flags.length > 0) return null;
  const ports = port === undefined ? undefined : numbersText(port, '-');
  const host = address === undefined ? undefined : numbersText(address, '-');
  if (ports === null || host === null) return null;
  if (action === 'redirect' || action === 'masquerade') {
    const to = ports === undefined ? [] : ['--to-ports', ports];
    return host === undefined ? ['-j', action.toUpperCase(), ...to] : null;
  }
  const between = host?.includes(':') && ports !== undefined ? `[${host}]` : (host ?? '');
  const to = `${between}${ports === undefined ? '' : `:${ports}`}`;
  return to === ''
    ? null
    : ['-j', action.toUpperCase(), action === 'dnat' ? '--to-destination' : '--to-source', to];
}

function plainText(value: NftExpression | NftValue): string | null {
  return value.kind === 'literal' && value.quoted !== true ? value.text : null;
}

function numbersText(value: NftExpression | NftValue, between: '-' | ':'): string | null {
  if (value.kind === 'range' && value.quoted !== true) return `${value.from}${between}${value.to}`;
  return plainText(value);
}

function addressText(value: NftValue): string | null {
  return value.kind === 'prefix' ? `${value.address}/${value.length}` : plainText(value);
}

function statesText(value: NftValue): string | null {
  if (value.kind === 'list') return value.bars === true ? null : value.texts.join(',').toUpperCase();
  return plainText(value)?.toUpperCase() ?? null;
}

/** nft writes `*` where iptables writes `+`. */
function interfaceText(value: NftValue): string | null {
  return value.kind === 'literal' && value.quoted === true ? value.text.replace(/\*$/, '+') : null;
}
