/** What conntrack knows of a packet's connection. Source: net/netfilter/nft_ct.c, nft_ct_get_eval. */
import { tuplePort } from '../../iptables/matches/conntrack.ts';
import type { Situation } from '../../iptables/situation.ts';
import { rewrites } from '../../kernel/nat.ts';
import { familyOf } from '../../model/address.ts';
import type { Connection } from '../../model/packet.ts';
import { protocolNumber } from '../../model/protocol.ts';
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
  if (connection === null) return absent;
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

function zone(connection: Connection, direction: Ct['direction']): number {
  return direction === 'reply' ? (connection.replyZone ?? connection.zone) : connection.zone;
}

/** enum ip_conntrack_status, as far as a rule can ask for it. */
function status(connection: Connection, { isConfirmed }: Situation): Looked {
  const isAssured = connection.assured ?? (connection.seenReply ? undefined : false);
  if (isAssured === undefined) return untold;
  return looked(
    'ct_status',
    (connection.expected === true ? 1 : 0) |
      (connection.seenReply ? 2 : 0) |
      (isAssured ? 4 : 0) |
      (isConfirmed ? 8 : 0) |
      (rewrites(connection, 'source', 'original') ? 16 : 0) |
      (rewrites(connection, 'destination', 'original') ? 32 : 0),
  );
}
