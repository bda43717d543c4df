/**
 * Runs Istio's program in a network namespace that is made for one question, and keeps what the kernel then lists:
 * rules, TPROXY's routing, the addresses of `lo`. As root.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Family } from '../../../src/netfilter/index.ts';
import { type Call, callOf } from './call.ts';
import type { OptionSet } from './option-sets.ts';
import type { Program } from './program.ts';

/** What the kernel lists after the program; null where the program refused the options. */
export type Said = Listed | null;

export interface Listed {
  /** As iptables-save prints it, without comments and counters. */
  readonly v4: string;
  readonly v6: string;
  /** Lines of `ip rule`, `ip route` and `ip address` that are not there in an empty pod. */
  readonly routing: string;
}

export interface Answer {
  readonly said: Said;
  /** What `nft list ruleset` prints after a program that has `--native-nftables`; null where it was refused. */
  readonly nft?: string | null;
}

export async function ask(program: Program, set: OptionSet): Promise<Answer> {
  const call = callOf(set, program.flags);
  const said = listedOf(await inNamespace(program, call, 'iptables-save; echo ====; ip6tables-save'));
  if (!program.flags.has('--native-nftables')) return { said };
  const native = { ...call, args: [...call.args, '--native-nftables=true'] };
  const nft = await inNamespace(program, native, 'nft list ruleset');
  return { said, nft: nft === null ? null : withoutCounts(nft.split('====\n')[0] as string) };
}

/** The same listing of rules that are loaded with iptables-restore. */
export async function listLoaded(texts: Readonly<Record<Family, string | null>>): Promise<Listed> {
  const folder = mkdtempSync(join(tmpdir(), 'sidetrack-'));
  try {
    writeFileSync(join(folder, 'v4'), texts.v4 ?? '');
    writeFileSync(join(folder, 'v6'), texts.v6 ?? '');
    const { stdout } = await promisify(execFile)('unshare', [
      '--net',
      'sh',
      '-ec',
      `iptables-restore --noflush <${folder}/v4; ip6tables-restore --noflush <${folder}/v6
       iptables-save; echo ====; ip6tables-save; echo ====`,
    ]);
    return listedOf(stdout) as Listed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `nft list ruleset` prints after a script of nft, without counts; null where it is refused. */
export async function listNative(script: string): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'sidetrack-'));
  try {
    writeFileSync(join(folder, 'rules'), script);
    const lists = `nft -f ${folder}/rules >${folder}/said 2>&1 || { echo REFUSED; exit 0; }; nft list ruleset`;
    const { stdout } = await promisify(execFile)('unshare', ['--net', 'sh', '-c', lists]);
    return stdout.startsWith('REFUSED') ? null : withoutCounts(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a script prints after the program, in one namespace; null where the program refused. */
async function inNamespace(program: Program, call: Call, lists: string): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'sidetrack-'));
  try {
    const resolv = join(folder, 'resolv.conf');
    writeFileSync(resolv, call.servers.map((server) => `nameserver ${server}\n`).join(''));
    const script = [
      `mount --bind ${resolv} /etc/resolv.conf`,
      'ip link set lo up',
      'ip link add eth0 type veth peer name far0',
      ...call.addresses.map((one) => `ip address add ${one} dev eth0${one.includes(':') ? ' nodad' : ''}`),
      'ip link set eth0 up',
      `"$@" >${folder}/said 2>&1 || { echo REFUSED; exit 0; }`,
      lists,
      'echo ====',
      'ip -4 rule; ip -6 rule | sed "s/^/v6 /"',
      'ip -4 route show table all type local | grep -w default',
      'ip -6 route show table all type local | grep -w default | sed "s/^/v6 /"',
      'ip -oneline address show dev lo | sed "s/ *\\\\\\\\.*//"',
      'true',
    ].join('\n');
    const args = ['--net', '--mount', 'sh', '-c', script, 'sh', program.file, ...call.args];
    const { stdout } = await promisify(execFile)('unshare', args, {
      env: { PATH: process.env.PATH, ...call.environment },
    });
    const words = readFileSync(join(folder, 'said'), 'utf8');
    // 1.11 ends as if all were well where iptables-restore refuses its rules.
    if (!stdout.startsWith('REFUSED') && !words.includes('Error occurred at line')) return stdout;
    if (/Permission denied|command not found|not found in \$PATH/.test(words))
      throw new Error(words.slice(-2000));
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function listedOf(stdout: string | null): Said {
  if (stdout === null) return null;
  const [v4 = '', v6 = '', routing = ''] = stdout.split('====\n');
  return { v4: plain(v4), v6: plain(v6), routing: routing.split('\n').filter(isAdded).join('\n') };
}

/** Without comments, which have the time in them, and without counts of packets that nobody sent. */
function plain(saved: string): string {
  return saved
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `${line.replace(/ \[\d+:\d+\]$/, '')}\n`)
    .join('');
}

function withoutCounts(listed: string): string {
  return listed.replaceAll(/counter packets \d+ bytes \d+/g, 'counter packets 0 bytes 0');
}

const ofEveryPod =
  /^(v6 )?(0|32766|32767):\s+from all lookup (local|main|default)\s*$|127\.0\.0\.1\/8|\s::1\/128/;

function isAdded(line: string): boolean {
  return line.trim() !== '' && !ofEveryPod.test(line);
}
