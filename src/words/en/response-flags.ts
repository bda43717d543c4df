/**
 * What the flags of Envoy's access log say, and when each is written: envoy/data/accesslog/v3/accesslog.proto of go-control-plane
 * envoy/v1.39.0, and what Envoy did in `test/mesh/behaviours` and `test/envoy/recorded`.
 */
import type { EnvoyOutcome } from '../../envoy/index.ts';

const meanings = new Map([
  ['NR', 'no filter chain, or no route, fits'],
  [
    'NC',
    'the cluster that was chosen is not there: nobody has told Envoy of it, or it is still being set up',
  ],
  ['UH', 'the cluster has no healthy endpoint'],
  ['UF', 'Envoy could not connect to the endpoint: it refused, did not answer in time, or their TLS failed'],
  ['URX', 'Envoy has tried as often as it may'],
  ['UC', 'the endpoint ended the connection before it had answered'],
  ['UO', 'a limit on connections or requests to the cluster was reached (circuit breaking)'],
  ['UPE', 'what the endpoint answered is no HTTP'],
  ['DPE', 'what the client sent is no HTTP that Envoy takes'],
]);

/** A sentence for each flag of a log's field: `UF,URX`. Flags of which nothing is known here are left out. */
export function responseFlagWords(flags: string): readonly string[] {
  return flags.split(',').flatMap((flag) => {
    const means = meanings.get(flag);
    return means === undefined ? [] : [`${flag}: ${means}.`];
  });
}

/** What flags stand in the log of what became of a connection, or may, where others still have a say. */
export function flagsBesideWords(outcome: EnvoyOutcome): readonly string[] {
  if ('flags' in outcome && outcome.flags !== undefined) return responseFlagWords(outcome.flags);
  if (outcome.kind !== 'dials') return [];
  const may = outcome.protocol === 'http' ? 'UF,UC,UO' : 'UF,UO';
  return [
    'No flag stands in the access log where whoever is dialled takes it. Otherwise:',
    ...responseFlagWords(may),
  ];
}
