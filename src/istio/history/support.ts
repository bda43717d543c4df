/** Which releases of Istio still get fixes. */
import { isSince, readRelease } from './release.ts';

/**
 * Istio fixes a minor release until six weeks after the second one that follows it. With 1.31.0 of 2026-08-31 the support of
 * 1.29 ended on 2026-10-12.
 * Source: istio.io, docs/releases/supported-releases; the day of 1.31.0: the releases of github.com/istio/istio.
 */
export const support = { outUntil: '1.29', checked: '2026-11-29' } as const;

/** False for a release that was out of support on the day of `support.checked`. */
export function isSupported(release: string): boolean {
  const [lastOut, number] = [readRelease(support.outUntil), readRelease(release)];
  return lastOut === null || number === null || !isSince(lastOut, `${number[0]}.${number[1]}.0`);
}
