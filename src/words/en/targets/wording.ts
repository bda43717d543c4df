/**
 * What a target did, and what it leaves open, in words.
 */
import {
  printEndpoint,
  type SocketAddress,
  type TargetQuestion,
  type TargetReason,
} from '../../../netfilter/index.ts';

type Told = TargetReason | TargetQuestion;

export type TargetWordings = {
  readonly [C in Told['code']]: (told: Extract<Told, { readonly code: C }>) => string;
};

/** The phrase for one of all; those of a table in part are all that can come to it. */
export function targetPhrase(table: Partial<TargetWordings>, told: Told): string {
  const phrase = table[told.code] as ((told: Told) => string) | undefined;
  return phrase?.(told) ?? told.code;
}

export function endpoint({ address, port }: SocketAddress): string {
  return printEndpoint(address, port);
}
