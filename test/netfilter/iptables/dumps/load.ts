/** The dumps in the manner of the tools that program nodes, and what the kernel saves of them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Family } from '../../../../src/netfilter/index.ts';

const folder = new URL('.', import.meta.url);
export const backends = ['nft', 'legacy'] as const;

export interface Dump {
  readonly name: string;
  readonly family: Family;
  /** In `iptables-restore`'s form, as the tool programs it. */
  readonly rules: string;
  /** Beside it: what each back end saved. */
  readonly recorded: (backend: (typeof backends)[number]) => URL;
}

export const dumps: readonly Dump[] = readdirSync(folder)
  .filter((file) => file.endsWith('.rules'))
  .map((file) => {
    const name = file.replace('.rules', '');
    return {
      name,
      family: name.endsWith('.v6') ? 'v6' : 'v4',
      rules: readFileSync(new URL(file, folder), 'utf8'),
      recorded: (backend) => new URL(`${name}.${backend}.saved`, folder),
    };
  });

/** Loads rules in a namespace of their own, and answers with what is saved, without the comments with the time. */
export function savedByKernel(rules: string, family: Family, backend: (typeof backends)[number]): string {
  const tool = `${family === 'v6' ? 'ip6tables' : 'iptables'}-${backend}`;
  const ran = spawnSync('unshare', ['--net', 'sh', '-c', `${tool}-restore && ${tool}-save`], {
    input: rules,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (ran.status !== 0) throw new Error(`${tool}: ${ran.stderr}`);
  return ran.stdout
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
}
