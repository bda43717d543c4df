/** What the kernel carries along with a packet: `meta`. Source: net/netfilter/nft_meta.c, nft_meta_get_eval. */
import { packetTypeOf } from '../../iptables/matches/pkttype.ts';
import type { Situation } from '../../iptables/situation.ts';
import { protocolNumber } from '../../model/protocol.ts';
import { symbol } from './datatype.ts';
import { absent, type Looked, looked, toldIf, untold } from './looked.ts';

export function lookAtMeta(key: string, situation: Situation): Looked {
  const { packet, family, socket, in: incoming, out } = situation;
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
    case 'iiftype':
      return linkType(incoming);
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
    // nft_meta_get_eval_skugid: without a process behind it the rule ends, also where it asks by !=
    case 'skuid':
      return socket === null || socket === 'control socket' ? absent : looked('owner', socket.uid);
    case 'skgid':
      return socket === null || socket === 'control socket' ? absent : looked('owner', socket.gid);
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

function linkType(device: string | undefined): Looked {
  if (device === undefined) return absent;
  return { kind: 'told', data: [symbol('iface_type', device === 'lo' ? 'loopback' : 'ether')] };
}
