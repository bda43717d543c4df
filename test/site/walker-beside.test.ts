/** A page asks its own walker, and another one for what its own does not know; that one is loaded only then. */
import { expect, test } from 'vitest';
import { type RemoteWalker, walkerBeside } from '../../components/engine/remote-walker.ts';

function walkerThat(name: string, heard: string[]): RemoteWalker {
  return new Proxy({} as RemoteWalker, {
    get: (_, method) => {
      return (...asked: readonly unknown[]) => {
        heard.push(`${name} ${String(method)} ${JSON.stringify(asked)}`);
        return Promise.resolve(name);
      };
    },
  });
}

test('each question goes to the one that it is for, and closing closes both', async () => {
  const heard: string[] = [];
  const walker = walkerBeside(walkerThat('own', heard), walkerThat('native', heard), (asked) =>
    JSON.stringify(asked).includes('nativeNftables'),
  );
  walker.wake();
  const state = { scenario: 'local-to-remote' };
  expect(await walker.walk(state)).toBe('own');
  expect(await walker.walk({ ...state, options: { nativeNftables: true } })).toBe('native');
  expect(await walker.open('#v=1&option.nativeNftables=true', 'local-to-remote')).toBe('native');
  walker.close();
  expect(heard).toEqual([
    'own wake []',
    'own walk [{"scenario":"local-to-remote"}]',
    'native walk [{"scenario":"local-to-remote","options":{"nativeNftables":true}}]',
    'native open ["#v=1&option.nativeNftables=true","local-to-remote"]',
    'own close []',
    'native close []',
  ]);
});
