import type { valuesTaken } from '../../../istio/facts/index.ts';

export const valuesTakenTemplates: Readonly<Record<keyof typeof valuesTaken, string>> = {
  'modes-of-the-annotation':
    '{subject} takes {redirect}, {tproxy} or {none} in `{annotation}`, and refuses the {object} that has anything else there',
  'modes-of-the-plugin':
    '{subject} takes {redirect} and {tproxy} only, and refuses a {object} that asks for anything else',
  'ports-are-numbers':
    '{subject} takes a port in an {object} as a {form}, and refuses a range of ports and the name of a service',
  'ranges-have-a-length':
    '{subject} takes a {what} in an {object} as an address, a slash and a {length}, and refuses one with a blank in it',
  'range-stops-it': '{subject} stops at a {what} that it fails to read',
  'range-left-out': '{subject} leaves out a {what} that it fails to read',
  'excluding-all-ranges': '{subject} stops with “{message}” where `{all}` is excluded',
  'loopback-range':
    '{subject} takes an {family} loopback address with a length from {least} to {most}, and stops at anything else',
  'numbers-of-tproxy':
    '{subject} reads the {mark} and the {table} as decimal numbers, and stops at anything else',
  'argument-before-variable': '{subject} heeds an {argument} before a {variable}',
  'arguments-in-every-pod': '{subject} gives {program} the arguments from `{first}` to `{last}` in every pod',
  'switch-else-false': '{subject} expects {yes} or {no} in a switch, and anything else turns it off',
  'values-by-their-types':
    '{subject} refuses all values of the chart where a {what} stands in the place of {yes} or {no}',
  'group-limit-of-a-rule': '{subject} accepts up to {most} included groups, since they all go into one rule',
  'back-ends-by-name': '{subject} takes `{legacy}` or `{nft}` for `{variable}`, and stops at anything else',
};
