/** One line of a log, a terminal or an event that tells of an error: what it is, and what it tells. */
import { type BackEnd, type Family, readToolLine } from '../../netfilter/index.ts';
import type { ErrorForm, ErrorMeaning, ErrorProgram } from './error-form.ts';
import { errorsOfIptables } from './of-iptables.ts';
import { errorsOfIstio } from './of-istio.ts';
import { errorsOfKubectl } from './of-kubectl.ts';
import { errorsOfNetwork } from './of-network.ts';
import { errorsOfZtunnel } from './of-ztunnel.ts';
import { numberFields, textFields } from './wording.ts';

/** In this order: what says why comes before what says only that. */
const table = {
  ...errorsOfIptables,
  ...errorsOfNetwork,
  ...errorsOfKubectl,
  ...errorsOfZtunnel,
  ...errorsOfIstio,
};

export type ErrorCode = keyof typeof table;

/** Those of each file, whose words stand in a file of the same name. */
export interface ErrorCodesOf {
  readonly iptables: keyof typeof errorsOfIptables;
  readonly network: keyof typeof errorsOfNetwork;
  readonly kubectl: keyof typeof errorsOfKubectl;
  readonly ztunnel: keyof typeof errorsOfZtunnel;
  readonly istio: keyof typeof errorsOfIstio;
}

const forms: ReadonlyMap<ErrorCode, ErrorForm> = new Map(Object.entries(table) as [ErrorCode, ErrorForm][]);

/** All that there are, in their order. */
export const errorCodes: readonly ErrorCode[] = [...forms.keys()];

type Captured = { readonly [field in (typeof textFields)[number]]?: string } & {
  readonly [field in (typeof numberFields)[number]]?: number;
};

/** What the line told beside its code stands in its fields, as it was written. */
export interface ErrorLine extends Captured {
  /** For good: words, pages and tests hang on it. */
  readonly code: ErrorCode;
  readonly meaning: ErrorMeaning;
  readonly program: ErrorProgram;
  /** Null where the line does not tell. */
  readonly family: Family | null;
  readonly backEnd: BackEnd | null;
}

/** Nobody prints a longer one; what is behind is not looked at. */
const longest = 20_000;

/**
 * Every wording has one of these. Most lines of a log have none, and are told so at once. The wordings' tests hold it.
 */
const anyWord =
  /not |[Ff]ail|rror|n't|[Nn]o |nvalid|[Ee]xit|exist|nknown|problem|[Bb]ad |incompat|holding|too |xpected|refused|[Uu]nable|present|upgraded|broken|unsupported|Default|timeout|timed out|NOT|nrecogni|links|disabl|without|RTNETLINK|Try |requires|modified|violate|reconcil|denied|forbid|busy|terminated|aborting|panicked|residues|insmod|preempted|nauthorized|who\?|policy |deadline|http status|table full|martian/;

/** What kind of error a line tells of, whatever stands before it; null for one that tells of none. */
export function readErrorLine(text: string): ErrorLine | null {
  const line = withoutComments(text.slice(0, longest));
  if (!anyWord.test(line) || isRule(line)) return null;
  for (const [code, form] of forms) {
    for (const pattern of form.wordings) {
      const match = pattern.exec(line);
      if (match !== null) return errorLine(code, form, line, match.groups ?? {});
    }
  }
  return null;
}

function errorLine(
  code: ErrorCode,
  form: ErrorForm,
  line: string,
  groups: Readonly<Record<string, string | undefined>>,
): ErrorLine {
  const texts = textFields.flatMap((field) => {
    const value = groups[field]?.trim();
    return value === undefined || value === '' ? [] : [[field, value] as const];
  });
  const numbers = numberFields.flatMap((field) => {
    const value = groups[field];
    return value === undefined ? [] : [[field, Number(value)] as const];
  });
  const { command = '' } = groups;
  const tool = toolIn(command) ?? toolIn(line);
  return {
    code,
    meaning: form.meaning,
    program: programOf(form, tool),
    family: tool?.family ?? null,
    backEnd: tool?.backEnd ?? null,
    ...Object.fromEntries([...texts, ...numbers]),
  };
}

interface Tool {
  readonly family: Family;
  readonly backEnd: BackEnd | null;
  readonly program: 'iptables' | 'iptables-restore' | 'iptables-save';
}

/** `ip6tables-nft-restore v1.8.9 (nf_tables):`, which begins the line of an error, or a command. */
const toolName =
  /(?:^|[\s"/:=])(ip6?tables)(?:-(nft|legacy))?(?:-(restore|save))?(?: v[\d.]{1,20}(?: \((nf_tables|legacy)\))?)?(?=[:\s"]|$)/;

function toolIn(line: string): Tool | null {
  const match = toolName.exec(line);
  if (match === null) return null;
  const [, name, back, job, version] = match;
  return {
    family: name === 'ip6tables' ? 'v6' : 'v4',
    backEnd:
      back === 'nft' || version === 'nf_tables' ? 'nft' : (back ?? version) === 'legacy' ? 'legacy' : null,
    program: job === 'restore' ? 'iptables-restore' : job === 'save' ? 'iptables-save' : 'iptables',
  };
}

/** A line of iptables says itself which of its programs printed it. */
function programOf({ program }: ErrorForm, tool: Tool | null): ErrorProgram {
  return program.startsWith('iptables') && tool !== null ? tool.program : program;
}

/** What somebody wrote beside a rule is no error. */
function withoutComments(line: string): string {
  return line.replaceAll(/--comment \\?"[^"]{0,300}"/g, '--comment');
}

/** A rule, a chain or a table as iptables-save prints them, or a command that makes one. */
function isRule(line: string): boolean {
  return (
    /^\s*(?:(?:\[\d+:\d+\] )?-[AINPXDRF] |:\S+ \S+ \[|\*[a-z]+\s*$|COMMIT\s*$)/.test(line) ||
    (readToolLine(line) !== null && /\s--?\w/.test(line) && !/: |failed|rror/.test(line))
  );
}
