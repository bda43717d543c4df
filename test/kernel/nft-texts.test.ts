/**
 * Rulesets of native nftables, loaded into the kernel and listed by the real `nft`: what is read of the listing prints
 * as the very same text, and what is read of a script gives, loaded, the ruleset of the script. What `nft -j` tells of
 * it is the same ruleset.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type NftPrinting, parseNft, parseNftJson, printNft } from '../../src/netfilter/index.ts';
import { asJsonTells } from '../netfilter/nftables/as-json-tells.ts';
import { randomNftScript } from './random-nft.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';

/** What the kernel's own nft lists after a script, in each of its spellings, in a namespace of its own. */
function listed(
  script: string,
): Readonly<Record<'plain' | 'handles' | 'numeric' | 'stateless' | 'json', string>> {
  const ask = ['', '-a', '-n', '-s', '-j']
    .map((flags) => `nft ${flags} list ruleset; echo "=NEXT="`)
    .join(';');
  const said = execFileSync('unshare', ['--net', 'sh', '-c', `nft -f - && { ${ask}; }`], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const [plain = '', handles = '', numeric = '', stateless = '', json = ''] = said.split('=NEXT=\n');
  return { plain, handles, numeric, stateless, json };
}

/** Without what has gone by between two listings. */
const timeless = (text: string) => text.replace(/ expires \w+/g, '');

function roundTrip(script: string): void {
  const { json, ...lists } = listed(script);
  const told = parseNftJson(json);
  expect(told.problems, 'json').toEqual([]);
  expect(asJsonTells(told.ruleset), 'json').toEqual(asJsonTells(parseNft(lists.handles).ruleset));
  for (const [spelling, text] of Object.entries(lists)) {
    const { ruleset, problems } = parseNft(text);
    expect(problems, spelling).toEqual([]);
    const printing: NftPrinting = spelling === 'handles' ? { handles: true } : {};
    expect(printNft(ruleset, printing), spelling).toBe(text);
  }
  const { ruleset, problems } = parseNft(script);
  expect(problems).toEqual([]);
  expect(timeless(listed(printNft(ruleset)).plain)).toBe(timeless(lists.plain));
}

const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at));
const address = (at: number) => `10.${96 + (at >> 14)}.${(at >> 6) & 255}.${at & 63}`;

/** In the manner of programs that people have: written anew, as each of them does it. */
const manners: Readonly<Record<string, string>> = {
  'kube-proxy, 10,000 Services': `table ip kube-proxy {
    map service-ips { type ipv4_addr . inet_proto . inet_service : verdict
      elements = { ${many(10_000, (at) => `${address(at)} . tcp . 443 : goto service-${at % 50}`).join(', ')} }
    }
    map no-endpoint-services { type ipv4_addr . inet_proto . inet_service : verdict
    }
    set cluster-ips { type ipv4_addr; elements = { ${many(500, address).join(', ')} } }
    ${many(50, (at) => `chain service-${at} { numgen random mod 2 vmap { 0 : goto endpoint-${at}, 1 : drop }\n}\nchain endpoint-${at} { ip saddr 10.244.0.${at} jump mark-for-masquerade\nmeta l4proto tcp dnat to 10.244.0.${at}:8443\n}`).join('\n')}
    chain mark-for-masquerade { mark set mark or 0x4000\n}
    chain masquerading { mark and 0x4000 == 0 return\nmark set mark xor 0x4000\nmasquerade fully-random\n}
    chain services { ip daddr . meta l4proto . th dport vmap @service-ips
      ip daddr 10.0.0.0/8 fib daddr type local meta l4proto . th dport vmap { tcp . 30080 : goto service-1, udp . 30053 : goto service-2 }
    }
    chain nat-prerouting { type nat hook prerouting priority dstnat; jump services\n}
    chain nat-output { type nat hook output priority -100; jump services\n}
    chain nat-postrouting { type nat hook postrouting priority srcnat; jump masquerading\n}
    chain filter-input { type filter hook input priority -110; ct state new ip daddr . meta l4proto . th dport vmap @no-endpoint-services\n}
  }`,
  Docker: `table ip docker-bridges {
    map filter-forward-in-jumps { type ifname : verdict; elements = { "docker0" : jump filter-in }
}
    chain filter-in { ct state established,related counter accept\niifname "docker0" counter accept comment "ICC"\ncounter drop comment "UNPUBLISHED PORT DROP"\n}
    chain filter-FORWARD { type filter hook forward priority filter; oifname vmap @filter-forward-in-jumps\n}
    chain nat-prerouting { type nat hook prerouting priority dstnat; fib daddr type local counter jump nat-ports\n}
    chain nat-ports { tcp dport 8080 counter dnat ip to 172.17.0.2:80 comment "DNAT"\n}
    chain nat-postrouting { type nat hook postrouting priority srcnat; ip saddr 172.17.0.0/16 oifname != "docker0" counter masquerade comment "MASQUERADE"\n}
  }`,
  Calico: `table ip calico {
    set cali40all-ipam { type ipv4_addr; flags interval; elements = { 10.244.0.0/16 }
}
    chain filter-cali-FORWARD { type filter hook forward priority filter - 10; policy accept
      mark and 0xfffe0000 != 0 mark set mark and 0x1ffff counter
      iifname "cali*" counter jump from-wl
      oifname "cali*" counter jump to-wl
    }
    chain from-wl { iifname vmap { "cali1234" : goto fw-1, "cali5678" : goto fw-1 }
      counter drop comment "unknown interface"
    }
    chain to-wl { ip daddr != @cali40all-ipam counter accept\n}
    chain fw-1 { ct state { established, related } accept
      ct state invalid drop
      mark set mark and 0xfffcffff
      meta l4proto udp udp dport { 4789 } drop comment "no VXLAN from pods"
      mark and 0x10000 == 0x10000 return
      reject
    }
  }`,
  ufw: `table inet ufw { chain before-input { type filter hook input priority 0; policy drop
      iif lo accept
      ct state related,established accept
      ct state invalid log prefix "[UFW BLOCK] " drop
      icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept
      icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } ip6 hoplimit 255 accept
      udp sport 67 udp dport 68 accept
      ip daddr 224.0.0.251 udp dport 5353 accept
      tcp dport 22 ct state new limit rate 6/minute burst 5 packets accept
      meta pkttype { broadcast, multicast } return
    }
  }`,
  'a router': `define wan = "eth0"
  define lan = { "eth1", "eth2" }
  table inet router {
    chain forward { type filter hook forward priority 0; policy drop
      ct state vmap { established : accept, related : accept, invalid : drop }
      iifname $lan oifname $wan accept
      tcp flags syn tcp option maxseg size 1-536 drop
      ip saddr . ip daddr { 10.0.0.1 . 10.0.0.2, 10.0.1.0/24 . 10.0.2.0/24 } accept
    }
    chain nat { type nat hook postrouting priority srcnat
      oifname $wan masquerade random
    }
  }`,
};

describe.runIf(isLive)('the kernel’s own nft', () => {
  test('every form', () => {
    roundTrip(readFileSync(new URL('../netfilter/nftables/forms/every-form.nft', import.meta.url), 'utf8'));
  });

  test.for(Object.entries(manners))('in the manner of %s', ([, script]) => roundTrip(script));

  test('rulesets at random', () => {
    const seed = Number(process.env.SIDETRACK_SEED ?? Math.floor(Math.random() * 1e9));
    for (let at = 0; at < 10; at++) {
      const script = randomNftScript(seed + at);
      try {
        roundTrip(script);
      } catch (error) {
        throw new Error(`SIDETRACK_SEED=${seed + at}: ${(error as Error).message}\n${script}`);
      }
    }
  });
});
