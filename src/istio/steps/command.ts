/**
 * One rule as Istio hands it to iptables, and what every step is made with: the tables, the parts of a list, the owner
 * of the proxy.
 */
import type { Family, TableName } from '../../netfilter/index.ts';
import { changes } from '../history/changes.ts';
import type { ReleaseNumber, Timeline } from '../history/release.ts';
import { type OptionName, type Options, splitList } from '../options/options.ts';
import { passthroughSource } from '../pod/behaviour.ts';
import { portOf } from '../pod/ports.ts';
import type { Role } from './roles.ts';

/** One rule, as Istio hands it to iptables: of a sidecar, or with the roles and options of another builder. */
export interface Command<R extends string = Role, O extends string = OptionName> {
  readonly table: TableName;
  readonly chain: string;
  /** Set where the rule is inserted: its position, counted from 1, at that moment. */
  readonly insertAt?: number;
  /** `-o lo -s 127.0.0.6/32 -j RETURN` */
  readonly words: string;
  readonly role: R;
  /** The option whose value made this rule, where there is one, and the part of the value. */
  readonly from?: { readonly option: O; readonly value: string };
}

/** What a step builds rules from. */
export interface Building {
  readonly release: ReleaseNumber;
  readonly family: Family;
  /** Complete, and without what this release or this family does not heed. */
  readonly options: Options;
  /** The mode that was asked for, also where this family is not captured by it. */
  readonly askedMode: string;
}

export type BuildStep = Timeline<(building: Building) => readonly Command[]>;

export const start = changes.start;

/** The address that Envoy and pilot-agent dial the app from, as the rules have it. */
export const passthrough: Readonly<Record<Family, string>> = {
  v4: `${passthroughSource.v4}/32`,
  v6: `${passthroughSource.v6}/128`,
};

export const agentPort = portOf('agent-dns');

export const selfCallMark = '1338';

export function loopback({ family, options }: Building): string {
  return family === 'v4' ? options.hostIPv4LoopbackCidr : '::1/128';
}

export function isTproxy({ options }: Building): boolean {
  return options.inboundInterceptionMode === 'TPROXY';
}

export function nat(chain: string, words: string, role: Role, from?: Command['from']): Command {
  return { table: 'nat', chain, words, role, ...(from === undefined ? {} : { from }) };
}

export function mangle(chain: string, words: string, role: Role, from?: Command['from']): Command {
  return { ...nat(chain, words, role, from), table: 'mangle' };
}

export function raw(chain: string, words: string, role: Role, from?: Command['from']): Command {
  return { ...nat(chain, words, role, from), table: 'raw' };
}

/** One command, or more, for each part of a list; of iptables or of nft. */
export function each<Made>(
  { options }: Pick<Building, 'options'>,
  option: OptionName,
  commands: (value: string, from: NonNullable<Command['from']>) => readonly Made[],
): readonly Made[] {
  const list = options[option];
  const parts = typeof list === 'string' ? splitList(list) : Array.isArray(list) ? (list as string[]) : [];
  return parts.flatMap((value) => commands(value, { option, value }));
}

export type OwnerKind = 'uid' | 'gid';

export const ownerOptions = { uid: 'proxyUID', gid: 'proxyGID' } as const;

/** The role of a rule by uid, or of its twin by gid. */
export function ownerRole(
  owner: OwnerKind,
  role:
    | 'output.proxy-self-call'
    | 'output.app-self-call'
    | 'output.proxy-bypass'
    | 'dns.proxy-bypass'
    | 'tproxy.mark-proxy'
    | 'zone.proxy-query'
    | 'zone.proxy-answer',
): Role {
  return owner === 'uid' ? role : `${role}-gid`;
}

/** Groups that are left alone: one rule for each excluded one, or one rule for all that are not included. */
export function groupRules(
  building: Building,
  chain: string,
  match: string,
  kind: 'output' | 'dns',
): readonly Command[] {
  const { ownerGroupsInclude } = building.options;
  if (ownerGroupsInclude === '*') {
    return each(building, 'ownerGroupsExclude', (group, from) => [
      nat(chain, `${match}-m owner --gid-owner ${group} -j RETURN`, `${kind}.owner-group-exclude`, from),
    ]);
  }
  const others = splitList(ownerGroupsInclude).map((group) => `-m owner ! --gid-owner ${group} `);
  return [
    nat(chain, `${match}${others.join('')}-j RETURN`, `${kind}.owner-group-include`, {
      option: 'ownerGroupsInclude',
      value: ownerGroupsInclude,
    }),
  ];
}
