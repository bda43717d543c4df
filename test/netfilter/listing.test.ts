/** What `iptables -L` prints for people, read as rules: the real one's answers, and what people make of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Family,
  guessListedTable,
  isListingHeading,
  printRule,
  printRuleset,
  type Rule,
  readListing,
  type TableName,
} from '../../src/netfilter/index.ts';
import { readAnswers } from './forms/answers.ts';
import { stepsOfReading } from './reading-steps.ts';

const columns = ' pkts bytes target     prot opt in     out     source               destination';

/** The rule that one row of `iptables -L -n -v` is. */
function rowRead(form: string, row: string, family: Family) {
  const [, table = '', chain = ''] = form.split(' ');
  const listing = readListing(
    ['Chain USER (1 references)', `Chain ${chain} (policy ACCEPT 0 packets, 0 bytes)`, columns, row],
    { family, table: table as TableName },
  );
  const rule = listing[family]?.tables[0]?.chains.find(({ name }) => name === chain)?.rules[0] as Rule;
  return { rule, saved: `-A ${chain} ${printRule(family, rule)}`.trimEnd(), listing };
}

/**
 * What iptables prints less of than there is: a hashlimit's name, whether a quota is negated, a program without its
 * length, chunks of SCTP by their numbers, a cgroup's number that may be its path, a text that may be written in
 * hexadecimal form, a prefix of HMARK's without the length.
 */
const printsLess =
  /-m (hashlimit|quota|cgroup --cgroup|cgroup ! --cgroup|bpf --bytecode|string --hex-string)|--chunk-types|--hmark-src-prefix 128/;

/** iptables-nft prints nothing of a match that has nothing to print but its name. */
const isSilent = (form: string, backends: readonly string[]) => form.includes('-m eui64') && backends.includes('nft');

describe('each form of each extension, as the real iptables lists it, is the rule that iptables-save has', () => {
  const saved = new Map(
    readAnswers('recorded.txt').flatMap(({ form, family, backends, answer }) =>
      backends.map((backend) => [`${form} ${family} ${backend}`, answer] as const),
    ),
  );
  const rows = readAnswers('listed.txt');

  test('all of them are here', () => {
    expect(rows.flatMap(({ backends }) => backends)).toHaveLength(saved.size);
    expect(saved.size).toBeGreaterThan(1000);
  });

  test.each(rows.map((one) => [`${one.family} ${one.form} ${one.backends.join(' ')}`, one] as const))(
    '%s',
    (_, { form, family, backends, answer, line }) => {
      const where = `test/netfilter/forms/listed.txt:${line}`;
      const { rule, saved: read, listing } = rowRead(form, answer, family);
      if (isSilent(form, backends)) {
        expect(rule.matches, where).toEqual([]);
        return;
      }
      if (backends.some((backend) => printsLess.test(saved.get(`${form} ${family} ${backend}`) ?? ''))) {
        expect(rule.unread, where).toBeDefined();
        expect(listing.problems, where).toMatchObject([{ line: 4 }]);
        return;
      }
      expect(listing.problems, where).toEqual([]);
      for (const backend of backends) expect(read, where).toBe(saved.get(`${form} ${family} ${backend}`));
    },
  );
});
