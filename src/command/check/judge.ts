/** Judges one text after another: manifests, pods and values by their rules, dumps by the lab's findings. */
import {
  type Finding,
  kinds,
  type ManifestIssue,
  manifestFindings,
  messageRule,
  type Namespaces,
  type Paste,
  readPaste,
  type Weight,
} from '../../analysis/index.ts';
import { inspectPaste } from '../../handbook/lab/index.ts';
import { type EveryObject, type ReadObject, readEveryObject } from '../../istio/index.ts';
import {
  findingPage,
  findingWords,
  manifestRuleWords,
  manifestWords,
  plain,
  summary,
} from '../../words/index.ts';
import type { Input } from '../input.ts';
import { yamlOf } from '../inspect.ts';
import { UseError } from '../terminal.ts';

/** The name of a rule: suppressions and reports hang on it. */
export type CheckRule = ManifestIssue['id'] | Finding['id'];

export interface CheckResult {
  readonly rule: CheckRule;
  readonly weight: Weight;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly object: string | null;
  readonly says: string;
  readonly fix: string;
  /** Below the handbook's base path. */
  readonly page: string;
}

export interface JudgedTexts {
  readonly results: readonly CheckResult[];
  readonly objects: number;
  readonly dumps: number;
  /** Texts about which nothing can be said, and why, where that is known. */
  readonly unjudged: readonly { readonly file: string; readonly why: string | null }[];
}

export interface JudgeOptions {
  readonly from: string | null;
  readonly to: string | null;
  readonly progress: (done: number) => void;
}

type Text =
  | { readonly file: string; readonly as: 'objects'; readonly read: EveryObject }
  | { readonly file: string; readonly as: 'dump'; readonly paste: Paste; readonly text: string };

/** All texts together: a namespace in one of them says what is meant with the pods in another. */
export async function judge(inputs: readonly Input[], options: JudgeOptions): Promise<JudgedTexts> {
  const texts: Text[] = [];
  for (const [at, input] of inputs.entries()) {
    options.progress((0.5 * at) / inputs.length);
    texts.push(await textOf(input));
  }
  const namespaces: Namespaces = new Map(
    texts.flatMap((one) =>
      one.as === 'dump'
        ? []
        : one.read.objects
            .filter(({ is, namespace }) => is === 'namespace' && namespace !== null)
            .map((object) => [object.namespace as string, object] as const),
    ),
  );
  const results: CheckResult[] = [];
  const unjudged: { file: string; why: string | null }[] = [];
  let [objects, dumps] = [0, 0];
  for (const [at, text] of texts.entries()) {
    options.progress(0.5 + (0.5 * at) / texts.length);
    if (text.as === 'dump') {
      const judged = await judgeDump(text);
      results.push(...judged.results);
      dumps += judged.dumps;
      if (judged.why !== null) unjudged.push({ file: text.file, why: judged.why });
      continue;
    }
    const judged = text.read.objects.filter(({ is }) => is !== 'no object');
    objects += judged.length;
    if (judged.length === 0) unjudged.push({ file: text.file, why: null });
    results.push(...judgeObjects(text, judged, namespaces, options));
  }
  return { results: [...results].sort(byPlace), objects, dumps, unjudged };
}

function byPlace(one: CheckResult, other: CheckResult): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}

const namedAsYaml = /\.(?:ya?ml|json)$/i;
const looksLikeYaml = /^(?:---|%YAML|[{[]|- |["']?[A-Za-z][\w./-]*["']?:(?:\s|$))/;

async function textOf({ name, path, text }: Input): Promise<Text> {
  const first = text.split('\n', 200).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const isNamed = path !== null && namedAsYaml.test(path);
  if (isNamed || looksLikeYaml.test(first)) {
    const read = await readEveryObject(text);
    const broken = read.broken.find(({ code }) => code === 'broken YAML');
    if (broken === undefined && !text.includes('"nftables"')) return { file: name, as: 'objects', read };
    const paste = readPaste(text);
    if (isOfRules(paste)) return { file: name, as: 'dump', paste, text };
    if (broken === undefined) return { file: name, as: 'objects', read };
    const { line, column } = broken;
    const isTemplate = text.includes('{{');
    throw new UseError({ code: 'not YAML', input: name, line, column, isTemplate });
  }
  return { file: name, as: 'dump', paste: readPaste(text), text };
}

const withoutRules: ReadonlySet<string> = new Set(['nothing', 'pod as YAML', 'settings as YAML']);

function isOfRules(paste: Paste): boolean {
  return !withoutRules.has(inspectPaste(paste, 0, null).inspection.recognised[0].kind);
}

function judgeObjects(
  { file, read }: Extract<Text, { readonly as: 'objects' }>,
  objects: readonly ReadObject[],
  namespaces: Namespaces,
  release: JudgeOptions,
): readonly CheckResult[] {
  const broken = read.broken.flatMap((message): readonly CheckResult[] => {
    const id = messageRule(message);
    if (id === null) return [];
    const { line, column } = message;
    return [{ rule: id, weight: 'wrong', file, line, column, object: null, ...said(id, { id, message }) }];
  });
  const found = manifestFindings(objects, namespaces, release).map(
    ({ id, weight, line, column, object, issue }): CheckResult => ({
      rule: id,
      weight,
      file,
      line,
      column,
      object,
      ...said(id, issue),
    }),
  );
  return [...broken, ...found];
}

function said(id: ManifestIssue['id'], issue: ManifestIssue): Pick<CheckResult, 'says' | 'fix' | 'page'> {
  const { says, fix } = manifestWords({ issue });
  return { says: plain(says), fix: plain(fix), page: manifestRuleWords(id).page };
}

async function judgeDump({ file, paste, text }: Extract<Text, { readonly as: 'dump' }>): Promise<{
  readonly results: readonly CheckResult[];
  readonly dumps: number;
  readonly why: string | null;
}> {
  const lines = text.split('\n');
  const results: CheckResult[] = [];
  let [dumps, why] = [0, null as string | null];
  for (const [at, { name }] of paste.pods.entries()) {
    const { inspection } = inspectPaste(paste, at, await yamlOf(paste, at));
    const { findings, isCompared, recognised } = inspection;
    if (kinds[recognised[0].kind].isJudged && isCompared) dumps++;
    else if (findings.every(({ weight }) => weight === 'note')) why = summary(inspection);
    for (const finding of findings) {
      const { says, fix } = findingWords(finding);
      const id = finding.id === 'yaml.message' ? messageRule(finding.message) : finding.id;
      if (id === null) continue;
      results.push({
        rule: id,
        weight: finding.weight,
        file,
        ...placeIn(lines, finding),
        object: name === null ? null : `Pod ${name}`,
        says: plain(says),
        fix: plain(fix),
        page: findingPage(finding),
      });
    }
  }
  return { results, dumps, why };
}

/** The line of the text that a finding is about; the first one where it is about none. */
function placeIn(lines: readonly string[], finding: Finding): Pick<CheckResult, 'line' | 'column'> {
  if ('line' in finding && typeof finding.line === 'number') return { line: finding.line, column: 1 };
  const { place } = finding;
  if (place === undefined) return { line: 1, column: 1 };
  const rule = 'rule' in finding && typeof finding.rule === 'string' ? finding.rule : null;
  const exact = rule === null ? -1 : lines.findIndex((line) => line.includes(`-A ${place.chain} ${rule}`));
  const chain = lines.findIndex((line) => line.startsWith(`:${place.chain} `));
  const found = exact >= 0 ? exact : chain;
  return { line: Math.max(found, 0) + 1, column: 1 };
}
