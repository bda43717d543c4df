/** What a target of NAT is told to write. */
interface NatValue {
  readonly addresses?: readonly [unknown, unknown];
  readonly ports?: readonly [unknown, unknown];
}

/** REDIRECT and MASQUERADE name ports only. */
export function natValue(given: unknown): NatValue {
  if (Array.isArray(given)) return { ports: given as unknown as readonly [unknown, unknown] };
  return (given ?? {}) as NatValue;
}
