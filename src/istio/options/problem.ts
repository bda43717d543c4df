/**
 * What is wrong or surprising in an option: a code, and the sentences for it.
 */
import type { OptionName } from './options.ts';

/** What is the matter, by a name that stays when the sentences change. */
export type OptionProblemCode =
  | 'address of the other family'
  | 'all beside groups'
  | 'all beside ports'
  | 'all beside ranges'
  | 'all excluded'
  | 'all included anyway'
  | 'all servers anyway'
  | 'always on'
  | 'blank in a range'
  | 'empty part'
  | 'excluded too'
  | 'host bits'
  | 'id too high'
  | 'interface name too long'
  | 'interface named *'
  | 'loopback included'
  | 'mark of every packet'
  | 'mark of self calls'
  | 'mode unknown to CNI'
  | 'no IPv6'
  | 'no address'
  | 'no all in the list'
  | 'no group included'
  | 'no interface name'
  | 'no loopback range'
  | 'no number'
  | 'no owner'
  | 'no port'
  | 'no range'
  | 'no record'
  | 'no rule by itself'
  | 'no servers'
  | 'one port for both directions'
  | 'only with DNS capture'
  | 'only with all included'
  | 'owner by name'
  | 'owner left out'
  | 'port too high'
  | 'range of ports'
  | 'root as proxy'
  | 'table of the kernel'
  | 'too many groups'
  | 'too many groups for a line'
  | 'unknown mode'
  | 'unknown option'
  | 'unknown release'
  | 'wrong type';

export interface OptionProblem {
  /** An error: no rule is programmed and the pod does not start. A warning: it does, and this is what happens. */
  readonly severity: 'error' | 'warning';
  readonly code: OptionProblemCode;
  /** The option's name, or `release`. */
  readonly option: string;
  readonly value: string;
  /** What in Istio or iptables forbids or ignores it. */
  readonly because: string;
  readonly fix: string;
}

/** A problem in one line: `error: inboundPortsExclude "70000": … Write …` */
export function printOptionProblem(problem: OptionProblem): string {
  return `${problem.severity}: ${optionProblemText(problem)}`;
}

/** The same without its severity: `inboundPortsExclude "70000": … Write …` */
export function optionProblemText({ option, value, because, fix }: OptionProblem): string {
  return `${option} "${value}": ${because} ${fix}`;
}

/** How the reader calls an option: by Istio's field, or by the annotation that sets it in a pod. */
export type Called = (option: OptionName) => string;

/** A sentence; a function where it names other options. */
export type Words = string | ((called: Called) => string);

/** A problem of an option whose name is known where the problem is found. */
export interface Fault extends Omit<OptionProblem, 'option' | 'because' | 'fix'> {
  readonly because: Words;
  readonly fix: Words;
}

/** A fault as the problem of an option, with the names that the reader knows. */
export function problemOf(option: string, { because, fix, ...fault }: Fault, called: Called): OptionProblem {
  const said = (words: Words) => (typeof words === 'string' ? words : words(called));
  return { option, ...fault, because: said(because), fix: said(fix) };
}

export function error(code: OptionProblemCode, value: string, because: Words, fix: Words): Fault {
  return { severity: 'error', code, value, because, fix };
}

export function warning(code: OptionProblemCode, value: string, because: Words, fix: Words): Fault {
  return { severity: 'warning', code, value, because, fix };
}
