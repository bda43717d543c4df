/**
 * What a page's simulator shows first, as the build has walked it. It stands in the page once, as text: as a property
 * of an island each of its quotation marks would be seven bytes.
 */
import type { Places, Purposes, Walked } from '../../src/handbook/walk/index.ts';

export interface FirstView {
  readonly walked: Walked;
  /** The messages of the page's diagrams. */
  readonly places: Places;
  /** What its rules are for. */
  readonly purposes: Purposes;
  /** What each experiment will change. */
  readonly outlooks: readonly string[];
  /** The ports of Envoy to which the rules bring connections; absent in ambient mode. */
  readonly doors?: readonly number[];
}

/** The id of the `<template>` that holds it. */
export const firstViewId = 'first-view';

/** As the page has it. */
export function readFirstView(): FirstView {
  const held = document.getElementById(firstViewId) as HTMLTemplateElement;
  return JSON.parse(held.content.textContent as string);
}
