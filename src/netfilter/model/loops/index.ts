/** Jumps that lead back to the chain they stand in: Tarjan's strongly connected components, without recursion. */
import type { Chain, Rule } from '../ruleset.ts';

export interface Loop {
  readonly from: string;
  readonly to: string;
  readonly rule: Rule;
}

/** Every jump and goto that closes a loop. Takes time in the number of rules. */
export function findLoops(chains: readonly Chain[]): readonly Loop[] {
  const jumps = jumpsOf(chains);
  const component = components(jumps);
  const loops: Loop[] = [];
  for (let from = 0; from < chains.length; from++) {
    for (let at = jumps.start[from] as number; at < (jumps.start[from + 1] as number); at++) {
      const to = jumps.to[at] as number;
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

/**
 * The chains that each chain goes to, each once. Those of chain n are `to[start[n]]` up to before `to[start[n + 1]]`:
 * one list for all, because most of the many chains of a node have one jump or two.
 */
interface Jumps {
  readonly start: Int32Array;
  readonly to: readonly number[];
}

function jumpsOf(chains: readonly Chain[]): Jumps {
  const places = new Map<string, number>();
  for (let at = 0; at < chains.length; at++) places.set((chains[at] as Chain).name, at);
  const start = new Int32Array(chains.length + 1);
  const to: number[] = [];
  const lastFrom = new Int32Array(chains.length).fill(-1);
  for (let from = 0; from < chains.length; from++) {
    for (const { target } of (chains[from] as Chain).rules) {
      const place = target?.kind === 'chain' ? places.get(target.chain) : undefined;
      if (place === undefined || lastFrom[place] === from) continue;
      lastFrom[place] = from;
      to.push(place);
    }
    start[from + 1] = to.length;
  }
  return { start, to };
}

/** The number of each chain's component; chains of one component lead to each other. */
function components({ start, to: targets }: Jumps): Int32Array {
  const size = start.length - 1;
  const found = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const component = new Int32Array(size).fill(-1);
  const next = start.slice();
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
      if ((next[at] as number) < (start[at + 1] as number)) {
        const to = targets[next[at] as number] as number;
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
