/** A fact on one of Istio's programs, in words, and how it is known. */
import {
  type Evidence,
  type EvidenceKind,
  type Fact,
  findFact,
  type Program,
} from '../../../istio/facts/index.ts';
import { code, type Part, plain } from '../../parts.ts';
import { factTemplates } from './templates.ts';

const programs: Readonly<Record<Program, string>> = {
  Envoy: 'Envoy',
  'pilot-agent': 'pilot-agent',
  istiod: 'istiod',
  injector: 'the injector',
  'istio-init': 'istio-init',
  'istio-cni': 'istio-cni',
  'istio-validation': 'istio-validation',
  ztunnel: 'ztunnel',
  istioctl: 'istioctl',
  kubectl: 'kubectl',
  kubelet: 'kubelet',
  runtime: 'the container runtime',
  image: 'the image',
  gateway: 'a gateway',
  Istio: 'Istio',
};

/** `the injector` */
export function programWords(program: Program): string {
  return programs[program];
}

/** A fact as a clause without a stop: `Envoy waits without an end, before Istio 1.25`. */
export function factWords(name: string): readonly Part[] {
  const fact = findFact(name);
  const template = Object.hasOwn(factTemplates, name) ? factTemplates[name] : undefined;
  if (fact === undefined || template === undefined)
    throw new Error(`found fact "${name}", which is not there`);
  const text = filled(template, fact) + releaseWords(fact);
  const parts = text.split('`').map((part, at): Part => (at % 2 === 1 ? code(part) : part));
  const [first = '', ...rest] = parts.filter((part) => part !== '');
  return [
    typeof first === 'string'
      ? first.replace(/^(the|an?|in)\b/, (word) => word.replace(/^./, (unit) => unit.toUpperCase()))
      : first,
    ...rest,
  ];
}

/** The same as plain text. */
export function factText(name: string): string {
  const parts = factWords(name);
  return plain(parts);
}

function filled(template: string, fact: Fact): string {
  const { subject, values = {}, where = {}, since = '', before = '' } = fact;
  const slots: Readonly<Record<string, string | number>> = {
    ...values,
    ...where,
    subject: programs[subject],
    since,
    before,
  };
  return template.replace(/\{(\w+)\}/g, (slot, name: string) =>
    String((Object.hasOwn(slots, name) ? slots[name] : undefined) ?? slot),
  );
}

function releaseWords({ since, before }: Fact): string {
  return [
    since === undefined ? '' : `, since Istio ${since}`,
    before === undefined ? '' : `, before Istio ${before}`,
  ].join('');
}

const kinds: Readonly<Record<EvidenceKind, string>> = {
  kernel: 'the Linux kernel',
  Envoy: 'Envoy itself',
  ztunnel: 'ztunnel itself',
  istiod: "istiod's own answer",
  source: 'the source',
  document: "Istio's document",
};

/** By what a fact is known: `Envoy itself`. */
export function evidenceKindWords(kind: EvidenceKind): string {
  return kinds[kind];
}

/** Who knows a fact, and as of which release where it is a text: `Envoy itself`, `Istio's source at 1.30.3`. */
function witnessWords(evidence: Evidence): string {
  if ('case' in evidence) return kinds[evidence.by];
  const { by, repo, tag } = evidence;
  const source = repo === 'istio/istio' ? "Istio's source" : `the source of ${repo}`;
  return `${by === 'document' ? kinds.document : source} at ${tag}`;
}

/** One way to know a fact: `Istio's source at 1.30.3, pkg/config/mesh/mesh.go`. */
export function evidenceWords(evidence: Evidence): string {
  if ('case' in evidence) {
    return `${witnessWords(evidence)}, asked by ${evidence.case}${evidence.title === undefined ? '' : `: ${evidence.title}`}`;
  }
  return `${witnessWords(evidence)}, ${evidence.path}${evidence.isAbsent === true ? ', where it is no more' : ''}`;
}

/** How a fact is known: `Known from Envoy itself, asked by …; and from … Checked 2026-11-28.` */
export function knownBy(fact: Fact): string {
  return knownFrom(fact, evidenceWords);
}

/** The same in short: `Known from Envoy itself; and from Istio's source at 1.30.3. Checked 2026-11-28.` */
export function knownByInShort(fact: Fact): string {
  return knownFrom(fact, witnessWords);
}

function knownFrom({ known, checked }: Fact, words: (evidence: Evidence) => string): string {
  return `Known from ${[...new Set(known.map(words))].join('; and from ')}. Checked ${checked}.`;
}
