/**
 * The handbook under other settings: the pages say something else then, the check finds it, and the update mends
 * exactly the fences.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import handbook from '../../handbook.config.ts';
import { readPages } from './check.ts';

const pages = readPages();
const config = '../../handbook.config.ts';

type Claims = typeof import('../../src/handbook/index.ts');

async function handbookWith(change: Partial<typeof handbook>): Promise<Claims> {
  vi.resetModules();
  vi.doMock(config, () => ({ default: { ...handbook, ...change } }));
  return await import('../../src/handbook/index.ts');
}

afterEach(() => {
  vi.doUnmock(config);
  vi.resetModules();
});

const settings: readonly (readonly [string, Partial<typeof handbook>])[] = [
  ['Istio 1.10', { release: '1.10' }],
  ['Istio 1.17', { release: '1.17' }],
  ['DNS capture', { options: { redirectDNS: true, dnsServersV4: ['10.96.0.53'] } }],
  ['the CNI plugin', { options: { cni: true } }],
  ['TPROXY', { options: { inboundInterceptionMode: 'TPROXY' } }],
  ['another pod', { pod: { ...handbook.pod, address: '10.20.0.9/24', port: 3000, uid: 4000 } }],
];

describe.each(settings)('a handbook of %s', (name, change) => {
  test('is mended by the update, in its fences and nowhere else', async () => {
    const claims = await handbookWith(change);
    let mended = 0;
    for (const { file, source } of pages) {
      const accepted = claims.acceptPaths(source);
      expect(claims.checkPage(file, accepted).map(({ message }) => message)).toEqual([]);
      expect(outside(claims, accepted)).toBe(outside(claims, source));
      const wrong = claims.checkPaths(file, source).length > 0;
      if (accepted !== source) expect(wrong, `${file} is wrong before`).toBe(true);
      if (accepted !== source) mended += 1;
    }
    // The rules that the pages speak of did not change between these releases.
    expect(mended > 0).toBe(name !== 'Istio 1.17');
  });

  test('a finding names page and line, and the command that accepts', async () => {
    const claims = await handbookWith(change);
    for (const { file, source } of pages) {
      for (const { line, message } of claims.checkPaths(file, source)) {
        expect(message).toMatch(new RegExp(`^${file}:${line}:\\d+: `));
        if (message.includes('the path of scenario')) expect(message).toContain('npm run docs:update');
      }
    }
  });
});

/** The page without what the engine writes. */
function outside(claims: Claims, source: string): string {
  const lines: (string | null)[] = source.split('\n');
  for (const { language, line, body } of claims.readFences(source)) {
    if (language === 'path' || language === 'iptables') lines.fill(null, line, line + body.length);
  }
  return lines.filter((line) => line !== null).join('\n');
}
