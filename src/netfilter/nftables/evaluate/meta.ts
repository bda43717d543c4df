/** What the kernel carries along with a packet: `meta`. Source: net/netfilter/nft_meta.c, nft_meta_get_eval. */
import { packetTypeOf } from '../../iptables/matches/pkttype.ts';
import type { Situation } from '../../iptables/situation.ts';
import { socketFor } from '../../kernel/sockets.ts';
import type { Owner } from '../../model/packet.ts';
import { protocolNumber } from '../../model/protocol.ts';
import { symbol } from './datatype.ts';
import { absent, type Looked, looked, toldIf, untold } from './looked.ts';

export function lookAtMeta(key: string, situation: Situation): Looked {
  const { packet, family, hook, in: incoming, out } = situation;
  switch (key) {
    // a hook without the device sees an empty name (nft_meta_store_ifname)
    case 'iifname':
      return looked('ifname', incoming ?? '');
    case 'oifname':
      return looked('ifname', out ?? '');
    case 'iif':
      return looked('iface_index', incoming ?? '');
    case 'oif':
      return looked('iface_index', out ?? '');
    // nft_meta_get_eval looks at skb->dev, which is the way out by POSTROUTING
    case 'iiftype':
      return linkType(hook === 'POSTROUTING' ? out : incoming);
    case 'oiftype':
      return linkType(out);
    case 'l4proto':
      return toldIf('inet_proto', protocolNumber(packet.protocol));
    case 'nfproto':
      return { kind: 'told', data: [symbol('nf_proto', family === 'v4' ? 'ipv4' : 'ipv6')] };
    case 'protocol':
      return { kind: 'told', data: [symbol('ether_type', family === 'v4' ? 'ip' : 'ip6')] };
    case 'mark':
      return looked('mark', packet.mark ?? 0);
    case 'length':
      return toldIf('integer', packet.length);
    case 'skuid':
      return owner(situation, ({ uid }) => uid);
    case 'skgid':
      return owner(situation, ({ gid }) => gid);
    case 'pkttype': {
      const found = packetTypeOf(situation);
      return { kind: 'told', data: [symbol('pkt_type', found === 'unicast' ? 'host' : found)] };
    }
    case 'time':
    case 'day':
    case 'hour':
      return { kind: 'unknown', unknown: 'the clock' };
    case 'random':
      return { kind: 'unknown', unknown: 'chance' };
    case 'ibrname':
    case 'obrname':
    case 'ibrpvid':
    case 'ibrvproto':
      return absent;
    default:
      return untold;
  }
}

/**
 * nft_meta_get_eval_skugid: without a process behind it the rule ends, also where it asks by `!=`. What comes in has
 * none, but for what TPROXY gave one; at INPUT a packet from a link may have its connection's (tcp_v4_early_demux), and
 * a first SYN, which goes to a listener, has not.
 */
function owner(situation: Situation, read: (of: Owner) => number): Looked {
  const { socket, assigned, hook, in: incoming, packet, host } = situation;
  if (socket === 'control socket') return absent;
  const own = socket ?? assigned ?? null;
  if (own !== null) return looked('owner', read(own));
  const isDemultiplexed = hook === 'INPUT' && incoming !== 'lo' && ['tcp', 'udp'].includes(packet.protocol);
  const isFirst = packet.protocol === 'tcp' && (packet.flags ?? ['SYN']).join() === 'SYN';
  if (!isDemultiplexed || isFirst) return absent;
  const found = socketFor(host.sockets ?? [], packet);
  return found?.remoteAddress === undefined ? untold : looked('owner', read(found));
}

function linkType(device: string | undefined): Looked {
  if (device === undefined) return absent;
  return { kind: 'told', data: [symbol('iface_type', device === 'lo' ? 'loopback' : 'ether')] };
}
