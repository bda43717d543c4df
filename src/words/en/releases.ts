/** What is said of a release as such: how its rules are known, and whether it still gets fixes. */
import { isSupported, isUnseen, newestCompared, newestRelease, support } from '../../istio/index.ts';

/** `Istio 1.17 gets no more fixes.`, or null for a release that does. */
export function supportWords(release: string): string | null {
  return isSupported(release) ? null : `Istio ${release} gets no more fixes.`;
}

/** Of a change that is none of rules, what came with it. */
export const inboundByPodAddressWords = "Envoy's inbound listener dials the app by the address of the pod.";

/** What a reader has to know of the release whose rules are shown; null where there is nothing. */
export function releaseNotice(release: string): string | null {
  return isUnseen(release)
    ? `The rules of Istio ${release} could not be seen: those of ${newestCompared} are shown.`
    : supportWords(release);
}

/** Up to which release the rules are known, what newer ones are taken as, and which are out of support. */
export function knownReleasesWords(): readonly string[] {
  const unseen =
    newestRelease === newestCompared
      ? []
      : [
          `Nothing of ${newestRelease} itself could be seen. The source of Istio’s main branch, after ${newestCompared} was cut from it, still made the rules of ${newestCompared}: they are shown for ${newestRelease}.`,
        ];
  return [
    `The rules of ${newestCompared} are the newest that were compared with what Istio’s own program puts into the kernel.`,
    ...unseen,
    `A release that is newer than ${newestRelease} is taken as ${newestRelease}, and that is said.`,
    `Istio ${support.outUntil} and older get no more fixes (looked up on ${support.checked}: a release is supported until six weeks after the second one that follows it).`,
  ];
}
