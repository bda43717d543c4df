/**
 * The lines of an answer that is pasted into a ticket, around what the lab says.
 */
export const ticketWords = {
  noFindings: 'No findings.',
  oneConnection: 'One connection:',
  insideEnvoy: 'Inside Envoy:',
  byRules: 'By the rules:',
  /** `address` is the lab's, with the text in it where there was room. */
  lab: (address: string, hasText: boolean): string =>
    `${hasText ? 'Open it in the lab' : 'Looked at with'}: <${address}>`,
  /** What was read, and whose rules these are, where that is known. */
  read: (read: string, origins: string): string =>
    `Read: ${read}.${origins === '' ? '' : ` Release and options: ${origins}.`}`,
  nothing: 'no rules',
} as const;
