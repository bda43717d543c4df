/** What conntrack knows of a packet's connection. Source: net/netfilter/nft_ct.c, nft_ct_get_eval. */
import { tuplePort } from '../../iptables/matches/conntrack.ts';
import type { Situation } from '../../iptables/situation.ts';
import { rewrites } from '../../kernel/nat.ts';
import { familyOf } from '../../model/address.ts';
import type { Connection } from '../../model/packet.ts';
import { protocolNumber } from '../../model/protocol.ts';
import { findHooked } from '../hooked/index.ts';
import type { NftExpression } from '../model.ts';
import { addressDatum, symbol } from './datatype.ts';
import { absent, type Looked, looked, toldIf, untold } from './looked.ts';

type Ct = Extract<NftExpression, { readonly kind: 'ct' }>;

export function lookAtCt({ key, direction, family }: Ct, situation: Situation): Looked {
  const { connection, state } = situation;
  if (key === 'state') {
    const name = (state ?? 'INVALID').toLowerCase();
    return { kind: 'told', data: [symbol('ct_state', name)] };
  }
  if (connection === null || isTemplate(connection)) return absent;
  switch (key) {
    case 'direction':
      return { kind: 'told', data: [symbol('ct_dir', situation.direction ?? 'original')] };
    case 'status':
      return status(connection, situation);
    case 'mark':
      return looked('mark', connection.mark);
    case 'zone':
      return looked('integer', zone(connection, direction));
    case 'l3proto':
      return {
        kind: 'told',
        data: [symbol('nf_proto', familyOf(connection.original.source) === 'v4' ? 'ipv4' : 'ipv6')],
      };
    case 'protocol':
      return toldIf('inet_proto', protocolNumber(connection.original.protocol));
    case 'saddr':
    case 'daddr': {
      const address = connection[direction ?? 'original'][key === 'saddr' ? 'source' : 'destination'];
      const own = familyOf(address) === 'v4' ? 'ip' : 'ip6';
      return family === undefined || family === own
        ? { kind: 'told', data: [addressDatum(address)] }
        : absent;
    }
    case 'proto-src':
      return looked('inet_service', tuplePort(connection[direction ?? 'original'], 'source'));
    case 'proto-dst':
      return looked('inet_service', tuplePort(connection[direction ?? 'original'], 'destination'));
    case 'expiration':
      return { kind: 'unknown', unknown: 'the time that is left' };
    case 'bytes':
    case 'packets':
    case 'avgpkt':
      return { kind: 'unknown', unknown: 'packets before' };
    default:
      return untold;
  }
}

/** A zone has one number, and says of which direction (nf_ct_zone_id). */
function zone({ zone: original, replyZone = original }: Connection, direction: Ct['direction']): number {
  if (direction === undefined) return original === 0 ? replyZone : original;
  return direction === 'reply' ? replyZone : original;
}

/** What carries a zone to conntrack tells its state and nothing else, as Linux 6.18 has it. */
const isTemplate = ({ original }: Connection) => original.protocol === '0';

function hasNat({ host: { rulesets }, family }: Pick<Situation, 'host' | 'family'>): boolean {
  return (
    rulesets[family]?.tables.some(({ name }) => name === 'nat') === true ||
    (rulesets.nft !== undefined &&
      findHooked?.(rulesets.nft, family).chains.some(({ chain }) => chain.base.type === 'nat') === true)
  );
}

/** enum ip_conntrack_status, as far as a rule can ask for it. */
function status(connection: Connection, { isConfirmed, natDecided, ...situation }: Situation): Looked {
  const isAssured = connection.assured ?? (connection.seenReply ? undefined : false);
  if (isAssured === undefined) return untold;
  return looked(
    'ct_status',
    (connection.expected === true ? 1 : 0) |
      (connection.seenReply ? 2 : 0) |
      (isAssured ? 4 : 0) |
      (isConfirmed ? 8 : 0) |
      (rewrites(connection, 'source', 'original') ? 16 : 0) |
      (rewrites(connection, 'destination', 'original') ? 32 : 0) |
      // IPS_SRC_NAT_DONE, IPS_DST_NAT_DONE: NAT was asked, whatever it said; a listing does not say whether it was
      (natDecided.source && (!isConfirmed || hasNat(situation)) ? 128 : 0) |
      (natDecided.destination && (!isConfirmed || hasNat(situation)) ? 256 : 0),
  );
}
