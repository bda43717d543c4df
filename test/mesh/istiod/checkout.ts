/** Runs the question in a checkout of Istio: with its own generators, and its test server. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What istiod tells each pod of a list, by its name. */
export function askIstiod(checkout: string, pods: readonly object[]): unknown {
  const place = join(checkout, 'pilot/pkg/xds/sidetrack');
  const scratch = mkdtempSync(join(tmpdir(), 'sidetrack-istiod-'));
  const list = join(scratch, 'pods.json');
  const answers = join(scratch, 'answers.json');
  try {
    mkdirSync(place, { recursive: true });
    copyFileSync(join(import.meta.dirname, 'question_test.go'), join(place, 'question_test.go'));
    writeFileSync(list, JSON.stringify(pods));
    const { status } = spawnSync(
      'go',
      ['test', '-count=1', './pilot/pkg/xds/sidetrack/', '-run', 'TestAsk'],
      {
        cwd: checkout,
        stdio: 'inherit',
        env: {
          ...process.env,
          GOFLAGS: '-mod=mod',
          SIDETRACK_PODS: list,
          SIDETRACK_ANSWERS: answers,
          SIDETRACK_TEMPLATE: join(checkout, 'tools/packaging/common/envoy_bootstrap.json'),
        },
      },
    );
    if (status !== 0) throw new Error('go test failed');
    return JSON.parse(readFileSync(answers, 'utf8'));
  } finally {
    rmSync(place, { recursive: true, force: true });
    rmSync(scratch, { recursive: true });
  }
}
