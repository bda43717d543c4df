/**
 * A rule of nft as the kernel's own nft lists it, so that what a builder wrote and what a pod shows are the same text: no
 * counts, no handles, a protocol only where no port says it. Held to nft by test/analysis/native/native.test.ts.
 */
import {
  type NftElement,
  type NftExpression,
  type NftRule,
  type NftStatement,
  type NftValue,
  printNftRule,
  printPrefix,
  readPrefix,
} from '../../netfilter/index.ts';

/** The statements of a rule, as they are listed. */
export function listedStatements({ statements }: NftRule): readonly NftStatement[] {
  const ports = new Set(
    statements.flatMap((one) =>
      one.kind === 'match' && one.left.kind === 'payload' ? [one.left.protocol] : [],
    ),
  );
  return statements.map(listedStatement).filter((one) => !isImplied(one, ports));
}

/** `oifname "lo" meta skuid != 1337 counter return` */
export function listedText(rule: NftRule): string {
  const { comment } = rule;
  return printNftRule({ statements: listedStatements(rule), ...(comment === undefined ? {} : { comment }) });
}

/** `meta l4proto tcp` before `tcp dport 80`: nft leaves it out. */
function isImplied(statement: NftStatement, ports: ReadonlySet<string>): boolean {
  if (statement.kind !== 'match' || statement.operator !== '==') return false;
  const { left, right } = statement;
  return isMeta(left, 'l4proto') && right.kind === 'literal' && ports.has(right.text);
}

function isMeta(expression: NftExpression, ...keys: readonly string[]): boolean {
  return expression.kind === 'meta' && keys.includes(expression.key);
}

function listedStatement(statement: NftStatement): NftStatement {
  switch (statement.kind) {
    case 'match': {
      const { left, right } = statement;
      return { ...statement, right: listedValue(left, right) };
    }
    case 'counter':
      return statement.name === undefined ? { kind: 'counter' } : statement;
    case 'set': {
      const { target, value } = statement;
      return isMark(target) && value.kind === 'literal'
        ? { ...statement, value: listedValue(target, value) }
        : statement;
    }
    default:
      return statement;
  }
}

function isMark(expression: NftExpression): boolean {
  return isMeta(expression, 'mark') || (expression.kind === 'ct' && expression.key === 'mark');
}

function listedValue(of: NftExpression, value: NftValue): NftValue {
  if (value.kind === 'set') {
    const elements = value.elements.map((one): NftElement => ({ ...one, key: listedValue(of, one.key) }));
    return { kind: 'set', elements: elements.toSorted((a, b) => numberOf(a) - numberOf(b)) };
  }
  if (of.kind === 'ct' && of.key === 'state') return listedStates(value);
  if (value.kind === 'prefix') return listedAddress(`${value.address}/${value.length}`) ?? value;
  if (value.kind !== 'literal') return value;
  const { text } = value;
  if (isMeta(of, 'iifname', 'oifname')) return { kind: 'literal', text, quoted: true };
  if (isMeta(of, 'l4proto')) return { kind: 'literal', text: protocols.get(text) ?? text };
  if (isMeta(of, 'skuid', 'skgid')) return { kind: 'literal', text: text === 'root' ? '0' : text };
  if (isMark(of) && /^(?:0x[\da-f]+|\d+)$/.test(text))
    return { kind: 'literal', text: `0x${Number(text).toString(16).padStart(8, '0')}` };
  if (of.kind === 'payload' && /^[sd]addr$/.test(of.field)) return listedAddress(text) ?? value;
  return value;
}

const protocols: ReadonlyMap<string, string> = new Map([
  ['6', 'tcp'],
  ['17', 'udp'],
]);

/** A whole address without its length, a network by its first address. */
function listedAddress(text: string): NftValue | null {
  const prefix = readPrefix(text);
  if (prefix === null) return null;
  const [address = '', length = ''] = printPrefix(prefix).split('/');
  if (Number(length) === (prefix.family === 'v6' ? 128 : 32)) return { kind: 'literal', text: address };
  return { kind: 'prefix', address, length: Number(length) };
}

/** In the order of their bits. Source: ct_state_tbl in src/ct.c of nftables. */
const states: readonly (readonly [name: string, bit: number])[] = [
  ['invalid', 1],
  ['established', 2],
  ['related', 4],
  ['new', 8],
  ['untracked', 64],
];

function listedStates(value: NftValue): NftValue {
  const texts = value.kind === 'list' ? value.texts : value.kind === 'literal' ? [value.text] : null;
  if (texts === null) return value;
  const named = texts.map((text) => states.find(([name, bit]) => name === text || Number(text) === bit));
  if (named.some((one) => one === undefined)) return value;
  const names = states.filter((state) => named.includes(state)).map(([name]) => name);
  return names.length === 1 ? { kind: 'literal', text: names[0] as string } : { kind: 'list', texts: names };
}

function numberOf({ key }: NftElement): number {
  return key.kind === 'literal' ? Number(key.text) : Number.NaN;
}
