/**
 * Records what a real ztunnel does: `npm run record:ztunnel -- PATH_TO_CLONE`, as root. PATH is a clone of istio/ztunnel
 * with its tags; nothing in it is changed. It is built where it was not yet, with cargo and protoc.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from '../../kernel/recording.ts';
import { buildZtunnel, lackOfZtunnel, ztunnelFile, ztunnelTags } from './program.ts';

const [clone] = process.argv.slice(2);
const lack = missing();
if (lack !== null || (clone === undefined && lackOfZtunnel() !== null)) {
  console.error(lack === null ? 'npm run record:ztunnel -- PATH_TO_CLONE_OF_ZTUNNEL' : `${lack} is missing`);
  process.exit(2);
}
if (clone !== undefined)
  for (const tag of ztunnelTags) if (!existsSync(ztunnelFile(tag))) buildZtunnel(clone, tag);

const root = join(import.meta.dirname, '../../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'mesh', 'test/mesh/ztunnel'], {
  cwd: root,
  env: { ...process.env, SIDETRACK_RECORD: '1' },
  stdio: 'inherit',
});
process.exit(status ?? 1);
