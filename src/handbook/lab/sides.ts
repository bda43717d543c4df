/** The two sides of a comparison, as a reader chooses them. */
import type { Setting } from '../scenarios/setting.ts';
import { settings } from '../tables/compared-settings.ts';

/** What is compared. */
export type ComparedSide =
  /** The pasted rules. */
  | { readonly kind: 'these' }
  /** Istio's own; `isAsThese`: with the options of the pasted rules, in their mode. */
  | { readonly kind: 'setting'; readonly setting: Setting; readonly isAsThese?: true }
  | { readonly kind: 'text'; readonly text: string };

/** What a reader has chosen for a side. */
export interface Choice {
  /** `these`, `text`, a release, or '' for nothing yet. */
  readonly rules: string;
  /** The name of a setting, or `asThese`. */
  readonly options: string;
  /** What was pasted as `text`. */
  readonly text: string;
}

export const these = 'these';
export const anotherText = 'text';
export const asThese = 'as these rules';

const plain = settings[0]?.name ?? '';
export const noChoice: Choice = { rules: '', options: plain, text: '' };

/**
 * The choices as they are shown: with rules in the page those are A, and B has their options, unless something else
 * was said.
 */
export function choicesShown(
  [one, other]: readonly [Choice, Choice],
  hasThese: boolean,
): readonly [Choice, Choice] {
  if (!hasThese) return [one, other];
  return [
    one.rules === '' ? { ...one, rules: these } : one,
    other.rules === '' || other.options !== plain ? other : { ...other, options: asThese },
  ];
}

/** Null while it is not chosen. `ofThese` are the options that made the pasted rules, where there are some. */
export function sideOf(
  { rules, options, text }: Choice,
  ofThese: Setting['options'] | null,
): ComparedSide | null {
  if (rules === '') return null;
  if (rules === these) return ofThese === null ? null : { kind: 'these' };
  if (rules === anotherText) return text.trim() === '' ? null : { kind: 'text', text };
  const chosen = settings.find(({ name }) => name === options)?.options ?? {};
  if (options === asThese && ofThese !== null)
    return { kind: 'setting', setting: { release: rules, options: ofThese }, isAsThese: true };
  return { kind: 'setting', setting: { release: rules, options: chosen } };
}

/** Whether a choice is a release of Istio, which has options. */
export function isRelease({ rules }: Choice): boolean {
  return rules !== '' && rules !== these && rules !== anotherText;
}
