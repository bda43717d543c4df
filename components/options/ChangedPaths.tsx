/** Paths that a setting changes, before and after, each as stops. */

import type { ChangedPath } from '../../src/handbook/tables/index.ts';
import type { StopLine } from '../../src/render/index.ts';
import { Stop } from '../path/Stop.tsx';

export interface ChangedPathsProps {
  readonly paths: readonly ChangedPath[];
  /** What stands before each of the two paths. */
  readonly names: readonly [before: string, after: string];
}

export function ChangedPaths({ paths, names }: ChangedPathsProps) {
  return (
    <ul class="changed-paths not-content">
      {paths.map(({ scenario, before, after }) => (
        <li key={scenario.name}>
          <p class="changed-title">{scenario.title}</p>
          <dl>
            <dt>{names[0]}</dt>
            <dd>
              <Lines lines={before} />
            </dd>
            <dt>{names[1]}</dt>
            <dd>
              <Lines lines={after} />
            </dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Lines({ lines }: { readonly lines: readonly StopLine[] }) {
  return (
    <>
      {lines.map((line) => (
        <ol class="stops compact" key={`${line[0]?.leg} ${line[0]?.passage}`}>
          {line.map((stop) => (
            <Stop stop={stop} key={`${stop.passage} ${stop.event} ${stop.kind}`} />
          ))}
        </ol>
      ))}
    </>
  );
}
