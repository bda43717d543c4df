/**
 * Asks istiod anew: `node test/mesh/istiod/ask.ts CHECKOUT`, with a checkout of Istio that has been made ready as
 * `test/mesh/README.md` says. Writes one packed answer a pod.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, answerFile, packed } from './answer.ts';
import { askedPod, podNames } from './pods.ts';

const checkout = process.argv[2];
if (checkout === undefined) {
  console.error('usage: node test/mesh/istiod/ask.ts CHECKOUT-OF-ISTIO');
  process.exit(2);
}

const place = join(checkout, 'pilot/pkg/xds/sidetrack');
const scratch = mkdtempSync(join(tmpdir(), 'sidetrack-istiod-'));
const pods = join(scratch, 'pods.json');
const answers = join(scratch, 'answers.json');
try {
  mkdirSync(place, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'question_test.go'), join(place, 'question_test.go'));
  writeFileSync(pods, JSON.stringify(podNames.map(askedPod)));
  const { status } = spawnSync('go', ['test', '-count=1', './pilot/pkg/xds/sidetrack/', '-run', 'TestAsk'], {
    cwd: checkout,
    stdio: 'inherit',
    env: {
      ...process.env,
      GOFLAGS: '-mod=mod',
      SIDETRACK_PODS: pods,
      SIDETRACK_ANSWERS: answers,
      SIDETRACK_TEMPLATE: join(checkout, 'tools/packaging/common/envoy_bootstrap.json'),
    },
  });
  if (status !== 0) throw new Error('go test failed');
  const said = JSON.parse(readFileSync(answers, 'utf8')) as Readonly<Record<string, Omit<Answer, 'asked'>>>;
  for (const name of podNames) {
    const answer = said[name];
    if (answer === undefined) throw new Error(`istiod said nothing about ${name}`);
    writeFileSync(answerFile(name), packed(name, answer));
  }
  console.log(`${podNames.length} answers written`);
} finally {
  rmSync(place, { recursive: true, force: true });
  rmSync(scratch, { recursive: true });
}
