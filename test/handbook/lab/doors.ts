/** A text at every door of the lab and of the command. */
import { cutEnvoy, readPaste } from '../../../src/analysis/index.ts';
import {
  anonymiserOf,
  decodeDump,
  encodeDump,
  inspectionWords,
  inspectPaste,
  ticket,
  withEnvoy,
  withWalks,
} from '../../../src/handbook/lab/index.ts';
import { sidetrack } from '../../command/terminal.ts';

export async function inspected(text: string) {
  const { envoy, rest } = cutEnvoy(text);
  const done = await withEnvoy(withWalks(inspectPaste(readPaste(rest), 0, null)), envoy);
  const { inspection } = done.inspected;
  return { inspection, words: inspectionWords(inspection), part: inspection.envoy };
}

export const plain = (value: unknown) =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one));

/** All that can be seen of a text, by the lab and by the command. */
export async function allOutputs(text: string): Promise<readonly (readonly [string, string])[]> {
  const { inspection, words } = await inspected(text);
  const said = (args: readonly string[]) =>
    sidetrack(args, { piped: text }).then(({ out, err }) => [args.join(' '), out + err] as const);
  const link = await encodeDump(text);
  const linked = link.kind === 'encoded' ? await decodeDump(`#${link.part}`) : null;
  return [
    ['the page', plain([inspection, words])],
    ['a ticket', ticket({ inspection, connection: null, lab: 'https://mesh.example/lab/', fragment: '' })],
    ['a link', linked?.kind === 'dump' ? linked.text : ''],
    ['names replaced', anonymiserOf(text, 'of the test')(text)],
    ...(await Promise.all([
      said(['inspect', '-']),
      said(['inspect', '--json', '-']),
      said(['inspect', '--redact', '-']),
      said(['check', '--json', '-']),
      said(['walk', '-', '--from', 'app', '--to', '10.96.0.7:80', '--why']),
      said(['walk', '-', '--from', 'app', '--to', '10.96.0.7:80', '--json']),
    ])),
  ];
}
