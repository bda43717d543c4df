/**
 * What is too long for every run: `npm run test:long PART`. A new part is one entry here; `npm test` runs a share of
 * it, by the same function and with the seed that it prints.
 */
export interface Task {
  readonly seed: number;
  /** The number of the first lot of the seed: what is drawn from a seed is drawn lot by lot. */
  readonly from: number;
  /** How much is tried, in the part's own unit. */
  readonly amount: number;
  /** Options of the part's own, by name. */
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Somebody has had enough: the part ends its lot. */
  isStopped(): boolean;
  /** Every lot before this one is done. */
  reached(next: number): void;
}

export interface LongPart {
  readonly name: string;
  readonly about: string;
  /** What `amount` counts, and the option that says it: `pairs`. */
  readonly unit: string;
  /** How much is tried when nothing is said. */
  readonly usual: number;
  readonly options: readonly string[];
  /** Prints each fault that it finds, and at its end what it did; true when there was no fault. */
  run(task: Task): Promise<boolean>;
}

export const parts: readonly LongPart[] = [
  {
    name: 'kernel',
    about: 'random rules and packets, the engine against Linux; needs root',
    unit: 'pairs',
    usual: 2000,
    options: ['most', 'without'],
    run: async (task) => (await import('../kernel/random.ts')).comparePairs(task),
  },
  {
    name: 'random-nft',
    about:
      'random rules of native nftables, alone and beside iptables’, the engine against Linux; needs root',
    unit: 'pairs',
    usual: 2000,
    options: ['most', 'without'],
    run: async (task) => (await import('../kernel/nftables/compare.ts')).compareNftPairs(task),
  },
  {
    name: 'random-ambient',
    about:
      'random packets through the rules of ambient mode of all releases, the engine against Linux; needs root',
    unit: 'pairs',
    usual: 2000,
    options: ['most'],
    run: async (task) => (await import('../kernel/random-ambient.ts')).compareAmbientPairs(task),
  },
  {
    name: 'ways',
    about: 'the sets of packets of all ways through random hosts, against the engine packet by packet',
    unit: 'rulesets',
    usual: 900,
    options: [],
    run: async (task) => (await import('../analysis/ways/compare-ways.ts')).compareWays(task),
  },
  {
    name: 'decide',
    about: 'the engine that only decides, against the one that explains',
    unit: 'pairs',
    usual: 200_000,
    options: [],
    run: async (task) => (await import('../netfilter/walk/decide.ts')).compareDeciding(task),
  },
  {
    name: 'envoy',
    about: 'random configurations and connections, the model against two Envoys; needs root',
    unit: 'configurations',
    usual: 200,
    options: [],
    run: async (task) => (await import('../mesh/random/compare.ts')).compareConfigurations(task),
  },
  {
    name: 'envoy-pods',
    about: 'random connections to Envoys with istiod’s own configuration, the model against both; needs root',
    unit: 'connections',
    usual: 300,
    options: [],
    run: async (task) => (await import('../mesh/random/compare-pods.ts')).comparePods(task),
  },
  {
    name: 'reading',
    about: 'texts that nobody would write, put to the reader of rules',
    unit: 'inputs',
    usual: 1_000_000,
    options: [],
    run: async (task) => (await import('../netfilter/fuzz.ts')).readStrangeTexts(task),
  },
  {
    name: 'nft-reading',
    about: 'texts and JSON of nft that nobody would write, put to their readers',
    unit: 'inputs',
    usual: 500_000,
    options: [],
    run: async (task) => (await import('../netfilter/nftables/fuzz.ts')).readStrangeNft(task),
  },
  {
    name: 'pastes',
    about: 'pastes put together from real pieces, put to the lab',
    unit: 'pastes',
    usual: 200_000,
    options: [],
    run: async (task) => (await import('../analysis/paste/paste-fuzz.ts')).readStrangePastes(task),
  },
  {
    name: 'memory',
    about: 'the heap of a tab in which texts of 50,000 rules are pasted; needs dist and a browser',
    unit: 'pastes',
    usual: 30,
    options: [],
    run: async (task) => (await import('../browser/memory.ts')).comparePastes(task),
  },
  {
    name: 'istio-iptables',
    about: 'what Istio’s own programs put into the kernel, as recorded; --clone PATH asks them anew',
    unit: 'sets',
    usual: 100,
    options: ['clone', 'release'],
    run: async (task) => (await import('../mesh/istio-iptables/compare-recorded.ts')).compareRecorded(task),
  },
];
