/**
 * Every port has one home, `src/istio/pod/ports.ts`, and the rules, the listeners and the pages agree on it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type Options, ports, releases, type Workload } from '../../../src/istio/index.ts';
import { journey, podOf } from '../../../src/journey/index.ts';
import { portPurpose } from '../../../src/words/index.ts';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));

const workload: Workload = {
  addresses: ['10.244.1.5/24'],
  uid: 1000,
  gid: 1000,
  ports: [{ port: 8080 }],
  services: [],
  outboundTrafficPolicy: 'ALLOW_ANY',
};

/** Files that may write a port down, and what they write. */
const exceptions: Readonly<Record<string, string>> = {
  'istio/pod/ports.ts': 'the table itself',
  'istio/history/changes.ts': "Istio's own subjects of commits, and what each commit did in its time",
  'envoy/read/listener.ts': 'a time of 15 seconds, in milliseconds',
  'handbook/scenarios/traffic.ts': 'the stops of a published article, as it has them',
};

/** The texts and numbers of a file in which a port of Istio stands; comments do not count. */
function portsIn(file: string): readonly string[] {
  const tree = ts.createSourceFile(file, readFileSync(join(source, file), 'utf8'), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteral(node) || ts.isNumericLiteral(node) || ts.isTemplateLiteralToken(node);
    if (isText && /\b150\d\d\b/.test(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

test('no port of Istio is written down but in its table', () => {
  // A fact is a statement with a source of its own: the number in it is compared with that line.
  // A sentence of a page that was read is written down as it stands there, and has to be there.
  const quoted = /^(istio\/facts|handbook\/claims\/read)\//;
  const found = files.filter((file) => !quoted.test(file) && portsIn(file).length > 0);
  expect(found.sort()).toEqual(Object.keys(exceptions).sort());
});

test('scenarios name ports only where they repeat what was published', () => {
  for (const text of portsIn('handbook/scenarios/traffic.ts')) expect(text).toMatch(/^Envoy 150(01|06)$/);
});

test('each port says what it is for', () => {
  for (const { name } of ports) expect(portPurpose(name)).toMatch(/^[A-Zxp].*\.$/);
});

test('the debug interface of pilot-agent is there from 1.11 to 1.24', () => {
  const listening = releases
    .map(({ name }) => name)
    .filter((name) =>
      podOf(name, {}, workload).host.sockets?.some(
        ({ port, address }) => port === 15004 && address === '127.0.0.1',
      ),
    );
  expect([listening[0], listening.at(-1), listening.length]).toEqual(['1.11', '1.24', 14]);
});

describe('a captured DNS query reaches pilot-agent', () => {
  const options: Partial<Options> = { redirectDNS: true, dnsServersV4: ['10.96.0.10'] };
  const ask = (release: string) =>
    journey(podOf(release, options, workload), {
      from: { process: 'app' },
      address: '10.96.0.10',
      port: 53,
      protocol: 'udp',
    });
  const capturing = releases.map(({ name }) => name).filter((name) => name !== '1.5');

  test.each(capturing)('in %s', (release) => {
    const asked = ask(release);
    expect(asked.arrived).toBe(true);
    expect(asked.legs[0]?.server).toMatchObject({
      name: 'pilot-agent',
      port: release === '1.6' ? 15013 : 15053,
    });
  });

  test('and in 1.5, which captures none, the server itself', () => {
    expect(ask('1.5').legs[0]?.server).toMatchObject({ kind: 'network', address: '10.96.0.10', port: 53 });
  });
});
