/**
 * Commands as the text that iptables-restore takes, and the place that each of their rules ends up at.
 */
import type { Family, TableName, TableRef } from '../../netfilter/index.ts';
import type { OptionName } from '../options/options.ts';
import type { Command } from './command.ts';
import type { Role } from './roles.ts';

/** Where a rule with a role stands. */
export interface PlacedRole<R extends string = Role, O extends string = OptionName> {
  readonly role: R;
  readonly family: Family;
  readonly table: TableName;
  readonly chain: string;
  /** Counted from 1 in its chain, after all rules have been added. */
  readonly position: number;
  /** The line of the text, counted from 1; the rule of the ruleset has the same. */
  readonly line: number;
  /** The option whose value made this rule, and the part of the value: port 15020 of inboundPortsExclude. */
  readonly from?: { readonly option: O; readonly value: string };
}

/** The same in either language. */
export interface RolePlace extends Omit<PlacedRole, 'table' | 'line'> {
  readonly table: TableRef;
  readonly line?: number;
}

function chainKey({ table, chain }: { readonly table: string; readonly chain: string }): string {
  return `${table} ${chain}`;
}

/**
 * The commands in restore form, tables in the order of their names, and the place of each rule.
 * Source: buildRestore of tools/istio-iptables/pkg/builder. Empty chains that are jumped to exist as well.
 */
export function restoreText<R extends string, O extends string>(
  commands: readonly Command<R, O>[],
  family: Family,
): { readonly text: string; readonly roles: readonly PlacedRole<R, O>[] } {
  const lines: string[] = [];
  const chains = new Map<string, { readonly command: Command<R, O>; readonly line: number }[]>();
  for (const table of [...new Set(commands.map((command) => command.table))].sort()) {
    const own = commands.filter((command) => command.table === table);
    lines.push(`* ${table}`);
    const jumpedTo = own.map(({ words }) => {
      const last = words.slice(words.lastIndexOf(' ') + 1);
      return words.endsWith(`-j ${last}`) ? last : '';
    });
    const userChains = [...own.map(({ chain }) => chain), ...jumpedTo].filter((name) =>
      name.startsWith('ISTIO_'),
    );
    lines.push(...[...new Set(userChains)].map((chain) => `-N ${chain}`));
    for (const command of own) {
      const { chain, insertAt, words } = command;
      lines.push(insertAt === undefined ? `-A ${chain} ${words}` : `-I ${chain} ${insertAt} ${words}`);
      const rules = chains.get(chainKey(command)) ?? [];
      rules.splice(insertAt === undefined ? rules.length : insertAt - 1, 0, { command, line: lines.length });
      chains.set(chainKey(command), rules);
    }
    lines.push('COMMIT');
  }
  const roles = [...chains.values()].flatMap((rules) =>
    rules.map(({ command: { role, table, chain, from }, line }, index) => ({
      role,
      family,
      table,
      chain,
      position: index + 1,
      line,
      ...(from === undefined ? {} : { from }),
    })),
  );
  return { text: lines.map((line) => `${line}\n`).join(''), roles };
}
