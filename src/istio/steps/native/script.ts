/**
 * The script that Istio hands to `nft -f`: tables with rules only, each emptied before, their chains, then the rules.
 * Source: addIstioTableRules of tools/istio-nftables/pkg/capture/run.go.
 */
import type { Family } from '../../../netfilter/index.ts';
import { changes } from '../../history/changes.ts';
import { isSince, type ReleaseNumber } from '../../history/release.ts';
import type { Options } from '../../options/options.ts';
import type { Role } from '../roles.ts';
import { type NativeCommand, type NativeTable, nativeCommands, nativeTables } from './commands.ts';

/** The chains of a table, in the order in which they are made. */
const chainsOf: Readonly<Record<NativeTable, readonly (readonly [chain: string, base?: string])[]>> = {
  nat: [
    ['prerouting', 'type nat hook prerouting priority -100'],
    ['output', 'type nat hook output priority -100'],
    ['istio-inbound'],
    ['istio-redirect'],
    ['istio-in-redirect'],
    ['istio-output'],
    ['istio-output-dns'],
  ],
  mangle: [
    ['prerouting', 'type filter hook prerouting priority -150'],
    ['output', 'type route hook output priority -150'],
    ['istio-divert'],
    ['istio-tproxy'],
    ['istio-inbound'],
    ['istio-drop'],
  ],
  raw: [
    ['prerouting', 'type filter hook prerouting priority -300'],
    ['output', 'type filter hook output priority -300'],
    ['istio-inbound'],
    ['istio-output-dns'],
  ],
};

/** A rule's place in native nftables. */
export interface NativePlace {
  readonly role: Role;
  /** `istio-proxy-nat` */
  readonly table: string;
  readonly chain: string;
  /** Counted from 1 in its chain, after all rules have been added. */
  readonly position: number;
  readonly from?: NonNullable<NativeCommand['from']>;
  /** Where it speaks of an address, and so matches packets of this family only. */
  readonly family?: Family;
}

export interface NativeScript {
  /** Commands, one a line. */
  readonly text: string;
  readonly roles: readonly NativePlace[];
  /** Why nft takes nothing of it, so that the pod does not start; null where it does. */
  readonly refused: 'place not there' | 'chain not there' | null;
}

/** What a release programs with these complete options. */
export function nativeScript(release: ReleaseNumber, options: Options): NativeScript {
  const commands = nativeCommands(options);
  const counts = isSince(release, changes.nativeCounters);
  const appends = isSince(release, changes.nativeAppends);
  const lines: string[] = [];
  const roles: NativePlace[] = [];
  let refused: NativeScript['refused'] = null;
  for (const kind of nativeTables) {
    const own = commands.filter(({ table }) => table === kind);
    if (own.length === 0) continue;
    const table = `istio-proxy-${kind}`;
    const used = new Set(own.map(({ chain }) => chain));
    lines.push(`add table inet ${table}`, `flush table inet ${table}`);
    for (const [chain, base] of chainsOf[kind]) {
      if (!used.has(chain)) continue;
      lines.push(`add chain inet ${table} ${chain}${base === undefined ? '' : ` { ${base} ; }`}`);
    }
    const placed = new Map<string, NativeCommand[]>();
    for (const command of own) {
      const { chain, match, action, insertAt } = command;
      const rules = placed.get(chain) ?? [];
      placed.set(chain, rules);
      const target = /^jump (\S+)$/.exec(action)?.[1];
      if (target !== undefined && !used.has(target)) refused ??= 'chain not there';
      const words = [match, counts ? 'counter' : '', action].filter((part) => part !== '').join(' ');
      // nft inserts before a rule that is there, and at the end of no chain.
      const isInserted = insertAt !== undefined && rules.length > 0 && !(appends && insertAt >= rules.length);
      if (isInserted && insertAt >= rules.length) refused ??= 'place not there';
      lines.push(
        isInserted
          ? `insert rule inet ${table} ${chain} index ${insertAt} ${words}`
          : `add rule inet ${table} ${chain} ${words}`,
      );
      rules.splice(isInserted ? insertAt : rules.length, 0, command);
    }
    for (const [chain, rules] of placed) {
      for (const [at, { role, from, match }] of rules.entries()) {
        const address = /\bip(6?) [sd]addr /.exec(match);
        roles.push({
          role,
          table,
          chain,
          position: at + 1,
          ...(from === undefined ? {} : { from }),
          ...(address === null ? {} : { family: address[1] === '' ? 'v4' : 'v6' }),
        });
      }
    }
  }
  return { text: lines.map((line) => `${line}\n`).join(''), roles, refused };
}
