/** What is said of an option of ambient mode that is refused, or not heeded. */
import type { AmbientIgnored, AmbientProblem } from '../../istio/index.ts';

/** What is the matter, and how to fix it: `"10.0.0" is no IPv4 address … Write it as 169.254.7.127.` */
export function ambientProblemWords(problem: AmbientProblem): { readonly why: string; readonly fix: string } {
  const { value, option } = problem;
  switch (problem.code) {
    case 'unknown release':
      return { why: `"${value}" is no release of Istio that is known.`, fix: 'Write it as 1.30 or 1.30.3.' };
    case 'before ambient':
      return {
        why: `${value} redirects nothing within a pod in ambient mode.`,
        fix: `Take ${problem.first} or newer.`,
      };
    case 'newer release':
      return {
        why: `${value} is newer than the newest release that is known here.`,
        fix: `It is taken as ${problem.newest}.`,
      };
    case 'unknown option':
      return {
        why: `"${option}" is no option of ambient mode, so it is not heeded.`,
        fix: problem.meant === null ? 'Leave it out.' : `Did you mean "${problem.meant}"?`,
      };
    case 'wrong type':
      return {
        why: `"${option}" is a ${problem.wanted}, and this is none.`,
        fix: problem.wanted === 'boolean' ? 'Write true or false.' : 'Write it as a text.',
      };
    case 'no address':
      return option === 'hostProbeSNATAddress'
        ? { why: `"${value}" is no IPv4 address.`, fix: 'Write one, as 169.254.7.127.' }
        : { why: `"${value}" is no IPv6 address.`, fix: 'Write one, as fd16:9254:7127:1337::1.' };
    case 'no uid':
      return { why: `"${value}" is no uid.`, fix: 'Write a number, as 0.' };
    case 'no interface':
      return {
        why: `"${value}" has a name that no interface can have.`,
        fix: 'Write names of at most 15 characters, with commas between.',
      };
    case 'no DNS setting':
      return { why: `"${value}" is no setting of it.`, fix: 'Write unset, enabled or disabled.' };
  }
}

/** That an option is not heeded, and why. */
export function ambientIgnoredWords(ignored: AmbientIgnored): {
  readonly because: string;
  readonly fix: string;
} {
  return { because: `It is not heeded: ${ambientIgnoredSentence(ignored)}`, fix: '' };
}

/** That ztunnel is told as newer releases have it: `What ztunnel does is told as 1.24 and newer do it. …` */
export function olderZtunnelWords(since: string): { readonly because: string; readonly fix: string } {
  return {
    because: `The rules are those of this release. What ztunnel does is told as ${since} and newer do it.`,
    fix: '',
  };
}

/** Why an option is not heeded: `only releases since 1.25.0 know it`. */
export function ambientIgnoredSentence({ reason }: AmbientIgnored): string {
  if (reason.code === 'not with TPROXY') return 'it does not go together with tproxyRedirection.';
  const { since, before } = reason;
  return `only releases since ${since}${before === undefined ? '' : `, and before ${before},`} know it.`;
}
