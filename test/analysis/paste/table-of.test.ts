/** Rules that stand without their table's line: the table is that of a target that no other table takes. */
import { expect, test } from 'vitest';
import { tableOf } from '../../../src/analysis/paste/table-of.ts';

test.each([
  ['mangle', ['-A OUTPUT -p tcp -j ECN --ecn-tcp-remove']],
  ['mangle', ['-A POSTROUTING -p udp -j CHECKSUM --checksum-fill']],
  ['mangle', ['-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 8']],
  ['raw', ['-A OUTPUT -p udp -j CT --zone 1']],
  ['filter', ['-A INPUT -j REJECT']],
  ['nat', ['-A PREROUTING -j MARK --set-xmark 0x1/0x1', '-A OUTPUT -j REDIRECT']],
  // What other tables take, too, tells less.
  [
    'raw',
    ['-A OUTPUT -j MARK --set-xmark 0x1/0x1', '-A OUTPUT -j MARK --set-xmark 0x1/0x2', '-A OUTPUT -j CT'],
  ],
  ['mangle', ['-A OUTPUT -j MARK --set-xmark 0x1/0x1']],
  ['raw', ['-A PREROUTING -j TRACE']],
  [null, ['-A OUTPUT -j constructor', '-A OUTPUT -m comment --comment " -j REDIRECT " -j ACCEPT']],
] as const)('%s', (table, lines) => {
  expect(tableOf(lines)).toBe(table);
});
