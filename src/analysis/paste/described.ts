/**
 * What is YAML in other words: what `kubectl describe pod` prints of a pod, and the `--set` switches of helm and
 * istioctl. Both are written as the YAML that they stand for, line by line, so that the same reader reads them.
 */
import type { PastedPart } from './pasted.ts';

/** Every line of the text that may be of it; blank lines too, as an empty argument is one. */
interface WrittenLine {
  readonly raw: string;
  readonly number: number;
}

/** The YAML as far as it is written; each line with that of the text that it stands for. */
class Draft {
  readonly lines: string[] = [];
  readonly numbers: number[] = [];

  readonly put = (line: string, number: number): void => {
    this.lines.push(line);
    this.numbers.push(number);
  };
}

const nameLine = /^Name: +([\w.-]+)\s*$/;
/** A field of a description: its name, a colon, and blanks up to its value. */
const field = /^( *)([A-Z][\w /-]*): *(.*)/s;
const container = /^ {2}([a-z0-9][a-z0-9-]*):\s*$/;

/** `kubectl describe` pads its fields, so that their values stand below each other. */
const padded = /^Name: {2,}\S+$/;

/** Whether a description begins here that has lost its blanks: an ipset has a name, too, and no namespace. */
export function startsUnpadded(line: string, next: string): boolean {
  return nameLine.test(line) && /^Namespace: /.test(next);
}

/** Whether a description of a pod begins here. */
export function startsDescription(line: string, next: string): boolean {
  return padded.test(line.trim()) || startsUnpadded(line, next);
}

/** Fields of a container in a description, as kubectl's describe.go writes them; what stands below them is theirs. */
const ofContainer =
  /^(?:Container ID|Image|Image ID|Ports?|Host Ports?|SeccompProfile|Command|Args|State|Reason|Exit Code|Started|Finished|Last State|Ready|Restart Count|Limits|Requests|Liveness|Readiness|Startup|Environment|Mounts):/;

/**
 * A description that has lost its blanks on the way: by the names of its fields they are put back, and the empty value
 * of an argument, which was a line of blanks alone.
 */
function indented(written: readonly WrittenLine[]): readonly WrittenLine[] {
  let inContainers = false;
  let inBlock = false;
  return written.flatMap(({ raw, number }, at) => {
    const line = raw.trim();
    const put = (depth: number) => ({ raw: `${' '.repeat(depth)}${line}`, number });
    const hasLost = /^-[a-z]$/.test(line) && /^-[a-z-]/.test(written[at + 1]?.raw.trim() ?? '');
    if (inContainers && hasLost) return [put(6), { raw: '', number }];
    if (inContainers && ofContainer.test(line)) return put(4);
    if (inContainers && /^[a-z0-9][a-z0-9-]*:$/.test(line)) return put(2);
    if (inContainers && !/^(?:Containers|Conditions|Volumes|QoS Class|Events):/.test(line)) return put(6);
    const [, , name] = field.exec(line) ?? [];
    const isEntry = inBlock && (name === undefined || /^[a-z{]/.test(line));
    if (!isEntry) inBlock = name === 'Labels' || name === 'Annotations';
    inContainers = name === 'Init Containers' || name === 'Containers';
    return put(isEntry ? 2 : 0);
  });
}

/** The pod that a description tells of, as YAML; null where no description is there. */
export function describedPod(all: readonly WrittenLine[]): PastedPart | null {
  const start = all.findIndex(
    ({ raw }, at) => nameLine.test(raw) && startsDescription(raw, all[at + 1]?.raw ?? ''),
  );
  if (start < 0) return null;
  const isFlat = !padded.test(all[start]?.raw.trim() ?? '') && !all.some(({ raw }) => /^ {2,}\S/.test(raw));
  const written = isFlat ? indented(all) : all;
  const draft = new Draft();
  const { put } = draft;
  const first = written[start] as WrittenLine;
  put('apiVersion: v1', first.number);
  put('kind: Pod', first.number);
  put('metadata:', first.number);
  put(`  name: ${JSON.stringify(nameLine.exec(first.raw)?.[1])}`, first.number);
  let block: 'Labels' | 'Annotations' | null = null;
  let section: 'initContainers' | 'containers' | null = null;
  let hasSpec = false;
  let inArgs = false;
  for (const { raw, number } of written.slice(start + 1)) {
    if (nameLine.test(raw)) break;
    const [, indent = '', name = '', value = ''] = field.exec(raw) ?? [];
    if (indent === '' && name !== '') {
      inArgs = false;
      block = name === 'Labels' || name === 'Annotations' ? name : null;
      section = name === 'Init Containers' ? 'initContainers' : name === 'Containers' ? 'containers' : null;
      if (section !== null) {
        if (!hasSpec) put('spec:', number);
        hasSpec = true;
        put(`  ${section}:`, number);
      } else if (name === 'Namespace') put(`  namespace: ${JSON.stringify(value.trim())}`, number);
      else if (block !== null && !hasSpec) {
        put(`  ${block.toLowerCase()}:`, number);
        const entry = entryIn(value, block);
        if (entry !== null) put(entry, number);
      }
      continue;
    }
    if (block !== null) {
      const entry = entryIn(raw.trim(), block);
      if (entry !== null) put(entry, number);
      continue;
    }
    if (section === null) continue;
    const named = container.exec(raw)?.[1];
    if (named !== undefined) {
      inArgs = false;
      put(`  - name: ${named}`, number);
    } else if (/^ {4}\S/.test(raw)) {
      inArgs = name === 'Args';
      if (name === 'Image') put(`    image: ${JSON.stringify(value.trim())}`, number);
      if (inArgs) put('    args:', number);
    } else if (inArgs) put(`    - ${JSON.stringify(raw.trim())}`, number);
  }
  return draft;
}

/** `app=sleep` of a label, `sidecar.istio.io/inject: true` of an annotation; null for what goes on from the line before. */
function entryIn(text: string, block: 'Labels' | 'Annotations'): string | null {
  const found =
    block === 'Labels' ? /^([\w./-]+)=(.*)$/.exec(text) : /^([\w-][\w.-]*(?:\/[\w.-]+)?): ?(.*)/s.exec(text);
  const [, key, value = ''] = found ?? [];
  return key === undefined ? null : `    ${JSON.stringify(key)}: ${JSON.stringify(value.trim())}`;
}

/** Each with its line, in the order in which they are written. */
type Setting = { readonly path: readonly string[]; readonly value: string; readonly number: number };

const oneSwitch = /(?:^|\s)--set(?:-string)?[ =]((?:[^\s"']|"[^"]*"|'[^']*')+)/g;

/** What the switches of a command set, as the YAML of Helm values, or of istioctl's own operator; null without any. */
export function switchedValues(written: readonly WrittenLine[]): PastedPart | null {
  const settings: Setting[] = [];
  for (const { raw, number } of written) {
    if (!raw.includes('--set')) continue;
    for (const [, switched = ''] of raw.slice(0, 20_000).matchAll(oneSwitch)) {
      // An item of a list, or a list, is nothing that decides about rules.
      for (const one of switched.replaceAll(/["']/g, '').split(/,(?=[\w.]+=)/)) {
        const [, name, value] = /^((?:[\w-]|\.|\\.)+)=(.*)$/.exec(one) ?? [];
        if (name === undefined || value === undefined) continue;
        const path = name.split(/(?<!\\)\./).map((step) => step.replaceAll('\\', ''));
        settings.push({ path, value: value.replaceAll('\\,', ','), number });
      }
    }
  }
  const [first] = settings;
  if (first === undefined) return null;
  const isOperators = written.some(({ raw }) => /\bistioctl (?:install|upgrade|manifest)\b/.test(raw));
  const draft = new Draft();
  const { put } = draft;
  if (isOperators) {
    put('apiVersion: install.istio.io/v1alpha1', first.number);
    put('kind: IstioOperator', first.number);
    put('spec:', first.number);
  }
  nested(settings, isOperators ? '  ' : '', put);
  return draft;
}

function nested(settings: readonly Setting[], indent: string, put: Draft['put']): void {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) {
    const [step = ''] = setting.path;
    groups.set(step, [...(groups.get(step) ?? []), setting]);
  }
  for (const [step, group] of groups) {
    const deeper = group.flatMap(({ path, ...rest }) =>
      path.length > 1 ? [{ ...rest, path: path.slice(1) }] : [],
    );
    const last = group.at(-1) as Setting;
    if (deeper.length === 0) put(`${indent}${step}: ${scalar(last.value)}`, last.number);
    else {
      put(`${indent}${step}:`, (deeper[0] as Setting).number);
      nested(deeper, `${indent}  `, put);
    }
  }
}

/** As helm reads it: a number and a truth value are no text. */
function scalar(value: string): string {
  return /^(?:true|false|null|-?\d+)$/.test(value) ? value : JSON.stringify(value);
}
