/** Jumps that lead back to the chain they stand in: Tarjan's strongly connected components, without recursion. */
import type { Chain, Rule } from './ruleset.ts';

export interface Loop {
  readonly from: string;
  readonly to: string;
  readonly rule: Rule;
}

/** Every jump and goto that closes a loop. Takes time in the number of rules. */
export function findLoops(chains: readonly Chain[]): readonly Loop[] {
  const places = new Map<string, number>();
  for (let at = 0; at < chains.length; at++) places.set((chains[at] as Chain).name, at);
  const jumps = chains.map(({ rules }) => placesOf(rules, places));
  const component = components(jumps);
  const loops: Loop[] = [];
  for (let from = 0; from < chains.length; from++) {
    for (const to of jumps[from] as readonly number[]) {
      if (component[to] !== component[from]) continue;
      const chain = chains[from] as Chain;
      const name = (chains[to] as Chain).name;
      for (const rule of chain.rules) {
        if (rule.target?.kind === 'chain' && rule.target.chain === name)
          loops.push({ from: chain.name, to: name, rule });
      }
    }
  }
  return loops;
}

const noPlaces: readonly number[] = [];

/** The chains that a chain goes to, each once. */
function placesOf(rules: readonly Rule[], places: ReadonlyMap<string, number>): readonly number[] {
  let found: Set<number> | null = null;
  for (const { target } of rules) {
    if (target?.kind !== 'chain') continue;
    const place = places.get(target.chain);
    if (place === undefined) continue;
    found ??= new Set();
    found.add(place);
  }
  return found === null ? noPlaces : [...found];
}

/** The number of each chain's component; chains of one component lead to each other. */
function components(jumps: readonly (readonly number[])[]): Int32Array {
  const size = jumps.length;
  const found = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const component = new Int32Array(size).fill(-1);
  const next = new Int32Array(size);
  const open: number[] = [];
  const path: number[] = [];
  let count = 0;
  for (let root = 0; root < size; root++) {
    if (found[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const at = path[path.length - 1] as number;
      if (found[at] === -1) {
        found[at] = low[at] = count++;
        open.push(at);
      }
      const to = (jumps[at] as readonly number[])[next[at] as number];
      if (to !== undefined) {
        next[at] = (next[at] as number) + 1;
        if (found[to] === -1) path.push(to);
        else if (component[to] === -1) low[at] = Math.min(low[at] as number, found[to] as number);
        continue;
      }
      path.pop();
      if (low[at] === found[at]) {
        let member: number | undefined;
        do {
          member = open.pop();
          if (member !== undefined) component[member] = found[at] as number;
        } while (member !== undefined && member !== at);
      }
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[at] as number);
    }
  }
  return component;
}
