/** What a rule of Istio is for, as a remark within a sentence. */
import type { Role } from '../../istio/index.ts';
import { rolePurposes } from './roles.ts';

/** Without its full stop, and but for names with a small letter. */
export function rolePurpose(role: Role): string {
  const text = rolePurposes[role].replace(/\.$/, '').replaceAll(/ \(([^)]*)\)/g, ', $1,');
  return /^[A-Z][a-z]+ [a-z]/.test(rolePurposes[role]) && !rolePurposes[role].startsWith('Envoy')
    ? small(text)
    : text;
}

export function small(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
