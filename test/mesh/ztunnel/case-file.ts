/**
 * Behaviours of ztunnel as text: who calls whom in which mesh, and behind `==>` what becomes of it.
 *
 *     mesh iptables
 *
 *     # A Service of the mesh
 *     app > 10.96.0.7:80
 *     ==>
 *     client: …
 *
 * `mesh nft`; `, strict`, `, no ztunnel`, `, ingress mode`, … behind it, as in `meshes`. A caller sends `hello`, or what
 * `send` says; with `udp` behind its name a datagram, with `ping` an echo request, with `ask` or `ask6` a question by DNS, for the address
 * of that family.
 */
import { type Paragraph, paragraphsOf, readEnd } from '../case-file.ts';
import type { End } from '../lab/protocol.ts';
import type { Wanted } from './ambient-mesh.ts';
import { type BackEnd, backEnds } from './world.ts';

/** Who calls: a process of the pod, its peer's app, somebody outside the mesh, a probe of the node, or the node as it is. */
export const ambientCallers = ['app', '1337', 'peer', 'outside', 'probe', 'node'] as const;
export type AmbientCaller = (typeof ambientCallers)[number];

export interface ZtunnelCase {
  readonly title: string;
  /** As in the file: `iptables, strict`. */
  readonly mesh: string;
  readonly caller: AmbientCaller;
  readonly how: 'tcp' | 'udp' | 'ping' | 'ask' | 'ask6';
  readonly to: End;
  readonly send: string;
  readonly expected: readonly string[];
}

const changes: Readonly<Record<string, Omit<Wanted, 'backEnd'>>> = {
  strict: { workload: { isStrict: true } },
  'no ztunnel': { workload: { ztunnelRuns: false } },
  'ingress mode': { options: { ingressMode: true } },
  'peer denied': { deniesPeer: true },
  'a waypoint': { workload: { waypoints: { reviews: '10.244.3.20' } } },
};

/** The mesh that a name stands for; null where it stands for none. */
export function meshNamed(name: string): Wanted | null {
  const [first = '', ...more] = name.split(', ');
  const backEnd = backEnds.find((one): one is BackEnd => one === first);
  const changed = more.map((one) => changes[one]);
  if (backEnd === undefined || changed.includes(undefined)) return null;
  return Object.assign({ backEnd }, ...changed);
}

/** The cases of a file: a paragraph each. Throws, with the line, where it cannot be read. */
export function readZtunnelCases(text: string, file: string): readonly ZtunnelCase[] {
  const cases: ZtunnelCase[] = [];
  let mesh: string | null = null;
  for (const paragraph of paragraphsOf(text)) {
    const [head = ''] = paragraph.lines;
    const where = `${file}:${paragraph.at}`;
    if (head.startsWith('mesh ')) {
      mesh = head.slice('mesh '.length);
      if (meshNamed(mesh) === null)
        throw new Error(
          `${where}: found "${mesh}", expected ${backEnds.join(' or ')}, and behind it any of: ${Object.keys(changes).join(', ')}`,
        );
    } else if (mesh !== null) {
      cases.push({ mesh, ...readCase(paragraph, where) });
    }
  }
  return cases;
}

function readCase({ lines }: Paragraph, where: string): Omit<ZtunnelCase, 'mesh'> {
  const [head = '', call = '', ...more] = lines;
  const [, name, how = 'tcp', to] = /^(\S+)(?: (udp|ping|ask6?))? > (\S+)$/.exec(call) ?? [];
  const caller = ambientCallers.find((one) => one === name);
  const arrow = more.indexOf('==>');
  const [send] = more.slice(0, Math.max(arrow, 0));
  const expected = more.slice(arrow + 1);
  if (!head.startsWith('# ') || caller === undefined || arrow < 0 || expected.length === 0)
    throw new Error(`${where}: expected # TITLE, CALLER > ADDRESS:PORT, ==>, and what becomes of it`);
  if (to === undefined) throw new Error(`${where}: found "${call}", expected CALLER > ADDRESS:PORT`);
  return {
    title: head.slice(2),
    caller,
    how: how as ZtunnelCase['how'],
    to: how === 'ping' ? { address: to, port: 0 } : readEnd(to),
    send: send === undefined ? 'hello' : JSON.parse(`"${send.replace(/^send ?/, '')}"`),
    expected,
  };
}
