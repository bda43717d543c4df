import type { Options } from './options.ts';
export interface OptionProblem { readonly severity: 'error' | 'warning' }
export function checkOptions(_release: string, _options: Partial<Options>): readonly OptionProblem[] { return []; }
