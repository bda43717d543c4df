/**
 * The programs whose behaviour a page may state only in a fact, and the verbs that state it. One list for both: the
 * net looks for a name and a verb in one sentence, and the words of a fact may name no other program.
 */

/** Names by which pages speak of the programs. */
export const programNames: readonly string[] = [
  'Envoy',
  'pilot-agent',
  'the agent',
  'istiod',
  'injector',
  'webhook',
  'kubelet',
  'container runtime',
  'istio-init',
  'istio-cni',
  'CNI',
  'istio-validation',
  'istio-proxy',
  'ztunnel',
  'istioctl',
  'kubectl',
  'sidecar',
  'the proxy',
  'proxies',
  'gateway',
  'waypoint',
  'netshoot',
  'image',
];

/** Parts of programs, and what several of them are called together: a statement on one is a statement on a program. */
export const partNames: readonly string[] = [
  'control plane',
  'data plane',
  'node agent',
  'admission controller',
  'Istio operator',
  'the operator',
  'validation container',
  'injected container',
  'virtual listener',
  'listener on this port',
  'inbound cluster',
  'outbound cluster',
  'PassthroughCluster',
  'InboundPassthroughCluster',
  'BlackHoleCluster',
  'filter chain',
  'admin endpoint',
  'admin port',
  'the bootstrap',
  'access logs?',
  'every proxy',
  'each proxy',
  'a proxy',
  'its proxy',
  'this proxy',
  'no proxy',
  'one proxy',
  'repair controller',
  'DNS proxy',
  'proxyv2',
  'distroless',
  'CoreDNS',
  'PeerAuthentications?',
  'DestinationRules?',
  'ServiceEntr(?:y|ies)',
  'VirtualServices?',
  'EnvoyFilters?',
  'PERMISSIVE',
  'STRICT',
  'SDS',
  'xDS',
  'XDS',
  'NDS',
  'response flag',
  'flag UF',
  'draining',
  'preStop hook',
  'HTTP requests',
  'only HTTP',
  'auto mTLS',
  'bug-report',
  'mTLS',
  'outlier detection',
  'trust domain',
  'telemetry',
  'trac(?:e|ing) headers?',
  'discovery container',
  'revision tag',
  'locality',
];

/** Where a name is only one with a verb beside it, as in "Istio rewrites"; "Istio’s rules" are not a program. */
export const besideAVerb: readonly string[] = ['Istio', 'mesh'];

/** Verbs that say what a program does, needs, prints or defaults to. */
const verbs =
  `abort accept act add adjust base belong break collect burn allocate annotate assign attach back bundle burst cancel carry cause clean clear close compute
  consume convert crash crush cycle decode drain eat encode evict exceed exhaust export extend flush fork hash hit honor honour
  import increase interrupt leak level log loop lower measure modify multiply mutate notify occupy persist pin pipe postpone
  purge queue race raise reboot reduce refresh relay reopen resend rotate scale schedule shut sit skip sleep slow spawn spend
  spin split swallow switch talk tear throttle time touch transfer trigger tunnel upload warm wipe
  accept act add admit allow answer append apply ask assume authenticate balance bind block bring buffer
  bypass cache call capture change check choose claim clamp close come connect contain copy cost count create decide decrypt default
  delete deny detect dial direct disable discard dispatch do drop emit enable encrypt end enforce exclude execute exist
  exit expect expire expose fail fall fetch fill find finish follow forge forget forward generate get give go guess
  handle hand hang have help hide hold identify ignore include inherit inject insert install inspect intercept invent
  join judge keep kill know lack last launch lead learn leave let limit list listen load log look lose make mark match
  mean merge mirror mount multiplex name need negotiate obey offer open override parse pass patch pick place point
  prefer prepare prepend preserve prevent print probe program promise protect provide proxy poll publish pull push put
  query reach read receive recognise recognize record recreate redirect refuse register reject reload rely remain remember
  remove rename repair replace reply report request require reserve reset resolve respond restart restore retry return
  reuse rewrite rotate route run sanitise sanitize save say scrape see select send separate serve set share shed ship show
  shut sign skip sniff speak split spoof stand start stay stop store strip supply support survive swap take tell
  terminate test think time tolerate trace track translate treat trust try tunnel turn understand update upgrade
  use validate verify wait wake want warn watch work wrap write
  appear arrive await beat begin behave cross cut defeat demand deploy derive differ discover draw drive elapse embed
  escape feed fit fix free freeze gain govern grant grow guard hijack imply invoke isolate jump kick leap lift
  maintain manage migrate monitor move narrow obtain omit outlive outrank own pay permit play pop precede
  prevail produce promote prune quit raise rebuild recover reconnect redial renew resist resume revert revoke ride rise
  roll route scan seal seem shadow shape shield shift shrink slip solve spare squash stack stall steer stem stick strive
  stuff submit suffer suffice suit suppress suspend sweep tend tie trail transform trim trip trump undo unload
  unwrap vanish vary visit void wander waste widen win wire withhold yield eject evaluate propagate sample`
    .split(/\s+/)
    .filter((word) => word !== '');

const irregular: Readonly<Record<string, readonly string[]>> = {
  break: ['broke', 'broken'],
  bring: ['brought'],
  choose: ['chose', 'chosen'],
  come: ['came'],
  do: ['does', 'did', 'done'],
  fall: ['fell', 'fallen'],
  find: ['found'],
  forget: ['forgot', 'forgotten'],
  get: ['got'],
  give: ['gave', 'given'],
  go: ['goes', 'went', 'gone'],
  have: ['has', 'had'],
  hide: ['hid', 'hidden'],
  hold: ['held'],
  keep: ['kept'],
  know: ['knew', 'known'],
  lead: ['led'],
  leave: ['left'],
  lose: ['lost'],
  make: ['made'],
  mean: ['meant'],
  rewrite: ['rewrote', 'rewritten'],
  run: ['ran'],
  say: ['said'],
  see: ['saw', 'seen'],
  send: ['sent'],
  speak: ['spoke', 'spoken'],
  stand: ['stood'],
  take: ['took', 'taken'],
  tell: ['told'],
  think: ['thought'],
  understand: ['understood'],
  write: ['wrote', 'written'],
  begin: ['began', 'begun'],
  draw: ['drew', 'drawn'],
  drive: ['drove', 'driven'],
  feed: ['fed'],
  freeze: ['froze', 'frozen'],
  grow: ['grew', 'grown'],
  pay: ['paid'],
  rise: ['rose', 'risen'],
  stick: ['stuck'],
  win: ['won'],
  withhold: ['withheld'],
};

/** All forms of a verb: `dial`, `dials`, `dialled`, `dialling`. */
function formsOf(verb: string): readonly string[] {
  const stem = verb.replace(/e$/, '').replace(/y$/, (letter) => (/[aeou]y$/.test(verb) ? letter : 'i'));
  const doubled = /[aeiou][bdglmnprt]$/.test(verb) ? [`${verb}${verb.at(-1)}`] : [];
  return [
    verb,
    `${/(?:s|x|ch|sh)$/.test(verb) ? `${verb}e` : stem === verb || verb.endsWith('e') ? verb : `${stem}e`}s`,
    ...[stem, ...doubled].flatMap((one) => [`${one}ed`]),
    ...[verb.replace(/e$/, ''), ...doubled].map((one) => `${one}ing`),
    ...((Object.hasOwn(irregular, verb) ? irregular[verb] : undefined) ?? []),
  ];
}

export const verbForms: ReadonlySet<string> = new Set([
  ...verbs.flatMap(formsOf),
  'is',
  'are',
  'was',
  'were',
  'be',
  'been',
  'cannot',
  "can't",
  'can',
  'may',
  'must',
  'will',
  'should',
  'could',
  'would',
  'might',
  'shall',
  "won't",
  "doesn't",
  "don't",
  "isn't",
  "aren't",
  "hasn't",
  "didn't",
  "wouldn't",
  "shouldn't",
  'depends',
  'defaults',
]);
