/**
 * The tests by what they ask: the engine alone, the build, the pages against the engine, the engine against the
 * kernel, and the finished site in a browser. `test/run.ts` runs them all.
 */
import { getViteConfig } from 'astro/config';
import { defineConfig } from 'vitest/config';

const folders = (...names: string[]) => names.map((name) => `test/${name}/**/*.test.{ts,tsx}`);
const seconds = 1000;

export default defineConfig({
  test: {
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'engine',
          include: folders(
            'netfilter',
            'envoy',
            'istio',
            'journey',
            'words',
            'render',
            'analysis',
            'handbook',
            'house',
          ),
          // Other steps may run beside it.
          testTimeout: 240 * seconds,
          hookTimeout: 120 * seconds,
        },
      },
      // The command, in this process and as one of its own.
      {
        test: {
          name: 'command',
          include: folders('command'),
          testTimeout: 180 * seconds,
          hookTimeout: 120 * seconds,
        },
      },
      // Pages and components are rendered as Astro renders them.
      getViteConfig({ test: { name: 'site', include: folders('site'), testTimeout: 180 * seconds } }),
      getViteConfig({ test: { name: 'docs', include: folders('docs'), testTimeout: 180 * seconds } }),
      // One at a time: network namespaces and sockets are the machine's.
      {
        test: {
          name: 'kernel',
          include: folders('kernel'),
          fileParallelism: false,
          testTimeout: 300 * seconds,
          hookTimeout: 120 * seconds,
        },
      },
      // Real Envoys in network namespaces, a file at a time.
      {
        test: {
          name: 'mesh',
          include: folders('mesh'),
          fileParallelism: false,
          testTimeout: 180 * seconds,
          hookTimeout: 120 * seconds,
        },
      },
      // A customised handbook: built, served by nginx, opened in a browser.
      {
        test: {
          name: 'publisher',
          include: folders('publisher'),
          testTimeout: 120 * seconds,
          hookTimeout: 300 * seconds,
        },
      },
      // They look at `dist`, so `astro build` comes first. One browser at a time is all that two cores bear.
      {
        test: {
          name: 'browser',
          // What a busy machine shows late is shown all the same.
          expect: { poll: { timeout: 20 * seconds } },
          include: folders('browser'),
          fileParallelism: false,
          testTimeout: 120 * seconds,
          hookTimeout: 60 * seconds,
        },
      },
    ],
  },
});
