/**
 * The programs that tests need besides Node: the kernel's own tools, a browser and a web server. What is missing is installed
 * where that is allowed (root on Debian), and otherwise named with the one command that installs it.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromiumPath } from '../../src/site/pdf/chromium.ts';
import { nginxPath } from '../publisher/nginx.ts';
import { runProgram } from './program.ts';
import type { Progress } from './progress.ts';

interface Tool {
  /** The Debian package. */
  readonly package: string;
  readonly steps: readonly string[];
  readonly isThere: () => boolean;
}

const tools: readonly Tool[] = [
  { package: 'chromium', steps: ['browser', 'publisher'], isThere: () => chromiumPath() !== undefined },
  { package: 'nginx-light', steps: ['publisher'], isThere: () => nginxPath() !== undefined },
  { package: 'iptables', steps: ['kernel', 'mesh'], isThere: () => isOnPath('iptables-restore') },
  { package: 'nftables', steps: ['kernel', 'mesh'], isThere: () => isOnPath('nft') },
  { package: 'conntrack', steps: ['kernel', 'mesh'], isThere: () => isOnPath('conntrack') },
  { package: 'ipset', steps: ['kernel', 'mesh'], isThere: () => isOnPath('ipset') },
  { package: 'iproute2', steps: ['kernel', 'mesh'], isThere: () => isOnPath('ip') },
];

/** Says what it does. What cannot be had is left to the step's own tests to fail for. */
export async function provideTools(steps: readonly string[], progress: Progress): Promise<void> {
  const isReplayed = (step: string): boolean =>
    (step === 'kernel' && process.env.SIDETRACK_KERNEL === 'recorded') ||
    (step === 'mesh' && process.env.SIDETRACK_ENVOY === 'recorded');
  const missing = tools
    .filter((tool) => tool.steps.some((step) => steps.includes(step) && !isReplayed(step)))
    .filter(({ isThere }) => !isThere())
    .map((tool) => tool.package);
  if (missing.length === 0) return;

  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!isOnPath('apt-get')) {
    const hasNoBrowser = missing.includes('chromium');
    if (hasNoBrowser) console.log('For the browser tests, run once: npx playwright-core install chromium');
    return;
  }
  if (process.getuid?.() !== 0) {
    console.log(`Not installed: ${missing.join(', ')}. Run once: sudo sh -c 'apt-get update && ${install}'`);
    return;
  }
  console.log(`Installing ${missing.join(', ')} …`);
  const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
  const installing = runProgram('sh', ['-c', `apt-get update && ${install}`], quiet);
  const done = await progress.during('install', installing);
  if (done.exitCode === 0) console.log(`Installed in ${done.seconds.toFixed(0)} s.`);
  else console.log(`${done.output.trim()}\nThat did not work. To try again: apt-get update && ${install}`);
}

function isOnPath(name: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...folders, '/usr/sbin', '/sbin'].some((folder) => folder !== '' && existsSync(join(folder, name)));
}
