/** `sidetrack path`: which packets take a path, of all that there can be, or the stop at which the last of them leave it. */
import { kinds, readPaste } from '../analysis/index.ts';
import { inspectPaste } from '../handbook/lab/index.ts';
import { podOfScenario, type RealPod, scenarioNamed } from '../handbook/scenarios/index.ts';
import { type PathSender, pathVerdict, readPathStop, takersOfPath } from '../handbook/tables/index.ts';
import type { Pod } from '../journey/index.ts';
import { type Ended, type PathVerdict, packetExampleWords, summary, takersWords } from '../words/index.ts';
import { readInputs } from './input.ts';
import { yamlOf } from './inspect.ts';
import { type SettingOptions, settingAsked } from './setting.ts';
import { complain, exitCodes, inOneLine, jsonText, paintFor, type Terminal, UseError } from './terminal.ts';

export interface PathOptions extends SettingOptions {
  readonly from: string;
  readonly file?: readonly string[];
  readonly udp?: boolean;
  readonly json?: boolean;
}

/** The form of `path --json`; it grows, and a field keeps its meaning. */
export const pathVersion = 1;

export async function pathCommand(
  texts: readonly string[],
  options: PathOptions,
  terminal: Terminal,
): Promise<number> {
  const real = await realPod(options, terminal);
  if (typeof real === 'string') {
    complain(terminal, real);
    return exitCodes['cannot tell'];
  }
  const usual = scenarioNamed('local-to-remote');
  if (usual === undefined) throw new Error('the usual scenario is gone');
  const { setting, pod } = podOfScenario(usual, {}, real);
  const stops = texts.map((text) => {
    const read = readPathStop(text, pod);
    if (read === null) throw new UseError({ code: 'no stop', text });
    return { text, read };
  });
  const legs = takersOfPath(pod, stops, senderOf(options, pod));
  const ended = endings[pathVerdict(legs)];
  const exit = exitCodes[ended];
  if (options.json === true) {
    const { release, options: set } = setting;
    await terminal.write(
      jsonText({
        schema: 'sidetrack path',
        version: pathVersion,
        exit,
        release,
        options: set,
        legs: legs.map((leg) => ({
          stops: leg.texts,
          sender: leg.from === 'Envoy' ? 'Envoy' : leg.sender,
          says: takersWords(leg),
          example: leg.own?.packets[0]?.example ?? null,
          othersExample: leg.others?.packets[0]?.example ?? null,
        })),
      }),
    );
    return exit;
  }
  const colour = ended === 'fine' ? 'green' : ended === 'findings' ? 'red' : 'yellow';
  const paint = paintFor(terminal);
  const lines = legs.flatMap((leg) => [
    ...takersWords(leg).map((said) => paint(colour, said)),
    ...[leg.own, leg.others].flatMap((takers) =>
      (takers?.packets ?? []).slice(0, 1).map(({ example }) => `  ${packetExampleWords(example)}`),
    ),
  ]);
  await terminal.write(`${lines.map(inOneLine).join('\n')}\n`);
  return exit;
}

const endings: Readonly<Record<PathVerdict, Ended>> = {
  taken: 'fine',
  'not taken': 'findings',
  'cannot tell': 'cannot tell',
};

async function realPod(options: PathOptions, terminal: Terminal): Promise<RealPod | string> {
  const { file: files = [] } = options;
  if (files.length === 0) return { setting: await settingAsked(options, terminal) };
  if ([options.istio, options.set, options.values, options.nft].some((one) => one !== undefined))
    throw new UseError({ code: 'files and a setting' });
  const inputs = await readInputs(files, 'path', terminal);
  const paste = readPaste(inputs.map(({ text }) => text).join('\n'));
  const { inspection, pod } = inspectPaste(paste, 0, await yamlOf(paste, 0));
  return inspection.isWalkable && kinds[inspection.recognised[0].kind].isWalkable ? pod : summary(inspection);
}

function senderOf({ from, udp }: PathOptions, { processes }: Pod): PathSender {
  const protocol = udp === true ? 'udp' : 'tcp';
  if (from === 'peer') return { name: 'a peer', protocol, owner: null };
  const [, uid, gid] = /^(?:uid:)?(\d{1,10}):(\d{1,10})$/.exec(from) ?? [];
  if (uid !== undefined && gid !== undefined)
    return { name: `uid ${Number(uid)}`, protocol, owner: { uid: Number(uid), gid: Number(gid) } };
  const process = processes.find(({ name }) => name.toLowerCase() === from.toLowerCase());
  if (process === undefined)
    throw new UseError({ code: 'no such process', text: from, has: processes.map(({ name }) => name) });
  return { name: `${process.name} uid ${process.uid}`, protocol, owner: process };
}
