import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A pod with the rules of kube-proxy behind its own, four for each Service: 50,000 rules. */
export function hugeDump(count = 12_500): string {
  const services = Array.from({ length: count }, (_, at) => {
    const [chain, address] = [
      `KUBE-SVC-${String(at).padStart(16, 'A')}`,
      `10.${100 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`,
    ];
    return [
      `-A KUBE-SERVICES -d ${address}/32 -p tcp -m comment --comment "ns/svc-${at} cluster IP" -m tcp --dport 80 -j ${chain}`,
      `-A ${chain} ! -s 10.244.0.0/16 -d ${address}/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ`,
      `-A ${chain} -m statistic --mode random --probability 0.50000000000 -j RETURN`,
      `-A ${chain} -p tcp -m tcp -j DNAT --to-destination 10.244.1.9:8080`,
    ];
  });
  const names = services.map((_, at) => `:KUBE-SVC-${String(at).padStart(16, 'A')} - [0:0]`);
  const own = readFileSync(join(import.meta.dirname, '../analysis/dumps/08-exclude-typo.txt'), 'utf8');
  return own.replace(
    'COMMIT',
    `:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n${names.join('\n')}\n-A OUTPUT -j KUBE-SERVICES\n${services.flat().join('\n')}\nCOMMIT`,
  );
}
