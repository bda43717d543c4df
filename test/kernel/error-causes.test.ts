/**
 * What leads to a line of error, brought about: each condition is made in the pod, the program is run, and what it prints
 * is read as the error that is said to have this cause. Both back ends, but for the lock, which only one has.
 */
import { afterAll, expect, test } from 'vitest';
import { type ErrorCode, readErrorLine } from '../../src/analysis/index.ts';
import { openKernel } from './kernel.ts';
import type { Backend } from './pod.ts';
import { usualPod } from './pod-plan.ts';

const kernel = openKernel('error-causes');
afterAll(() => kernel.end());

interface Cause {
  readonly title: string;
  readonly script: (iptables: string) => string;
  /** The code of the error, and the status that the program ends with. */
  readonly leadsTo: Readonly<Record<Backend, readonly [ErrorCode | null, number]>>;
}

const both = (code: ErrorCode | null, status: number) =>
  ({ nft: [code, status], legacy: [code, status] }) as const;

/** As Istio's builder writes them: -N for each chain, and tables that stay. */
const istio = '*nat\n-N ISTIO_OUTPUT\n-A OUTPUT -j ISTIO_OUTPUT\nCOMMIT';
const restore = (iptables: string) =>
  `printf '${istio.replaceAll('\n', '\\n')}\\n' | ${iptables}-restore --noflush`;

const causes: readonly Cause[] = [
  {
    title: 'somebody holds the lock',
    script: (iptables) =>
      `f=/tmp/sidetrack-error-causes.lock; exec 9>$f; flock 9; XTABLES_LOCKFILE=$f ${iptables} -w 1 -t nat -A OUTPUT -j ACCEPT; s=$?; rm $f; exit $s`,
    leadsTo: { nft: [null, 0], legacy: ['lock.held', 4] },
  },
  {
    title: 'the same rules were written before',
    script: (iptables) => `${restore(iptables)}\n${restore(iptables)}`,
    // The old back end does not say why.
    leadsTo: { nft: ['chain.exists', 1], legacy: ['restore.line-failed', 1] },
  },
  {
    title: 'the chain was not made before',
    script: (iptables) => `${iptables} -t nat -A OUTPUT -j ISTIO_OUTPUT`,
    leadsTo: both('target.unknown', 2),
  },
  {
    title: 'the library of a target is not there, and it has options',
    script: (iptables) =>
      `XTABLES_LIBDIR=/nowhere ${iptables} -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 15001`,
    leadsTo: both('argument.unknown', 2),
  },
  {
    title: 'the library of a target is not there, and it has none',
    script: (iptables) => `XTABLES_LIBDIR=/nowhere ${iptables} -t nat -A OUTPUT -p tcp -j REDIRECT`,
    leadsTo: both('target.unknown', 2),
  },
  {
    title: 'the library of a match is not there',
    script: (iptables) =>
      `XTABLES_LIBDIR=/nowhere ${iptables} -t nat -A OUTPUT -m owner --uid-owner 1337 -j RETURN`,
    leadsTo: both('match.unknown', 2),
  },
  {
    title: 'a protocol is misspelt',
    script: (iptables) => `${iptables} -t nat -A OUTPUT -p tpc -j RETURN`,
    leadsTo: both('protocol.unknown', 2),
  },
  {
    title: 'there is no /etc/protocols',
    script: (iptables) =>
      `unshare -m sh -c 'mount --bind /dev/null /etc/protocols; ${iptables} -t nat -A OUTPUT -p ospf -j RETURN'`,
    leadsTo: both('protocol.unknown', 2),
  },
  {
    title: 'an option’s value holds a space',
    script: (iptables) =>
      `${iptables}-restore --noflush <<'END'\n*nat\n-A OUTPUT -o net1 net2 -j RETURN\nCOMMIT\nEND`,
    leadsTo: both('argument.unknown', 2),
  },
  {
    title: 'a user has no name here',
    script: (iptables) => `${iptables} -t nat -A OUTPUT -m owner --uid-owner nobody-of-this-name -j RETURN`,
    leadsTo: both('owner.unknown', 2),
  },
  {
    title: 'a gateway is in no network of the pod',
    script: () => 'ip route add 192.0.2.0/24 via 198.51.100.1',
    leadsTo: both('route.unreachable', 2),
  },
  {
    title: 'the interface towards the gateway is down',
    script: () =>
      "unshare -n sh -c 'ip link add eth7 type veth peer name eth8; ip address add 10.0.0.1/24 dev eth7; ip route add default via 10.0.0.2'",
    leadsTo: both('route.unreachable', 2),
  },
  {
    title: 'the interface towards the gateway has no address yet',
    script: () =>
      "unshare -n sh -c 'ip link add eth7 type veth peer name eth8; ip link set eth7 up; ip route add default via 10.0.0.2'",
    leadsTo: both('route.unreachable', 2),
  },
];

test('each cause leads to the error that is said to come of it', async () => {
  const scripts = causes.map(({ title, script }) => ({ title, script: script('iptables') }));
  const said = await kernel.answer('causes', { plan: usualPod, scripts }, async (pod, backend) => {
    const answers: (readonly [title: string, lines: readonly string[], status: number])[] = [];
    for (const { title, script } of causes) {
      await pod.flush();
      const text = await pod.root.run(
        'sh',
        ['-s'],
        `( ${script(`iptables-${backend}`)}\n) 2>&1; echo "status $?"\n`,
      );
      const lines = text.trim().split('\n');
      answers.push([title, lines.slice(0, -1), Number(lines.at(-1)?.split(' ')[1])]);
    }
    await pod.flush();
    return answers;
  });
  for (const backend of ['nft', 'legacy'] as const) {
    const read = said[backend].map(([title, lines, status]) => {
      const [first = null] = lines.flatMap((line) => readErrorLine(line)?.code ?? []);
      return [title, first, status];
    });
    const expected = causes.map(({ title, leadsTo }) => [title, ...leadsTo[backend]]);
    expect(read, backend).toEqual(expected);
  }
});

test('Istio’s rules are not doubled by a second run, and single commands are', async () => {
  const said = await kernel.answer('twice', { plan: usualPod, rules: istio }, async (pod, backend) => {
    const counted = async (script: string) => {
      await pod.flush();
      const text = await pod.root.run(
        'sh',
        ['-s'],
        `${script}\n${script}\niptables-${backend}-save -t nat\n`,
      );
      return text.split('\n').filter((line) => line.startsWith('-A ')).length;
    };
    const answer = {
      restored: await counted(`${restore(`iptables-${backend}`)} 2>/dev/null || true`),
      commands: await counted(`iptables-${backend} -t nat -A OUTPUT -p tcp -j ACCEPT`),
    };
    await pod.flush();
    return answer;
  });
  for (const backend of ['nft', 'legacy'] as const)
    expect(said[backend]).toEqual({ restored: 1, commands: 2 });
});
