/**
 * What is said of the parts of a link that could not be read.
 */
import type { LinkProblem } from '../said.ts';

const choices = {
  envoy: ' inside Envoy, which cannot be chosen; expected one such as envoy.first=TLS.',
  mesh: ' of the mesh, which cannot be chosen; expected one such as mesh.ztunnel=missing.',
} as const;

/** What is wrong, in a sentence: `The link names release "9"; expected one such as 1.30.` */
export function linkProblemWords(problem: LinkProblem): string {
  switch (problem.code) {
    case 'no version':
      return 'This link has no version; it is read as version 1.';
    case 'another version':
      return `This link is of version "${problem.version}"; this handbook reads version 1.`;
    case 'link too long':
      return `This link has ${problem.length} characters; at most ${problem.most} are read, and the parts behind were left out.`;
    case 'damaged part':
      return `The link's part "${problem.part}" is damaged and was left out.`;
    case 'no such scenario':
      return `The link names scenario "${problem.scenario}", which this handbook does not have.`;
    case 'scenario elsewhere':
      return `The link's scenario "${problem.scenario}" is of another kind of pod and has a page of its own; here is this page's.`;
    case 'no such release':
      return `The link names release "${problem.release}"; expected one such as 1.30.`;
    case 'no such option':
      return `The link sets option "${problem.name}", which Istio does not have.`;
    case 'no such choice':
      return `The link chooses "${problem.text}" for "${problem.name}"${choices[problem.of]}`;
    case 'no sender':
      return `The link's sender "${problem.text}" is no process, uid:UID:GID or peer:NAME:ADDRESS.`;
    case 'no destination':
      return `The link's destination "${problem.text}" is no address and port such as 10.96.0.7:80.`;
    case 'no protocol':
      return `The link's protocol "${problem.text}" is none; expected one such as tcp or udp.`;
    case 'no source':
      return `The link's source "${problem.text}" is no address.`;
    case 'no source port':
      return `The link's source port "${problem.text}" is none; expected a number up to 65535.`;
    case 'no path':
      return `The link's path "${problem.text}" is none; expected one such as /healthz/ready.`;
    case 'no answer':
      return `The link's answer "${problem.text}" is none; expected one such as nat/ISTIO_OUTPUT/3:yes.`;
    case 'answered twice':
      return `The link answers for ${problem.table} ${problem.chain} ${problem.position} twice; the first answer counts.`;
    case 'no step':
      return `The link names step "${problem.text}"; expected a number.`;
  }
}
