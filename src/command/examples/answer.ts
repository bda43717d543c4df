/** What the command answers, for the page that shows it: run while the page is built, on the files beside this one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { handbookSetting, pod } from '../../handbook/scenarios/index.ts';
import { run } from '../run.ts';

/** From the root of the project, in which pages are built. */
export const exampleFolder = 'src/command/examples';

/**
 * Runs a line such as `sidetrack inspect pod.txt`, as if it were typed in the folder of the examples. `RELEASE` in it is the
 * release of the handbook, since a page names no other one by itself, and `POD` the address and port of its pod.
 */
export async function exampleAnswer(
  written: string,
): Promise<{ readonly line: string; readonly exit: number; readonly shown: string }> {
  const line = written
    .replaceAll('RELEASE', handbookSetting.release)
    .replaceAll(/\bPOD\b/g, `${pod.address}:${pod.port}`);
  const [program, ...words] = line.split(' ');
  if (program !== 'sidetrack') throw new Error(`An example begins with sidetrack, and "${line}" does not.`);
  const args = words.map((word) =>
    existsSync(join(exampleFolder, word)) ? join(exampleFolder, word) : word,
  );
  let shown = '';
  const keep = (text: string) => {
    shown += text;
  };
  const exit = await run(args, {
    write: async (text) => keep(text),
    tell: keep,
    readInput: async () => new Uint8Array(),
    isInputTerminal: true,
    hasColours: false,
    showsProgress: false,
    environment: {},
    secret: () => 'of the page',
  });
  return { line, exit, shown: shown.replaceAll(`${exampleFolder}/`, '') };
}
