/** What JSON of nft 1.0.6 leaves out, taken out of a ruleset, so that what a listing tells can be compared with it. */
import type { NftRuleset, NftSet } from '../../../src/netfilter/index.ts';

export function asJsonTells({ tables }: NftRuleset) {
  return tables.map(({ comment: _, ...table }) => ({
    ...table,
    sets: table.sets.map(setAsJsonTells),
    chains: table.chains.map(({ comment: _, base, ...chain }) => ({
      ...chain,
      base: base === undefined ? undefined : { ...base, devices: undefined },
      rules: chain.rules.map((rule) => ({ ...rule, line: undefined })),
    })),
  }));
}

const notTold = new Set(['auto-merge']);

/** `typeof` becomes a type, and the flag `dynamic` is not told; times go by between two listings. */
function setAsJsonTells({ isTypeof: _, type: _type, data: _data, properties, elements, ...set }: NftSet) {
  return {
    ...set,
    properties: properties
      .filter((line) => !notTold.has(line))
      .map((line) => line.replace('dynamic,', '').replace(/^flags dynamic$/, ''))
      .filter((line) => line !== ''),
    elements: elements.map((element) => ({
      ...element,
      state: element.state?.replace(/ ?expires \w+/, ''),
    })),
  };
}
