/**
 * The form in which a program hands rules to `iptables-restore --noflush`: a table, `-N` for each chain, `-A` and `-I`
 * with a number for each rule. It needs a third of the reader that whatever a person pastes needs, and a page's worker
 * carries no more than this.
 */
import type { Family, Ruleset } from '../model/ruleset.ts';
import { Line } from './line.ts';
import { OpenRuleset } from './open-ruleset.ts';
import { RuleReader } from './read-rule.ts';

/**
 * The ruleset that such a text makes, as `parseRuleset` reads it; a test holds the two together. The text is a
 * program's: of a rule that cannot be read in full its text is kept (`unread`), and no problems are told.
 *
 * Throws a TypeError for a line of another form, and `Unreadable` for a table or chain name that Linux does not take.
 */
export function readRestored(text: string, family: Family): Ruleset {
  const line = new Line();
  const ruleset = new OpenRuleset(line);
  const rules = new RuleReader(family);
  for (const written of text.split('\n')) {
    line.next(written);
    const [command, name = '', place = ''] = line.words;
    switch (command) {
      case undefined:
      case 'COMMIT':
        break;
      case '*':
        ruleset.openTable(name, 1, 0);
        break;
      case '-N':
        ruleset.makeChain(name, 1);
        break;
      case '-A':
      case '-I': {
        const isInserted = command === '-I';
        const read = rules.read(line.words, isInserted ? 3 : 2, line.column, {
          line: line.number,
          counters: undefined,
        });
        const source = () => written.replace(/^-I (\S+) \d+/, '-A $1');
        const at = isInserted ? { at: Number(place), drops: 0 } : undefined;
        ruleset.addRules(ruleset.chain(name, 1), read, source, at);
        break;
      }
      default:
        throw new TypeError(
          `found ${JSON.stringify(written)} where "* TABLE", -N, -A, -I or COMMIT was expected`,
        );
    }
  }
  return { family, tables: ruleset.close() };
}
