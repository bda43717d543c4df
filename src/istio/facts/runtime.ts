/** What container runtimes and kubectl do with somebody who looks into a pod: port-forward and exec. */
import { type Evidence, type Fact, kubectlLine } from './fact.ts';

const checked = '2026-11-29';

function containerdLine(path: string, line: string): Evidence {
  return { by: 'source', repo: 'containerd/containerd', tag: 'v2.3.4', path, line };
}

function crioLine(path: string, line: string): Evidence {
  return { by: 'source', repo: 'cri-o/cri-o', tag: 'v1.36.3', path, line };
}

export const runtime = {
  'port-forward-by-localhost': {
    subject: 'runtime',
    values: { command: 'kubectl port-forward', address: 'localhost' },
    known: [
      containerdLine(
        'internal/cri/server/sandbox_portforward_linux.go',
        'conn, err := net.Dial("tcp4", fmt.Sprintf("localhost:%d", port))',
      ),
      crioLine(
        'internal/oci/runtime_oci_linux.go',
        'conn, err := d.DialContext(ctx, "tcp", fmt.Sprintf("localhost:%d", port))',
      ),
    ],
    checked,
  },
  'port-forward-takes-one-pod': {
    subject: 'kubectl',
    values: { command: 'port-forward', kind: 'Service' },
    not: true,
    known: [
      kubectlLine(
        'pkg/cmd/portforward/portforward.go',
        'forwardablePod, err := polymorphichelpers.AttachablePodForObjectFn(f, obj, getPodTimeout)',
      ),
    ],
    checked,
  },
  'exec-as-the-container': {
    subject: 'runtime',
    values: { command: 'kubectl exec' },
    known: [
      containerdLine('internal/cri/server/container_execsync.go', 'pspec := spec.Process'),
      containerdLine('internal/cri/server/container_execsync.go', 'pspec.Args = opts.cmd'),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
