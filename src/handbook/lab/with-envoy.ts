/** A text with what an Envoy was told: the rest of it is inspected as ever, and the part on Envoy is loaded for it. */
import type { EnvoyText, Recognised } from '../../analysis/index.ts';
import { withoutKeys } from '../../netfilter/index.ts';
import type { WithEnvoy } from './envoy/index.ts';
import type { Inspected } from './inspection.ts';

export interface InspectedWithEnvoy {
  readonly inspected: Inspected;
  /** Null where the text has nothing of an Envoy. */
  readonly envoy: WithEnvoy | null;
}

export async function withEnvoy(
  inspected: Inspected,
  texts: readonly EnvoyText[],
): Promise<InspectedWithEnvoy> {
  const [first] = texts;
  if (first === undefined) return { inspected, envoy: null };
  const { envoyOf } = await import('./envoy/index.ts');
  const envoy = await envoyOf(texts, inspected);
  const own: Recognised = {
    kind: 'configuration of Envoy',
    owner: null,
    signs: [{ code: 'line', text: firstLine(first.text), line: first.line }],
  };
  const { inspection } = inspected;
  const [main, ...others] = inspection.recognised;
  const isAlone =
    main.kind === 'nothing' || main.kind === 'errors alone' || main.kind === 'state of the network';
  const recognised: typeof inspection.recognised = isAlone
    ? [own, ...(main.kind === 'nothing' ? [] : [main]), ...others]
    : [main, ...others, own];
  return { inspected: { ...inspected, inspection: { ...inspection, recognised, envoy: envoy.part } }, envoy };
}

/** Its beginning, without what is secret in it. */
function firstLine(text: string): string {
  return withoutKeys(text.slice(0, 10_000).split('\n', 1)[0] ?? '').slice(0, 80);
}
