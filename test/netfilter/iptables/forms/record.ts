/**
 * Asks the real iptables how it saves each form of `forms.txt`, and how it lists it for people with -n and -v, and
 * writes the answers to `recorded.txt` and `listed.txt`:
 *
 *     node test/netfilter/iptables/forms/record.ts
 *
 * Needs root, and Debian's iptables, ipset and nfacct; everything happens in namespaces of its own.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);

/** What forms name: sets, a cgroup, an accounting object, a pinned program. */
const objects = [
  'ipset create s hash:ip',
  'ipset create t hash:ip,port',
  'nfacct add x',
  'mount -t cgroup2 none /mnt && mkdir -p /mnt/sidetrack',
  `mount -t bpf none /sys/fs/bpf && perl ${fileURLToPath(new URL('pin.pl', here))} /sys/fs/bpf/sidetrack`,
];

/** Each form, and what each back end answers: as it is saved, and as it is listed. */
function askAll(): { readonly saved: string; readonly listed: string } {
  const forms = readFileSync(new URL('forms.txt', here), 'utf8').split('\n');
  const script: string[] = [...objects];
  for (const [at, form] of forms.entries()) {
    const read = /^(46|4|6) (\S+) (\S+)(.*)$/.exec(form);
    if (read === null) continue;
    const [, families = '', table, chain, rule] = read;
    for (const family of families) {
      for (const backend of ['nft', 'legacy']) {
        const tool = `ip${family === '6' ? '6' : ''}tables-${backend}`;
        script.push(
          `${tool} -t ${table} -N USER 2>/dev/null`,
          `${tool} -t ${table} -A ${chain} ${rule} 2>/dev/null && echo "@ ${at} ${family} ${backend}" && ${tool}-save -t ${table} | grep -m1 '^-A' && ${tool} -t ${table} -L ${chain} -n -v 2>/dev/null | tr -d '\\0' | sed -n '3s/ *$//p'`,
          `${tool} -t ${table} -F; ${tool} -t ${table} -X 2>/dev/null`,
        );
      }
    }
  }
  const ran = spawnSync('unshare', ['--net', '--mount', 'sh'], {
    input: script.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  spawnSync('unshare', ['--mount', 'sh'], { input: 'mount -t cgroup2 none /mnt && rmdir /mnt/sidetrack' });
  const saved = new Map<string, string>();
  const listed = new Map<string, string>();
  for (const [, at, family, backend, line, row] of ran.stdout.matchAll(
    /^@ (\d+) (\d) (\w+)\n(.*)\n(.*)$/gm,
  )) {
    saved.set(`${at} ${family} ${backend}`, line ?? '');
    listed.set(`${at} ${family} ${backend}`, row ?? '');
  }
  return { saved: answers(forms, saved), listed: answers(forms, listed) };
}

function answers(forms: readonly string[], said: ReadonlyMap<string, string>): string {
  return forms
    .flatMap((form, at) => {
      if (!/^(46|4|6) /.test(form)) return [form];
      const askers = new Map<string, string[]>();
      const all = [...(/^\d+/.exec(form)?.[0] ?? '')].flatMap((family) =>
        ['nft', 'legacy'].map((backend) => `${family} ${backend}`),
      );
      for (const asker of all) {
        const line = said.get(`${at} ${asker}`) ?? 'refused';
        askers.set(line, [...(askers.get(line) ?? []), asker]);
      }
      const names = (some: readonly string[]) => (some.length === all.length ? 'all' : some.join(', '));
      return [form, ...[...askers].map(([line, some]) => `  ${names(some)}: ${line}`)];
    })
    .join('\n');
}

const { saved, listed } = askAll();
writeFileSync(new URL('recorded.txt', here), saved);
writeFileSync(new URL('listed.txt', here), listed);
