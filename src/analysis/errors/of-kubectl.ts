/** What kubectl prints, where a command of the reader’s own did not work. */
import type { ErrorForm } from './error-form.ts';
import { digits, quoted, rest, word, wording } from './wording.ts';

export const errorsOfKubectl = {
  'kubectl.pod-security': {
    program: 'kubectl',
    meaning: 'doubt',
    // Kubernetes staging/src/k8s.io/pod-security-admission/admission
    wordings: [
      wording`violates? PodSecurity ${quoted('value')}: ${rest('reason')}`,
      wording`violates? PodSecurity ${quoted('value')}`,
    ],
  },
  'kubectl.security-constraint': {
    program: 'kubectl',
    meaning: 'doubt',
    // openshift/apiserver-library-go pkg/securitycontextconstraints/sccadmission/admission.go
    wordings: [
      wording`unable to validate against any security context constraint: ${rest('reason')}`,
      wording`unable to validate against any security context constraint`,
    ],
  },
  'kubectl.forbidden': {
    program: 'kubectl',
    meaning: 'doubt',
    // Kubernetes staging/src/k8s.io/apiserver, endpoints/handlers/responsewriters/errors.go
    wordings: [
      wording`is forbidden: User [^\s]{1,300} cannot \w{1,20} resource ${quoted('resource')}`,
      wording`Error from server \(Forbidden\): ${rest('reason')}`,
    ],
  },
  'kubectl.no-pod': {
    program: 'kubectl',
    meaning: 'doubt',
    // Kubernetes staging/src/k8s.io/apimachinery/pkg/api/errors; pkg/kubelet/server
    wordings: [
      wording`Error from server \(NotFound\): \w{1,60} ${quoted('pod')} not found`,
      wording`unable to upgrade connection: pod does not exist`,
      wording`cannot exec into a container in a completed pod`,
    ],
  },
  'kubectl.no-container': {
    program: 'kubectl',
    meaning: 'doubt',
    // Kubernetes pkg/kubelet/server and kubectl pkg/cmd/exec/exec.go, pkg/cmd/util/podcmd
    wordings: [
      wording`container not found \(\\?"${word('container')}\\?"\)`,
      wording`container ${word('container')} is not valid for pod ${word('pod')}`,
      wording`container ${quoted('container')} not found in pod ${word('pod')}`,
      wording`previous terminated container ${quoted('container')} in pod ${quoted('pod')} not found`,
    ],
  },
  'kubectl.waiting': {
    program: 'kubectl',
    meaning: 'doubt',
    // Kubernetes pkg/registry/core/pod, pkg/kubelet/kubelet_pods.go
    wordings: [
      wording`container ${quoted('container')} in pod ${quoted('pod')} is waiting to start: ${word('reason')}`,
      wording`container ${quoted('container')} in pod ${quoted('pod')} is terminated`,
    ],
  },
  'kubectl.unreachable': {
    program: 'kubectl',
    meaning: 'doubt',
    // kubectl pkg/cmd/util/helpers.go
    wordings: [
      wording`The connection to the server (?<value>[^\s]{1,200}) was refused`,
      wording`Unable to connect to the server: ${rest('reason')}`,
    ],
  },
  'kubectl.no-ephemeral': {
    program: 'kubectl',
    meaning: 'doubt',
    // kubectl pkg/cmd/debug/debug.go
    wordings: [
      wording`ephemeral containers are disabled for this cluster`,
      wording`error: unknown flag: --(?<option>profile|target|custom)`,
    ],
  },
  'kubectl.no-kubelet': {
    program: 'kubectl',
    meaning: 'doubt',
    // Kubernetes staging/src/k8s.io/apiserver, the API server’s call of the kubelet
    wordings: [
      wording`error dialing backend: ${rest('reason')}`,
      wording`Error from server: Get \\?"https://[^\s"]{1,300}:10250/`,
    ],
  },
  'command.exit': {
    program: 'kubectl',
    meaning: 'outcome',
    // Kubernetes staging/src/k8s.io/client-go/tools/remotecommand and pkg/kubelet/server
    wordings: [
      wording`command terminated with (?:non-zero )?exit code:? ${digits('status')}`,
      wording`command terminated with non-zero exit code: [^\n]{1,200}exit (?:code|status) ${digits('status')}`,
    ],
  },
  'container.exit': {
    program: 'kubelet',
    meaning: 'outcome',
    // kubectl pkg/describe/describe.go, describeStatus
    wordings: [
      wording`Exit Code:\s{1,20}(?<status>[1-9]\d{0,2})(?!\d)`,
      wording`exitCode\\?"?: ?(?<status>[1-9]\d{0,2})(?!\d)`,
    ],
  },
  'kubectl.chose-container': {
    program: 'kubectl',
    meaning: 'remark',
    // kubectl pkg/cmd/util/podcmd/podcmd.go; before 1.20 “Defaulting container name to”
    wordings: [
      wording`Defaulted container ${quoted('container')} out of: `,
      wording`Defaulting container name to (?<container>[\w-]{1,63})`,
    ],
  },
  'kubectl.no-terminal': {
    program: 'kubectl',
    meaning: 'remark',
    // kubectl pkg/cmd/exec/exec.go and pkg/cmd/attach/attach.go
    wordings: [
      wording`Unable to use a TTY - input is not a terminal`,
      wording`Unable to use a TTY - container ${word('container')} did not allocate one`,
    ],
  },
} as const satisfies Readonly<Record<string, ErrorForm>>;
