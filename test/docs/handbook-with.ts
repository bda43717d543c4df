/** The handbook as another `handbook.config.ts` would make it: the same modules, read anew. */
import { vi } from 'vitest';
import handbook from '../../handbook.config.ts';

export type Setting = Partial<typeof handbook>;
export type Claims = typeof import('../../src/handbook/claims/index.ts') &
  typeof import('../../src/handbook/scenarios/index.ts') &
  typeof import('../../src/handbook/walk/index.ts');

const config = '../../handbook.config.ts';

export async function handbookWith(change: Setting): Promise<Claims> {
  vi.resetModules();
  vi.doMock(config, () => ({ default: { ...handbook, ...change } }));
  return {
    ...(await import('../../src/handbook/claims/index.ts')),
    ...(await import('../../src/handbook/scenarios/index.ts')),
    ...(await import('../../src/handbook/walk/index.ts')),
  };
}

/** To be called after the tests that asked for another one. */
export function forgetHandbook(): void {
  vi.doUnmock(config);
  vi.resetModules();
}
