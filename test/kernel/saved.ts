/**
 * The little that the oracle needs to know of a ruleset, read from `iptables-save`'s text by itself: an oracle
 * that used the parser under test would not notice its mistakes.
 */
export interface SavedChain {
  /** Null in a user chain. */
  readonly policy: string | null;
  readonly rules: readonly string[];
}

/** Table to chain. */
export type SavedRuleset = ReadonlyMap<string, ReadonlyMap<string, SavedChain>>;

export function readSaved(text: string): SavedRuleset {
  const tables = new Map<string, Map<string, { policy: string | null; rules: string[] }>>();
  let chains = new Map<string, { policy: string | null; rules: string[] }>();
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      chains = new Map();
      tables.set(line.slice(1).trim(), chains);
    } else if (line.startsWith(':')) {
      const [name = '', policy = '-'] = line.slice(1).split(' ');
      chains.set(name, { policy: policy === '-' ? null : policy, rules: [] });
    } else if (line.startsWith('-A ')) {
      const name = line.split(' ', 2)[1] ?? '';
      chains.get(name)?.rules.push(line);
    }
  }
  return tables;
}

/** The chains that a text in `iptables-restore`'s form names or makes: `nat OUTPUT`. */
export function chainsOf(text: string): ReadonlySet<string> {
  const chains = new Set<string>();
  let table = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, chain] = /^(?::|-[NAI] )(\S+)/.exec(line) ?? [];
    if (chain !== undefined) chains.add(`${table} ${chain}`);
  }
  return chains;
}
