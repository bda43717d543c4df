/** The reading of a text that somebody pasted: problems are put down, and what is secret is not shown. */
import type { ConfigProblem, Wanted } from '../model/problem.ts';
import { type ConfigReading, remembered } from './fields.ts';

type Message = Readonly<Record<string, unknown>>;

export class PastedReading implements ConfigReading {
  readonly problems: ConfigProblem[] = [];
  readonly shown = shown;

  unreadable(where: string, found: unknown, wanted: Wanted): void {
    this.problems.push({ code: 'value unreadable', where, found: shortText(found), wanted });
  }
}

/** Fields that hold keys, certificates and other secrets, wherever they stand. */
const secrets =
  /^(private_?key|certificate_?chain|password|pkcs12|trusted_?ca|crl|inline_?bytes|generic_?secret|session_?ticket_?keys|ocsp_?staple|secret|token|client_?secret|hmac_?secret)$/i;
export const notShown = '[not shown]';

/** The value of a field, with what is secret in it left out; the same value where nothing is. */
function shown(key: string, value: unknown): unknown {
  if (typeof value === 'string') return isSecret(key) || value.includes('-----BEGIN ') ? notShown : value;
  if (typeof value !== 'object' || value === null) return isSecret(key) ? notShown : value;
  if (isSecret(key)) return notShown;
  if (Array.isArray(value)) {
    const items = value.map((one) => shown('', one));
    return items.some((one, at) => one !== value[at]) ? items : value;
  }
  let copy: Record<string, unknown> | null = null;
  for (const inner in value) {
    const one = (value as Message)[inner];
    const open = shown(inner, one);
    if (open === one) continue;
    copy ??= { ...value };
    copy[inner] = open;
  }
  return copy ?? value;
}

const isSecret = remembered((key) => secrets.test(key));

function shortText(found: unknown): string {
  const text = typeof found === 'string' ? found : (JSON.stringify(shown('', found)) ?? String(found));
  if (text.includes('-----BEGIN ')) return notShown;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
