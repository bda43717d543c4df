/**
 * Conntrack's view of one packet: the entry that it belongs to, what is decided about its addresses, and the other
 * entries of the host.
 */
import type { Action } from '../iptables/extension.ts';
import type { Situation } from '../iptables/situation.ts';
import {
  forget,
  isTaken,
  noZones,
  remember,
  sides,
  type Tracked,
  track,
  type Zones,
} from '../kernel/conntrack.ts';
import { type AddressChoice, choose, chooseNothing, rewrite, rewrites } from '../kernel/nat.ts';
import type { ConntrackEvent } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Connection, Packet } from '../model/packet.ts';
import type { ConntrackReason, RewriteReason, Side, SkipReason } from '../model/reason.ts';
import type { Family } from '../model/ruleset.ts';
import { trackingRule } from './ruleset-index.ts';
import type { StepEnd } from './step.ts';

/** A packet as NAT has rewritten it. */
export interface Rewritten {
  readonly after: Packet;
  readonly reason: RewriteReason;
}

const noSide = { source: false, destination: false };

export class Tracking {
  /** The entries of the host, as they are by now. */
  connections: readonly Connection[];
  private readonly family: Family;
  /** Some rule of the family has switched connection tracking on. */
  private readonly isOn: boolean;
  tracked: Tracked | null = null;
  /** The packet is the last of its connection, whose entry is gone. */
  private isForgotten = false;
  wasLookedUp = false;
  isUntracked = false;
  /** It came back over lo untracked, and conntrack has not been passed since: a zone for it makes it tracked again. */
  private isBackUntracked = false;
  /** It is this host's own copy of what it sent to many hosts. */
  private isCopy = false;
  /** The zones that a CT rule chose; the first such rule of the way decides (xt_ct_target). */
  zones: Zones | null = null;
  /** The ports of which the kernel draws one by lot for NAT's last choice. */
  private lot: readonly [first: number, last: number] | undefined;

  constructor(host: Host, family: Family) {
    this.connections = host.connections ?? [];
    this.family = family;
    this.isOn = trackingRule(host, family) !== null;
  }

  /** nf_conntrack_in: the packet's entry, or a new one. Null where there is nothing to look up, or it is done. */
  lookUp(packet: Packet): Pick<ConntrackEvent, 'state' | 'direction' | 'reason'> | null {
    this.isBackUntracked = false;
    if (!this.isOn || this.wasLookedUp) return null;
    this.wasLookedUp = true;
    if (this.isUntracked) return { state: 'UNTRACKED', direction: null, reason: { code: 'taken out' } };
    const found = track(this.connections, packet, this.zones ?? noZones);
    if (found.kind !== 'tracked') {
      this.isUntracked = found.kind === 'UNTRACKED';
      return { state: found.kind, direction: null, reason: found.reason };
    }
    this.tracked = found.tracked;
    const { connection, direction, state, confirmed } = this.tracked;
    this.isForgotten = confirmed && found.forgets !== undefined;
    if (found.forgets !== undefined) this.connections = forget(this.connections, found.forgets);
    this.keep(connection);
    const { original } = connection;
    const reason: ConntrackReason = confirmed
      ? { code: 'belongs to a connection', direction, original }
      : { code: 'opens a connection' };
    return { state, direction, reason };
  }

  /**
   * The packet comes in again over lo. Without an entry conntrack looks at it afresh; an untracked packet stays
   * untracked (nf_conntrack_in).
   */
  comesBack(device: string): void {
    this.isCopy = device !== 'lo';
    if (this.tracked !== null) return;
    this.isBackUntracked = this.isUntracked;
    if (!this.isUntracked) this.isNew();
  }

  private isNew(): void {
    this.wasLookedUp = false;
    this.isBackUntracked = false;
    this.zones = null;
  }

  /** What a rule sees of it. */
  seen(): Pick<Situation, 'state' | 'direction' | 'connection' | 'isConfirmed' | 'natDecided'> {
    const { tracked, zones } = this;
    if (zones !== null && !this.wasLookedUp) {
      const connection = template(this.family, zones);
      const state = this.isUntracked ? 'UNTRACKED' : 'NEW';
      return { state, direction: 'original', connection, isConfirmed: true, natDecided: noSide };
    }
    const state = tracked?.state ?? (this.wasLookedUp ? 'INVALID' : null);
    return {
      state: this.isUntracked ? 'UNTRACKED' : state,
      direction: tracked?.direction ?? null,
      connection: tracked?.connection ?? null,
      isConfirmed: tracked?.confirmed ?? false,
      natDecided: tracked?.decided ?? noSide,
    };
  }

  /** What a target of a matched rule says to conntrack. */
  heed({ untracked, zones, connectionMark, tracksAgain }: Action): void {
    if (tracksAgain) {
      // nft_ct_set_zone_eval puts a template in the place of no entry, whatever was said of the packet
      if (this.isBackUntracked) this.isNew();
      if (!this.wasLookedUp) this.isUntracked = false;
    }
    // what conntrack could make nothing of can still be taken out (nft_notrack_eval)
    if (untracked === true && this.tracked === null && (this.wasLookedUp || this.zones === null))
      this.isUntracked = true;
    if (!this.wasLookedUp && this.zones === null && !this.isUntracked) {
      if (zones !== undefined) this.zones = { original: zones.original ?? 0, reply: zones.reply ?? 0 };
    }
    if (connectionMark !== undefined && this.tracked !== null) {
      const connection = { ...this.tracked.connection, mark: connectionMark };
      this.tracked = { ...this.tracked, connection };
      this.keep(connection);
    }
  }

  /** A reset that a rule sends ends the connection that it is about; to many hosts none is sent (nf_send_reset). */
  close(): void {
    const connection = this.tracked?.connection;
    if (connection?.tcp && !this.isCopy)
      this.keep({ ...connection, tcp: { ...connection.tcp, state: 'CLOSE' } });
  }

  /** The end of POSTROUTING and of INPUT: conntrack keeps the connection from here on. */
  confirm(): StepEnd {
    if (this.tracked === null || this.tracked.confirmed) return 'on';
    const { connection } = this.tracked;
    // __nf_conntrack_confirm: where nat does not choose other ports, two entries may come to have one tuple
    if (sides.some((side) => isTaken(this.connections, connection, connection[side], side)))
      return { kind: 'dropped', reason: { code: 'tuple taken', reply: connection.reply } };
    this.tracked = { ...this.tracked, confirmed: true };
    this.connections = remember(this.connections, connection);
    return 'on';
  }

  /** Why no chain of nat is asked about this side of the packet; null where they are. */
  whyNatIsSkipped(side: Side, { from }: Packet): SkipReason | null {
    if (!this.isOn) return { code: 'tracking is off', family: this.family };
    if (this.isUntracked) return { code: 'untracked' };
    if (this.tracked === null) return { code: 'invalid' };
    if (this.tracked.direction === 'reply') return { code: 'reply' };
    if (this.tracked.state !== 'NEW') return { code: 'established' };
    if (!this.tracked.decided[side]) return null;
    const isBack = 'interface' in from && from.interface === 'lo';
    return { code: isBack ? 'decided before lo' : 'decided', side };
  }

  /** What nat's chains chose for one side, or that they chose nothing. Ends where the kernel's choice is not to be known. */
  decide(side: Side, choice: AddressChoice | null): StepEnd {
    if (this.tracked === null) return 'on';
    const chosen =
      choice === null
        ? chooseNothing(this.connections, this.tracked, side)
        : choose(this.connections, this.tracked, choice);
    if (chosen.kind === 'unknown') return { kind: 'cannot tell', reason: chosen.reason };
    if (chosen.kind === 'none left') return { kind: 'dropped', reason: chosen.reason };
    this.lot = chosen.lot;
    const { connection } = chosen;
    this.tracked = { ...this.tracked, connection, decided: { ...this.tracked.decided, [side]: true } };
    return 'on';
  }

  /** One side of the packet as its connection has it (nf_nat_packet); null where that changes nothing. */
  rewrite(side: Side, before: Packet): Rewritten | null {
    if (this.tracked === null) return null;
    const { connection, direction } = this.tracked;
    // Where the kernel draws the port, the one that the packet has is a draw like the others.
    const isDrawn = this.lot && direction === 'original';
    if (!isDrawn && !rewrites(connection, side, direction)) return null;
    const after = rewrite(before, connection, side, direction);
    if (!isDrawn && after[side] === before[side] && after[`${side}Port`] === before[`${side}Port`])
      return null;
    const reason: RewriteReason =
      direction === 'reply'
        ? { code: 'reply translated', original: connection.original }
        : { code: 'nat decided', ...(this.lot && { lot: this.lot }) };
    return { after, reason };
  }

  /** Whether the packet is an error about a connection that is known. */
  isErrorOfConnection({ about }: Packet): boolean {
    return this.tracked?.state === 'RELATED' && about !== undefined;
  }

  /** nf_nat_icmp_reply_translation: an error is translated as the packet that it is about, and what it quotes too. */
  rewriteError(side: Side, before: Packet): Rewritten | null {
    const { about } = before;
    if (this.tracked === null || about === undefined) return null;
    const { connection, direction } = this.tracked;
    if (!rewrites(connection, side, direction)) return null;
    const target = rewrite(before, connection, side, direction);
    const other = side === 'source' ? 'destination' : 'source';
    const port = target[`${side}Port`];
    const quoted = {
      ...about,
      [other]: target[side],
      ...(port === undefined ? {} : { [`${other}Port`]: port }),
    };
    return {
      after: { ...before, [side]: target[side], about: quoted },
      reason: { code: 'error translated', original: connection.original },
    };
  }

  /** Enters what has changed of a connection that conntrack has in its table. */
  private keep(connection: Connection): void {
    if (this.tracked?.confirmed === true && !this.isForgotten)
      this.connections = remember(this.connections, connection);
  }
}

/** Between a CT rule and conntrack itself the packet carries an empty entry that only knows its zone (xt_ct_tg_check). */
function template(family: Family, zones: Zones): Connection {
  const nowhere = family === 'v4' ? '0.0.0.0' : '::';
  const tuple = { protocol: '0', source: nowhere, destination: nowhere };
  return {
    original: tuple,
    reply: tuple,
    seenReply: false,
    mark: 0,
    zone: zones.original,
    replyZone: zones.reply,
  };
}
