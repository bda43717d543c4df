/** Jumps that lead back to the chain they stand in: Tarjan's strongly connected components, without recursion. */
import type { Chain, Rule } from './ruleset.ts';

export interface Loop {
  readonly from: string;
  readonly to: string;
  readonly rule: Rule;
}

/** Every jump and goto that closes a loop. Takes time in the number of rules. */
export function findLoops(chains: readonly Chain[]): readonly Loop[] {
  const jumps = new Map<string, { readonly to: string; readonly rule: Rule }[]>();
  for (const { name, rules } of chains) {
    const own: { to: string; rule: Rule }[] = [];
    for (const rule of rules) {
      if (rule.target?.kind === 'chain') own.push({ to: rule.target.chain, rule });
    }
    jumps.set(name, own);
  }
  const component = components(jumps);
  const sizes = new Map<number, number>();
  for (const id of component.values()) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  const loops: Loop[] = [];
  for (const [from, own] of jumps) {
    const id = component.get(from) as number;
    for (const { to, rule } of own) {
      if (from === to || (component.get(to) === id && (sizes.get(id) ?? 0) > 1))
        loops.push({ from, to, rule });
    }
  }
  return loops;
}

function components(jumps: ReadonlyMap<string, readonly { readonly to: string }[]>): Map<string, number> {
  const found = new Map<string, number>();
  const low = new Map<string, number>();
  const component = new Map<string, number>();
  const stack: string[] = [];
  let next = 0;
  for (const root of jumps.keys()) {
    if (found.has(root)) continue;
    const path: { readonly name: string; at: number }[] = [{ name: root, at: 0 }];
    while (path.length > 0) {
      const top = path[path.length - 1] as { readonly name: string; at: number };
      if (top.at === 0) {
        found.set(top.name, next);
        low.set(top.name, next++);
        stack.push(top.name);
      }
      const to = jumps.get(top.name)?.[top.at++]?.to;
      if (to === undefined) {
        path.pop();
        const own = low.get(top.name) as number;
        if (own === found.get(top.name)) {
          for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
            component.set(name, own);
            if (name === top.name) break;
          }
        }
        const parent = path[path.length - 1];
        if (parent !== undefined) low.set(parent.name, Math.min(low.get(parent.name) as number, own));
      } else if (!jumps.has(to)) {
      } else if (!found.has(to)) path.push({ name: to, at: 0 });
      else if (!component.has(to)) {
        low.set(top.name, Math.min(low.get(top.name) as number, found.get(to) as number));
      }
    }
  }
  return component;
}
