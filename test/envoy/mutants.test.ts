/**
 * A test of the tests: mistakes that could be made in the order and in the conditions, each made in a copy of the floor.
 * What a real Envoy did must catch every one. A mistake whose place is not found any more fails too.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

interface Mutant {
  readonly mistake: string;
  /** Under `src/envoy`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const mutants: readonly Mutant[] = [
  {
    mistake: 'the destination port is asked last',
    file: 'model/event.ts',
    from: "  'destination_port',\n  'prefix_ranges',",
    to: "  'prefix_ranges',",
  },
  {
    mistake: 'the server name is asked before the destination address',
    file: 'model/event.ts',
    from: "  'prefix_ranges',\n  'server_names',",
    to: "  'server_names',\n  'prefix_ranges',",
  },
  {
    mistake: 'the application protocol is asked before the transport protocol',
    file: 'model/event.ts',
    from: "  'transport_protocol',\n  'application_protocols',",
    to: "  'application_protocols',\n  'transport_protocol',",
  },
  {
    mistake: 'the source address is asked before the source type',
    file: 'model/event.ts',
    from: "  'source_type',\n  'source_prefix_ranges',",
    to: "  'source_prefix_ranges',\n  'source_type',",
  },
  {
    mistake: 'the source port is not asked',
    file: 'model/event.ts',
    from: "  'source_ports',\n",
    to: '',
  },
  {
    mistake: 'a chain that asks for nothing is taken beside one that asks for the value',
    file: 'walk/filter-chains.ts',
    from: 'nearest === null ? own.length === 0 : own.includes(nearest)',
    to: 'own.length === 0 || (nearest !== null && own.includes(nearest))',
  },
  {
    mistake: 'the shortest prefix wins',
    file: 'walk/filter-chains.ts',
    from: 'prefix.mask > mask',
    to: '(nearest === null || prefix.mask < mask)',
  },
  {
    mistake: 'a wildcard name holds no more than one label',
    file: 'walk/filter-chains.ts',
    from: "at = name.indexOf('.', at + 1))",
    to: 'at = -1)',
  },
  {
    mistake: 'the shortest wildcard name wins',
    file: 'walk/filter-chains.ts',
    from: 'names.push(`*',
    to: 'names.splice(1, 0, `*',
  },
  {
    mistake: 'the last of the application protocols decides',
    file: 'walk/filter-chains.ts',
    from: 'values.find((value)',
    to: 'values.findLast((value)',
  },
  {
    mistake: 'all of 127.0.0.0/8 is the loopback address',
    file: 'walk/filter-chains.ts',
    from: "remote === '127.0.0.1' ||",
    to: "remote.startsWith('127.') ||",
  },
  {
    mistake: 'there is no default chain',
    file: 'walk/connect.ts',
    from: 'chain === null ? this.#noChain() : this.#run(chain, accepted)',
    to: 'this.#noChain()',
  },
  {
    mistake: 'a range of ports has its end in it',
    file: 'walk/listener-filters.ts',
    from: 'port < predicate.end',
    to: 'port <= predicate.end',
  },
  {
    mistake: 'a filter that is disabled is run',
    file: 'walk/listener-filters.ts',
    from: 'if (isDisabled) {',
    to: 'if (isDisabled && at < 0) {',
  },
  {
    mistake: 'tls_inspector decides at the first byte',
    file: 'walk/inspectors.ts',
    from: 'bytes.length < 5',
    to: 'bytes.length < 1',
  },
  {
    mistake: 'what TLS offers is not heard',
    file: 'walk/listener-filters.ts',
    from: 'alpn.length > 0 ? alpn :',
    to: 'alpn.length > 99 ? alpn :',
  },
  {
    mistake: 'the parser of 1.38 is that of 1.39',
    file: 'walk/inspectors.ts',
    from: "release === '1.38' ?",
    to: "release === ('1.37' as string) ?",
  },
  {
    mistake: 'a listener that waits too long is never closed',
    file: 'walk/connect.ts',
    from: 'if (timeout === 0) return',
    to: 'if (timeout >= 0) return',
  },
  {
    mistake: 'a listener goes on after the time is over, though it may not',
    file: 'walk/connect.ts',
    from: 'const afterwards = goesOn',
    to: 'const afterwards = goesOn !== null',
  },
  {
    mistake: 'a wildcard goes before the exact address',
    file: 'walk/listeners.ts',
    from: "if (exact !== undefined) return { listener: exact, by: 'exact' };",
    to: "if (exact !== undefined && address === '') return { listener: exact, by: 'exact' };",
  },
  {
    mistake: 'nothing is handed over',
    file: 'walk/connect.ts',
    from: 'if (mayHandOver && listener.useOriginalDst',
    to: 'if (mayHandOver && listener.transparent',
  },
  {
    mistake: 'a host is searched for with its port, though it need not be',
    file: 'walk/routes.ts',
    from: 'table.ignorePortInHostMatching ? host.slice(0, portStart(host)) : host',
    to: 'host',
  },
  {
    mistake: 'a domain that begins with a star goes behind one that ends with it',
    file: 'walk/routes.ts',
    from: '? 2 * most + domain.length : null',
    to: '? domain.length : null',
  },
  {
    mistake: 'several values of a header are one in 1.39, too',
    file: 'walk/routes.ts',
    from: "release === '1.38' ? [values.join(',')] : values",
    to: "release !== ('1.37' as string) ? [values.join(',')] : values",
  },
  {
    mistake: 'a missing header fits what is inverted',
    file: 'walk/routes.ts',
    from: 'if (!isThere) return false;',
    to: 'if (!isThere) return invert;',
  },
  {
    mistake: 'the source address of a cluster is not bound',
    file: 'walk/dial.ts',
    from: 'cluster.bind ?? config.bind',
    to: 'config.bind',
  },
  {
    mistake: 'the first wildcard domain that fits is taken',
    file: 'walk/routes.ts',
    from: 'if (rank !== null && rank > most)',
    to: 'if (rank !== null && best === null)',
  },
  {
    mistake: 'a host is asked in the letters in which it was written',
    file: 'walk/http.ts',
    from: 'undotted.slice(0, at) : undotted).toLowerCase()',
    to: 'undotted.slice(0, at) : undotted)',
  },
  {
    mistake: 'the last route that fits is taken',
    file: 'walk/routes.ts',
    from: "if (missed === null) return { kind: 'found', route };",
    to: "if (missed === null && index === routes.length - 1) return { kind: 'found', route };",
  },
  {
    mistake: 'a path is compared with its query',
    file: 'walk/routes.ts',
    from: "request.path.replace(/[?#].*$/s, '')",
    to: "request.path.replace(/#.*$/s, '')",
  },
  {
    mistake: 'a prefix that ends a segment holds within one',
    file: 'walk/routes.ts',
    from: 'found === wanted || found.',
    to: 'found.startsWith(wanted) || found.',
  },
  {
    mistake: 'what is inverted is not',
    file: 'walk/routes.ts',
    from: 'return held !== invert;',
    to: 'return held;',
  },
  {
    mistake: 'a request without a host is let through',
    file: 'walk/http-head.ts',
    from: "if (!headers.has('host') && host === '') return refused(400, 'missing_host_header');",
    to: '',
  },
  {
    mistake: 'HTTP/1.0 is taken by everybody',
    file: 'walk/http-head.ts',
    from: '!acceptHttp10)',
    to: "!acceptHttp10 && line.version !== 'HTTP/1.0')",
  },
  {
    mistake: 'a direct answer is always 200',
    file: 'walk/http.ts',
    from: "      return responds(action.status, '', 'direct_response', named);\n    case 'redirect'",
    to: "      return responds(200, '', 'direct_response', named);\n    case 'redirect'",
  },
  {
    mistake: 'a server name is kept in its letters',
    file: 'walk/inspectors.ts',
    from: "(serverName ?? '').toLowerCase()",
    to: "(serverName ?? '')",
  },
  {
    mistake: 'the preface of HTTP/2 is a first line',
    file: 'walk/inspectors.ts',
    from: "if (bytes.startsWith(http2Preface)) return { found: 'h2c' };",
    to: '',
  },
  {
    mistake: 'a refused dial is never tried again',
    file: 'walk/seen.ts',
    from: "flags: retries ? 'URX,UF' : 'UF'",
    to: "flags: 'UF'",
  },
  {
    mistake: "a header's range has its end in it",
    file: 'walk/routes.ts',
    from: 'Number(value) < end',
    to: 'Number(value) <= end',
  },
  {
    mistake: "a header's range begins behind its beginning",
    file: 'walk/routes.ts',
    from: 'Number(value) >= start',
    to: 'Number(value) > start',
  },
  {
    mistake: 'the letters of a path always matter',
    file: 'walk/routes.ts',
    from: '= caseSensitive ? [value, path]',
    to: "= caseSensitive || path !== '' ? [value, path]",
  },
  {
    mistake: 'the last value of a query decides',
    file: 'walk/routes.ts',
    from: 'if (!query.has(name)) query.set(',
    to: 'query.set(',
  },
  {
    mistake: 'a query that is not there fits',
    file: 'walk/routes.ts',
    from: 'value === undefined ? false :',
    to: 'value === undefined ? true :',
  },
  {
    mistake: 'a wildcard that is compatible takes its own family alone',
    file: 'read/lookup.ts',
    from: 'return [own, { address: wildcards.v4, port }];',
    to: 'return [own];',
  },
  {
    mistake: 'what was not redirected is handed over',
    file: 'walk/connect.ts',
    from: 'accepted.isRestored && accepted.localAddress !== null',
    to: 'accepted.localAddress !== null',
  },
  {
    mistake: 'a client is never reset',
    file: 'walk/connect.ts',
    from: 'looked.includes(event.did.code)',
    to: 'looked.length === 0',
  },
  {
    mistake: 'endpoints that are sick are dialled',
    file: 'walk/load-balancing.ts',
    from: "!sick.includes(health) && health !== 'DEGRADED'",
    to: "health !== 'DEGRADED'",
  },
  {
    mistake: 'endpoints that are degraded are never dialled',
    file: 'walk/load-balancing.ts',
    from: 'return [0, 1].flatMap(',
    to: 'return [0].flatMap(',
  },
  {
    mistake: 'a priority carries all with one that is well',
    file: 'walk/load-balancing.ts',
    from: 'const overprovisioning = 140;',
    to: 'const overprovisioning = 1000;',
  },
  {
    mistake: 'a priority is in panic though all can be carried',
    file: 'walk/load-balancing.ts',
    from: 'available < 100 && panics ? all : some',
    to: 'panics ? all : some',
  },
  {
    mistake: 'the panic begins at half, whatever is set',
    file: 'walk/load-balancing.ts',
    from: '< panic * all.length',
    to: '< 50 * all.length',
  },
  {
    mistake: 'a priority that stands first in the text goes first',
    file: 'walk/load-balancing.ts',
    from: '.sort((a, b) => a - b)',
    to: '.sort(() => 0)',
  },
  {
    mistake: 'any of the labels chooses a socket',
    file: 'walk/dial.ts',
    from: 'Object.entries(one.labels).every(',
    to: 'Object.entries(one.labels).some(',
  },
  {
    mistake: "the locality's labels go before the endpoint's",
    file: 'walk/dial.ts',
    from: 'own?.transportSocket ?? fits(host.localityLabels)?.transportSocket',
    to: 'fits(host.localityLabels)?.transportSocket ?? own?.transportSocket',
  },
  {
    mistake: 'the first source address is bound, whatever its family',
    file: 'walk/dial.ts',
    from: 'source: fitting ?? first',
    to: 'source: first',
  },
  {
    mistake: 'a source address of another family is bound',
    file: 'walk/dial.ts',
    from: 'familyOf(source) !== familyOf(first.address)',
    to: "source === ''",
  },
  {
    mistake: 'the header of the original destination is not heard',
    file: 'walk/dial.ts',
    from: 'told === undefined ? null :',
    to: "told !== '' ? null :",
  },
  {
    mistake: 'the port of the original destination is never replaced',
    file: 'walk/dial.ts',
    from: 'upstreamPortOverride ?? Number(port)',
    to: 'Number(port)',
  },
  {
    mistake: 'a dot at the end of a host stays',
    file: 'walk/http.ts',
    from: 'manager.stripTrailingHostDot ? host.replace',
    to: "manager.stripTrailingHostDot && host === '' ? host.replace",
  },
  {
    mistake: "another port than the listener's goes, too",
    file: 'walk/http.ts',
    from: "stripPort === 'matching' && Number(port) === localPort",
    to: "stripPort === 'matching'",
  },
  {
    mistake: 'a dot stays a part of a path',
    file: 'walk/http.ts',
    from: "else if (segment !== '.') kept.push(segment)",
    to: 'else kept.push(segment)',
  },
  {
    mistake: 'every upgrade is allowed',
    file: 'walk/http-head.ts',
    from: 'isUpgrade && !upgrades.includes',
    to: 'isUpgrade && upgrades.length > 9 && !upgrades.includes',
  },
  {
    mistake: 'a path may be no path',
    file: 'walk/http-head.ts',
    from: "(method === 'OPTIONS' && target.startsWith('*'))",
    to: "target.startsWith('*')",
  },
  {
    mistake: 'the loopback address of IPv6 is far',
    file: 'walk/filter-chains.ts',
    from: " || isSameAddress(remote, '::1')",
    to: '',
  },
  {
    mistake: 'a record of TLS never ends',
    file: 'walk/tls-record.ts',
    from: 'bytes.length < 5 + length',
    to: 'bytes.length < 5000 + length',
  },
  {
    mistake: 'a range that is exclusive is like the others',
    file: 'walk/matcher.ts',
    from: 'at === 0 || !exclusive',
    to: 'at === 0 || exclusive !== null',
  },
  {
    mistake: 'a chain that speaks TLS takes what is none',
    file: 'walk/connect.ts',
    from: "if (!('waits' in seen)) return this.#closed('not TLS');",
    to: '',
  },
  {
    mistake: 'a transparent socket has the address that was called, though that was changed on the way',
    file: 'walk/connect.ts',
    from: '(listener.transparent && accepted === undefined)',
    to: 'listener.transparent',
  },
  {
    mistake: 'original_src binds nothing',
    file: 'walk/dial.ts',
    from: "if (kept !== null) return { source: kept, by: 'original_src' };",
    to: '',
  },
  {
    mistake: 'a name has the addresses of IPv4, whatever is looked up',
    file: 'walk/dial.ts',
    from: 'isName(first) ? lookupFamilyOf(cluster) : familyOf(first.address)',
    to: 'familyOf(first.address)',
  },
  {
    mistake: 'a name that is looked up has no host',
    file: 'walk/dial.ts',
    from: 'return group?.hosts ?? cluster.hosts ?? [];',
    to: 'return group?.hosts ?? [];',
  },
];

const cache = resolve('.cache');
const copies: string[] = [];

function newCopy(): string {
  mkdirSync(cache, { recursive: true });
  const copy = mkdtempSync(join(cache, 'envoy-mutant-'));
  copies.push(copy);
  for (const floor of ['netfilter', 'envoy'])
    cpSync(join('src', floor), join(copy, floor), { recursive: true });
  return copy;
}
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** What the replay prints: how many disagreements there are. */
function replay(copy: string): Promise<string> {
  return new Promise((done) => {
    execFile(process.execPath, ['test/envoy/replay.ts', copy], (error, stdout, stderr) => {
      done(error === null ? stdout.trim() : stderr);
    });
  });
}

async function tryMutant({ file, from, to }: Mutant): Promise<string> {
  const copy = newCopy();
  const path = join(copy, 'envoy', file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(from).length !== 2) return `its place in ${file} is not found`;
  writeFileSync(
    path,
    sound.replace(from, () => to),
  );
  return replay(copy);
}

test('the copy without a mistake agrees with Envoy', async () => {
  expect(await replay(newCopy())).toBe('0');
});

describe('Envoy catches it when', () => {
  const lanes = 2;
  const found = new Map<Mutant, Promise<string>>();
  beforeAll(() => {
    const ends = Array.from({ length: lanes }, () => Promise.resolve(''));
    for (const [index, mutant] of mutants.entries()) {
      const lane = index % lanes;
      const work = (ends[lane] ?? Promise.resolve('')).then(() => tryMutant(mutant));
      found.set(mutant, work);
      ends[lane] = work;
    }
  });

  test.each(mutants.map((mutant) => [mutant.mistake, mutant] as const))('%s', async (_, mutant) => {
    expect(await found.get(mutant)).toMatch(/^[1-9]\d*$/);
  });
});
