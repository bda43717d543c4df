/**
 * What is wrong with a pod's rules, by weight, each in one plain sentence that names the rule and the mend.
 */
import { defaultCniOptions, defaultOptions, roleAt, roles } from '../../istio/index.ts';
import {
  builtInChains,
  type Family,
  findChain,
  printRule,
  type Ruleset,
  type TableName,
} from '../../netfilter/index.ts';
import { chainOwner, isMesh, isOfNode } from '../chain-owner.ts';
import { type Identification, isIstioChain } from '../identify.ts';
import { deadRules } from '../reach/reach.ts';

/** Whether traffic goes another way than it should, may do so, or is only worth knowing. */
export type Weight = 'wrong' | 'doubtful' | 'note';

export interface Finding {
  readonly weight: Weight;
  readonly kind:
    | 'no rules'
    | 'family'
    | 'back ends'
    | 'mesh'
    | 'missing'
    | 'moved'
    | 'foreign'
    | 'duplicated'
    | 'unreachable'
    | 'mistyped'
    | 'owner'
    | 'asked'
    | 'routing'
    | 'text'
    | 'option';
  /** What is the matter, with the rule: `ISTIO_OUTPUT 9, -j ISTIO_REDIRECT, is missing`. No full stop. */
  readonly says: string;
  /** How to mend it, in the imperative. No full stop. */
  readonly mend: string;
  readonly place?: { readonly table: TableName; readonly chain: string; readonly position: number };
}

/** A finding as one sentence. */
export function findingSentence({ says, mend }: Finding): string {
  return `${says}: ${mend}.`;
}

const weights: readonly Weight[] = ['wrong', 'doubtful', 'note'];

export function byWeight(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight));
}

const restart = 'delete the pod, so that its rules are programmed anew';

/** The findings on the rules of one family. */
export function findingsOf(ruleset: Ruleset, identification: Identification | null): readonly Finding[] {
  const mesh = meshes(ruleset);
  if (identification === null) return [nothingOfIstio(ruleset), ...mesh];
  const different = differences(ruleset, identification);
  return byWeight([
    ...mesh,
    ...different,
    ...duplicates(ruleset),
    // Behind another mesh nothing is reached, which is said once.
    ...(mesh.length > 0 ? [] : unreachable(ruleset, identification, different.length > 0)),
    ...mistyped(ruleset, identification),
    ...remarkable(identification),
  ]);
}

function nothingOfIstio(ruleset: Ruleset): Finding {
  const rules = ruleset.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
  const tool = ruleset.family === 'v4' ? 'iptables' : 'ip6tables';
  if (rules.length === 0) {
    return {
      weight: 'wrong',
      kind: 'no rules',
      says: `There is no rule at all, neither PREROUTING 1, -p tcp -j ISTIO_INBOUND, nor OUTPUT 1, -j ISTIO_OUTPUT, so nothing of this pod goes through Envoy`,
      mend: `look into the pod itself with ${tool}-save as root, and if it is empty there too, delete the pod so that istio-init or the CNI plugin programs it anew`,
    };
  }
  const node = ruleset.tables
    .flatMap(({ chains }) => chains)
    .find(({ name, rules: own }) => own.length > 0 && isOfNode(chainOwner(name)));
  if (node !== undefined) {
    return {
      weight: 'wrong',
      kind: 'no rules',
      says: `These are the rules of a node and not of a pod: ${node.name} is of ${chainOwner(node.name)}, which programs nodes, and no chain is Istio’s`,
      mend: 'save the rules again inside the pod, by one of the commands at the end of this page',
    };
  }
  const others = [
    ...new Set(ruleset.tables.flatMap(({ chains }) => chains.flatMap(({ name }) => chainOwner(name) ?? []))),
  ];
  const whose = others.length === 0 ? 'Other rules are here' : `Rules of ${others.join(' and ')} are here`;
  return {
    weight: 'wrong',
    kind: 'no rules',
    says: `${whose}, but none of Istio’s: PREROUTING 1, -p tcp -j ISTIO_INBOUND, and OUTPUT 1, -j ISTIO_OUTPUT, are missing, as after a pod that started before the CNI plugin was ready`,
    mend: 'delete the pod, and set cni.repair.enabled so that Istio does this by itself',
  };
}

/** Another mesh redirects the same connections: the one whose jump comes first gets them. */
function meshes(ruleset: Ruleset): readonly Finding[] {
  const nat = ruleset.tables.find(({ name }) => name === 'nat');
  const found: Finding[] = [];
  for (const hook of ['OUTPUT', 'PREROUTING'] as const) {
    const rules = nat?.chains.find(({ name }) => name === hook)?.rules ?? [];
    const istio = rules.findIndex(
      ({ target }) => target?.kind === 'chain' && isIstioChain({ name: target.chain }),
    );
    for (const [index, rule] of rules.entries()) {
      if (rule.target?.kind !== 'chain') continue;
      const owner = chainOwner(rule.target.chain);
      if (!isMesh(owner)) continue;
      const position = index + 1;
      const isFirst = istio < 0 || index < istio;
      found.push({
        weight: isFirst ? 'wrong' : 'doubtful',
        kind: 'mesh',
        says: `${hook} ${position}, ${printRule(ruleset.family, rule)}, is of ${owner} and ${isFirst ? `takes the connections before Istio’s ${hook} ${istio + 1} is asked` : 'comes after Istio’s'}`,
        mend: `take the pod out of one of the two meshes${owner === 'Linkerd' ? ', for example with the annotation linkerd.io/inject: disabled' : ''}, and delete it`,
        place: { table: 'nat', chain: hook, position },
      });
    }
  }
  return found.slice(0, 1);
}

function differences(
  ruleset: Ruleset,
  { missing, foreign, placed, releases }: Identification,
): readonly Finding[] {
  const family = ruleset.family;
  const found: Finding[] = [];
  const moved = new Set<(typeof missing)[number]>();
  for (const here of foreign) {
    const place = { table: here.table, chain: here.chain, position: here.position };
    const name = `${table(here.table)}${here.chain} ${here.position}, ${here.rule},`;
    const meant = missing.find(
      (one) =>
        !moved.has(one) && one.table === here.table && one.chain === here.chain && one.rule === here.rule,
    );
    if (meant !== undefined) {
      moved.add(meant);
      found.push({
        weight: 'wrong',
        kind: 'moved',
        says: `${name} stands ${here.position < meant.position ? 'before' : 'behind'} rules that Istio asks ${here.position < meant.position ? 'first' : 'later'}; its place is ${meant.position}`,
        mend: restart,
        place,
      });
      continue;
    }
    const target = /-[jg] (\S+)$/.exec(here.rule)?.[1] ?? '';
    const owner = chainOwner(target);
    if (isMesh(owner)) continue;
    const isIstios = here.chain.startsWith('ISTIO_');
    const jump = istioJump(ruleset, here.table, here.chain);
    const isBefore = jump !== null && here.position < jump;
    if (owner !== null && owner !== 'Istio') {
      found.push({
        weight: isBefore ? 'doubtful' : 'note',
        kind: 'foreign',
        says: `${name} is of ${owner}, not of Istio${isBefore ? `, and is asked before Istio’s ${here.chain} ${jump}, so that what it translates never comes to Envoy` : ''}`,
        mend: isBefore
          ? `find out why ${owner} programs this pod, and not the node alone`
          : 'leave it, unless a path below goes another way than expected',
        place,
      });
      continue;
    }
    if (/--(tcp-flags|comment)/.test(here.rule) && !isIstios) continue;
    const doubles = expectedTexts(placed, family, here.table, here.chain).includes(here.rule);
    if (doubles) continue;
    found.push({
      weight: 'wrong',
      kind: 'foreign',
      says: `${name} is not a rule of Istio ${releases.at(-1)} and ${whatItDoes(here.rule)}${isBefore ? ` before Istio’s ${here.chain} ${jump} is asked` : ''}`,
      mend: `remove it with ${family === 'v4' ? 'iptables' : 'ip6tables'} -t ${here.table} -D ${here.chain} ${here.position}, or delete the pod`,
      place,
    });
  }
  const gone = missing.filter((one) => !moved.has(one));
  if (gone.length > 3) {
    const [first] = gone;
    const chains = [...new Set(gone.map(({ chain }) => chain))];
    if (first !== undefined)
      found.push({
        weight: 'wrong',
        kind: 'missing',
        says: `${gone.length} rules of Istio ${releases.at(-1)} are missing in ${chains.join(', ')}, the first of them ${table(first.table)}${first.chain} ${first.position}, ${first.rule}, as when programming broke off half way`,
        mend: restart,
      });
  } else {
    for (const one of gone) {
      const role = roleAt(placed, {
        family,
        table: one.table,
        chain: one.chain,
        position: one.position,
      })?.role;
      found.push({
        weight: 'wrong',
        kind: 'missing',
        says: `${table(one.table)}${one.chain} ${one.position}, ${one.rule}, is missing${role === undefined ? '' : ` (${lower(roles[role]).replaceAll(/ \(([^)]*)\)/g, ', $1,')})`}`,
        mend: restart,
        place: { table: one.table, chain: one.chain, position: one.position },
      });
    }
  }
  return found;
}

/** Where a built-in chain goes to Istio's; null where it does not. */
function istioJump(ruleset: Ruleset, table: TableName, chain: string): number | null {
  if (chain.startsWith('ISTIO_')) return null;
  const at = findChain(ruleset, table, chain)?.rules.findIndex(
    ({ target }) => target?.kind === 'chain' && isIstioChain({ name: target.chain }),
  );
  return at === undefined || at < 0 ? null : at + 1;
}

function whatItDoes(rule: string): string {
  if (/-j (RETURN|ACCEPT)$/.test(rule)) {
    const conditions = rule
      .replace(/ ?-m comment --comment ("(\\.|[^"])*"|\S+)/, '')
      .replace(/ ?-j \w+$/, '');
    return conditions === ''
      ? 'lets everything pass by Envoy'
      : `lets what matches ${conditions} pass by Envoy`;
  }
  if (/-j (DROP|REJECT)/.test(rule)) return 'throws away what matches it';
  if (/-j (REDIRECT|DNAT)/.test(rule)) return 'sends what matches it elsewhere';
  return 'may send packets another way';
}

function expectedTexts(
  placed: Identification['placed'],
  family: Family,
  table: TableName,
  chain: string,
): readonly string[] {
  const ruleset = family === 'v4' ? placed.v4 : placed.v6;
  const own = ruleset === null ? undefined : findChain(ruleset, table, chain);
  return (own?.rules ?? []).map((rule) => printRule(family, rule));
}

/** The same rule twice in a chain: programmed twice, the second never decides. */
function duplicates(ruleset: Ruleset): readonly Finding[] {
  const found: (Finding & { readonly name: string })[] = [];
  for (const { name, chains } of ruleset.tables) {
    for (const chain of chains) {
      // Others repeat themselves on purpose.
      if (chain.policy === null && !isIstioChain(chain)) continue;
      if (chain.rules.length > 2000) continue;
      const seen = new Map<string, number>();
      for (const [index, rule] of chain.rules.entries()) {
        const text = printRule(ruleset.family, rule);
        const first = seen.get(text);
        if (first === undefined) seen.set(text, index + 1);
        else
          found.push({
            weight: 'doubtful',
            kind: 'duplicated',
            name: `${table(name)}${chain.name} ${index + 1}, ${text}, is the same as ${chain.name} ${first}`,
            says: `${table(name)}${chain.name} ${index + 1}, ${text}, is the same as ${chain.name} ${first}, so it was programmed twice`,
            mend: restart,
            place: { table: name, chain: chain.name, position: index + 1 },
          });
      }
    }
  }
  const [first] = found;
  if (first === undefined || found.length <= 3) return found.map(({ name: _, ...finding }) => finding);
  const { name, ...finding } = first;
  return [
    {
      ...finding,
      says: `${found.length} rules stand there twice, as after istio-init has run a second time, the first of them ${name}`,
      mend: `${restart}; the first of each decides, so nothing is lost meanwhile`,
    },
  ];
}

/** Rules that can match nothing here, though they could in the pod as Istio sets it up. */
function unreachable(ruleset: Ruleset, { expected }: Identification, hasOthers: boolean): readonly Finding[] {
  const size = ruleset.tables.reduce(
    (sum, { chains }) => sum + chains.reduce((all, { rules }) => all + rules.length, 0),
    0,
  );
  if (size > 3000) return [];
  const dead = deadRules(ruleset) ?? [];
  const usual = new Set((deadRules(expected) ?? []).map((one) => key(expected, one)));
  const called = new Set(
    ruleset.tables.flatMap(({ name, chains }) =>
      chains.flatMap(({ rules }) =>
        rules.flatMap(({ target }) => (target?.kind === 'chain' ? [`${name} ${target.chain}`] : [])),
      ),
    ),
  );
  const uncalled = new Set<string>();
  return dead
    .flatMap((one): readonly Finding[] => {
      if (usual.has(key(ruleset, one)) || isRepeated(ruleset, one)) return [];
      const name = `${table(one.table)}${one.chain} ${one.position}, ${textAt(ruleset, one)},`;
      const isBuiltIn = (builtInChains[one.table] as readonly string[]).includes(one.chain);
      if (!isBuiltIn && !called.has(`${one.table} ${one.chain}`)) {
        if (uncalled.has(one.chain)) return [];
        uncalled.add(one.chain);
        return [
          {
            weight: 'doubtful',
            kind: 'unreachable',
            says: `${name} is never asked, because no rule jumps to ${one.chain}`,
            mend: restart,
            place: one,
          },
        ];
      }
      const [first, ...rest] = one.coveredBy.slice(0, 3);
      const by =
        first === undefined
          ? 'no packet gets there'
          : rest.length === 0
            ? `${one.chain} ${first} takes what it would match`
            : `rules ${[first, ...rest.slice(0, -1)].join(', ')} and ${rest.at(-1)} take what it would match`;
      return [
        {
          weight: 'doubtful',
          kind: 'unreachable',
          says: `${name} can match nothing: ${by}`,
          mend: hasOthers ? 'mend what stands above first' : 'look at the rules before it',
          place: one,
        },
      ];
    })
    .slice(0, 8);
}

/** The same as a rule before it: that it was programmed twice is said elsewhere. */
function isRepeated(ruleset: Ruleset, { table: name, chain, position }: Place): boolean {
  const texts = (findChain(ruleset, name, chain)?.rules ?? [])
    .slice(0, position)
    .map((rule) => printRule(ruleset.family, rule));
  return texts.indexOf(texts.at(-1) as string) < texts.length - 1;
}

interface Place {
  readonly table: TableName;
  readonly chain: string;
  readonly position: number;
}

function textAt(ruleset: Ruleset, { table: name, chain, position }: Place): string {
  const rule = findChain(ruleset, name, chain)?.rules[position - 1];
  return rule === undefined ? '' : printRule(ruleset.family, rule);
}

function key(ruleset: Ruleset, place: Place): string {
  return `${place.table} ${place.chain} ${textAt(ruleset, place)}`;
}

/** Ports that people exclude: one that is nearly such a port was most likely meant to be it. */
const commonPorts = [
  ...defaultCniOptions.inboundPortsExclude.split(',').map(Number),
  2379,
  2181,
  3306,
  4222,
  5432,
  5672,
  6379,
  7000,
  8080,
  8443,
  9042,
  9090,
  9092,
  9100,
  9200,
  9300,
  11211,
  27017,
];

/** Excluded ports and ranges that look like a slip of the pen. */
function mistyped(ruleset: Ruleset, { placed, options }: Identification): readonly Finding[] {
  const found: Finding[] = [];
  for (const { role, family, table: name, chain, position, from } of placed.roles) {
    if (from === undefined || family !== ruleset.family) continue;
    const place = { table: name, chain, position };
    const text = textAt(ruleset, place);
    if (role === 'inbound.exclude-port' || role === 'output.exclude-port') {
      const port = from.value;
      const excluded = String(options[from.option] ?? '').split(',');
      const meant = commonPorts.find(
        (common) =>
          !excluded.includes(String(common)) &&
          !commonPorts.includes(Number(port)) &&
          isSlip(port, String(common)),
      );
      if (
        meant !== undefined &&
        text.includes(port) &&
        !found.some(({ says }) => says.includes(`${port} and`))
      )
        found.push({
          weight: 'doubtful',
          kind: 'mistyped',
          says: `${chain} ${position}, ${text}, excludes port ${port} and not ${meant}, which is one slip away and stays captured`,
          mend: `if ${meant} was meant, correct ${annotationOf(from.option)} and delete the pod`,
          place,
        });
    }
    if (role === 'output.exclude-range' && /\.0\/32$/.test(from.value)) {
      found.push({
        weight: 'doubtful',
        kind: 'mistyped',
        says: `${chain} ${position}, ${text}, excludes a single address that looks like a whole network`,
        mend: `if the network was meant, correct the length in ${annotationOf(from.option)} and delete the pod`,
        place,
      });
    }
  }
  return found;
}

/** Two digits changed places, one is another, one too many or too few. */
function isSlip(a: string, b: string): boolean {
  if (a === b) return false;
  if (a.length === b.length) {
    const differing = [...a].flatMap((digit, at) => (digit === b[at] ? [] : [at]));
    if (differing.length === 1) return a.length > 3;
    const [first = 0, second = 0] = differing;
    return differing.length === 2 && second === first + 1 && a[first] === b[second] && a[second] === b[first];
  }
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  if (long.length !== short.length + 1 || short.length < 4) return false;
  return [...long].some((_, at) => long.slice(0, at) + long.slice(at + 1) === short);
}

function annotationOf(option: string): string {
  return (
    {
      inboundPortsExclude: 'traffic.sidecar.istio.io/excludeInboundPorts',
      outboundPortsExclude: 'traffic.sidecar.istio.io/excludeOutboundPorts',
      outboundIPRangesExclude: 'traffic.sidecar.istio.io/excludeOutboundIPRanges',
    }[option] ?? option
  );
}

/** Settings that are allowed and take much out of the mesh. */
function remarkable({ options }: Identification): readonly Finding[] {
  const found: Finding[] = [];
  for (const [option, chain, what, usual] of [
    ['proxyPort', 'ISTIO_REDIRECT', 'leaves the pod', defaultOptions.proxyPort],
    ['inboundCapturePort', 'ISTIO_IN_REDIRECT', 'comes in', defaultOptions.inboundCapturePort],
  ] as const) {
    const port = options[option];
    if (port === undefined || port === usual) continue;
    found.push({
      weight: 'wrong',
      kind: 'option',
      says: `${chain} 1, -p tcp -j REDIRECT --to-ports ${port}, sends what ${what} to port ${port}, where Envoy listens only if the mesh sets it so, instead of to ${usual}`,
      mend: `if meshConfig and the proxy’s bootstrap do not name ${port}, ${restart}`,
      place: { table: 'nat', chain, position: 1 },
    });
  }
  if (options.outboundIPRangesInclude === '')
    found.push({
      weight: 'doubtful',
      kind: 'option',
      says: 'The last rule of ISTIO_OUTPUT, -j ISTIO_REDIRECT, is missing, so nothing outbound goes through Envoy',
      mend: 'if traffic.sidecar.istio.io/includeOutboundIPRanges was not set to an empty text on purpose, delete the pod',
    });
  if (options.inboundPortsInclude === '')
    found.push({
      weight: 'doubtful',
      kind: 'option',
      says: 'PREROUTING 1, -p tcp -j ISTIO_INBOUND, is missing, so nothing inbound goes through Envoy',
      mend: 'if traffic.sidecar.istio.io/includeInboundPorts was not set to an empty text on purpose, delete the pod',
    });
  return found;
}

function table(name: TableName): string {
  return name === 'nat' ? '' : `${name} `;
}

function lower(sentence: string): string {
  const text = sentence.replace(/\.$/, '');
  return /^[A-Z][a-z]+ [a-z]/.test(text) && !text.startsWith('Envoy')
    ? `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
    : text;
}
