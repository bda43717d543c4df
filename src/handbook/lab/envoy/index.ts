/**
 * What the lab says of an Envoy's configuration within a pasted text. A door of its own: what reads and walks one is
 * loaded where a text has one.
 */
import { addressIn, envoyFindings, originOf, sureFindings } from '../../../analysis/envoy/index.ts';
import type { EnvoyText } from '../../../analysis/index.ts';
import type { EnvoyOutcome } from '../../../envoy/index.ts';
import {
  type ConfigSection,
  type EnvoyConfig,
  type ParsedEnvoyConfig,
  readEnvoyTexts,
} from '../../../envoy/index.ts';
import type { Request } from '../../../journey/index.ts';
import {
  askedWords,
  configProblemWords,
  envoyFindingPage,
  envoyFindingWords,
  envoySummary,
  envoyWalkWords,
  flagsBesideWords,
  pageWords,
} from '../../../words/index.ts';
import type { RealPod } from '../../scenarios/index.ts';
import { pod as handbookPod, handbookSetting } from '../../scenarios/setting.ts';
import type { Inspected } from '../inspection.ts';
import type { AskedOfEnvoy } from './asked.ts';
import type { EnvoyPart, ShownEnvoyWalk } from './part.ts';
import { usualOfEnvoy, usualOfSockets } from './usual.ts';
import { type EnvoyAndPod, walkEnvoy } from './walk.ts';

export { type AskedOfEnvoy, type FirstWords, firstWords } from './asked.ts';
export type { EnvoyPart, ShownEnvoyWalk } from './part.ts';

/** What was inspected, with what its Envoy was told, and a walker through it. */
export interface WithEnvoy {
  readonly part: EnvoyPart;
  /** `from` is who calls, where it is another one than the usual client. */
  readonly walk: (asked: AskedOfEnvoy, from?: Request['from']) => ShownEnvoyWalk;
}

const listed = 20;

/** Reads what was cut out of a text; the rules, the pod and its sockets are those of what was inspected of the rest. */
export async function envoyOf(
  texts: readonly EnvoyText[],
  { inspection, pod }: Inspected,
): Promise<WithEnvoy> {
  const read = await readEnvoyTexts(texts);
  const { config, problems } = read;
  const origin = originOf(config, problems);
  const isWhole = problems.every(({ code }) => !spoils.includes(code));
  const isBootstrap = 'bootstrap' in config.rest && !Object.values(config.has).includes(true);
  const isJudged = origin === 'sidecar' && isWhole && !isBootstrap;
  const all = isJudged ? envoyFindings(config, { listens: inspection.known.listens ?? [] }) : [];
  const findings = read.hasOpenEnd ? sureFindings(all, config) : all;
  const hasRules =
    inspection.isWalkable && (pod.rulesets?.v4 !== undefined || pod.rulesets?.v6 !== undefined);
  const of = known(config, hasRules ? pod : null, inspection.known.yaml.addresses?.[0]);
  const walk = (asked: AskedOfEnvoy, from?: Request['from']): ShownEnvoyWalk => {
    const walked = walkEnvoy(of, asked, from);
    return {
      asked,
      title: askedWords(asked),
      before: walked.before,
      after: walked.after,
      flags: walked.isPast ? [] : flagsBesideWords(walked.outcome),
      isPast: walked.isPast,
      arrives: arrives(walked.outcome),
      ...envoyWalkWords(walked),
    };
  };
  const usual = isJudged
    ? usualOfEnvoy(config, of.address)
    : origin === 'gateway' && isWhole && config.has.listeners
      ? usualOfSockets(config, of.address)
      : [];
  return {
    walk,
    part: {
      origin,
      isJudged,
      counts: countsOf(config),
      findings,
      words: {
        summary: envoySummary({
          origin,
          counts: countsOf(config),
          hasSecrets: hasSecrets(read),
          isBootstrap,
          hasOpenEnd: isJudged && read.hasOpenEnd,
          ...counted(problems),
        }),
        problems: problems.slice(0, listed).map(configProblemWords),
        findings: findings.map((one) => ({
          id: one.id,
          weight: one.weight,
          page: { path: envoyFindingPage(one), says: pageWords(envoyFindingPage(one)) },
          ...envoyFindingWords(one),
        })),
      },
      walks: usual.map((one) => walk(one)),
      begins: usual.at(-1) ?? null,
    },
  };
}

function arrives(outcome: EnvoyOutcome): boolean | null {
  switch (outcome.kind) {
    case 'dials':
      return true;
    case 'responds':
      return outcome.status === undefined || outcome.status < 400;
    case 'closed':
      return false;
    case 'waits':
      // A client that is too slow is let through in the end, or not.
      return outcome.afterwards === null ? false : arrives(outcome.afterwards);
    case 'cannot tell':
      return null;
  }
}

/** What of a text was not read decides whether the rest may be judged. */
const spoils: readonly string[] = [
  'text cut off',
  'text begins too late',
  'left out',
  'not JSON',
  'not YAML',
  'text too long',
  'older API',
  'not a configuration',
  'nested too deep',
  'another dump',
  'named twice',
];

function known(config: EnvoyConfig, real: RealPod | null, told: string | undefined): EnvoyAndPod {
  const address = addressIn(config) ?? told ?? handbookPod.address;
  const app = { ...real?.app, addresses: [`${address}/${address.includes(':') ? 128 : 32}`] };
  const own = real === null ? null : real.network?.interfaces === undefined ? { ...real, app } : real;
  return { config, address, real: own === null ? null : { setting: handbookSetting, ...own } };
}

/** A bootstrap has some of what it does not have the whole of. */
function countsOf({ has, ...config }: EnvoyConfig): EnvoyPart['counts'] {
  const named = config.rest.listener_statuses;
  const count = (section: ConfigSection) =>
    has[section] || config[section].length > 0 ? config[section].length : null;
  return {
    listeners: count('listeners') ?? (Array.isArray(named) ? named.length : null),
    clusters: count('clusters'),
    routes: count('routes'),
    endpoints: count('endpoints'),
  };
}

function hasSecrets({ config }: ParsedEnvoyConfig): boolean {
  const { secrets } = config.rest;
  return Array.isArray(secrets) && secrets.length > 0;
}

function counted(problems: ParsedEnvoyConfig['problems']) {
  const other = problems.find((one) => one.code === 'dump of another program');
  const [first] = problems.filter(({ code }) => spoils.includes(code));
  return {
    of: other?.code === 'dump of another program' ? other.counts : null,
    problem: first === undefined ? null : configProblemWords(first),
  };
}
