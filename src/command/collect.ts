/** `sidetrack collect`: asks a pod or a node by kubectl, and prints one text that `sidetrack inspect -` reads. */
import { spawn } from 'node:child_process';
import { anonymiserOf, askNode, askPod } from '../handbook/lab/index.ts';
import { commandFailedWords, leavesBehindWords } from '../words/index.ts';
import { complain, exitCodes, type Terminal, UseError } from './terminal.ts';

export interface CollectOptions {
  readonly node?: string;
  readonly namespace?: string;
  readonly context?: string;
  readonly image: string;
  readonly custom?: string;
  readonly envoy: boolean;
  readonly dryRun?: boolean;
  readonly redact?: boolean;
}

interface Asked {
  readonly args: readonly string[];
  /** It asks for the rules themselves, without which the rest tells little. */
  readonly isOfRules: boolean;
  readonly leaves?: keyof typeof leavesBehindWords;
  /** It prints JSON; what else comes is no part of the text but a comment. */
  readonly isJson?: true;
}

/** Runs the commands one after the other; answers with the exit code. */
export async function collectCommand(
  pod: string | undefined,
  options: CollectOptions,
  terminal: Terminal,
): Promise<number> {
  const { heading, commands } = asked(pod, options);
  if (options.dryRun === true) {
    await terminal.write(commands.map(({ args }) => `${inShell(args)}\n`).join(''));
    return exitCodes.fine;
  }
  const parts = [heading];
  let hasRules = true;
  for (const { args, isOfRules, leaves, isJson } of commands) {
    if (leaves !== undefined) complain(terminal, leavesBehindWords[leaves]);
    terminal.tell(`$ ${inShell(args)}\n`);
    const { exit, out } = await kubectl(args, terminal);
    if (exit !== 0) complain(terminal, commandFailedWords(`kubectl ${verbOf(args)}`, exit));
    if (isOfRules && exit !== 0) hasRules = false;
    const text = out.trimEnd();
    if (text !== '')
      parts.push(isJson === true && !text.startsWith('{') ? text.replaceAll(/^/gm, '# ') : text);
  }
  const text = `${parts.join('\n')}\n`;
  await terminal.write(options.redact === true ? anonymiserOf(text, terminal.secret())(text) : text);
  return hasRules ? exitCodes.fine : exitCodes['cannot tell'];
}

function asked(
  given: string | undefined,
  { node, namespace: named, context, image, custom, envoy }: CollectOptions,
): { readonly heading: string; readonly commands: readonly Asked[] } {
  if ((given === undefined) === (node === undefined)) throw new UseError({ code: 'nothing to collect' });
  const common = [...(context === undefined ? [] : ['--context', context])];
  const debug = ['-i', `--image=${image}`, ...(custom === undefined ? [] : [`--custom=${custom}`])];
  if (node !== undefined) {
    const args = ['debug', ...common, `node/${checkedName(node)}`, ...debug, '--profile=sysadmin'];
    return {
      heading: `# node ${node}`,
      commands: [{ args: [...args, '--', 'sh', '-c', askNode], isOfRules: true, leaves: 'node' }],
    };
  }
  const [last = '', before] = (given ?? '')
    .replace(/^pods?\//, '')
    .split('/')
    .reverse();
  const pod = checkedName(last);
  const namespace = named ?? before;
  const where = [...common, ...(namespace === undefined ? [] : ['-n', checkedName(namespace)])];
  return {
    heading: `# pod ${namespace === undefined ? '' : `${namespace}/`}${pod}`,
    commands: [
      {
        args: ['debug', ...where, pod, ...debug, '--profile=netadmin', '--', 'sh', '-c', askPod],
        isOfRules: true,
        leaves: 'pod',
      },
      ...(envoy
        ? [
            {
              args: [
                ...['exec', ...where, pod, '-c', 'istio-proxy', '--'],
                ...['pilot-agent', 'request', 'GET', 'config_dump'],
              ],
              isOfRules: false,
              isJson: true,
            } as const,
          ]
        : []),
      { args: ['get', 'pod', ...where, pod, '-o', 'yaml'], isOfRules: false },
    ],
  };
}

function verbOf([verb = '']: readonly string[]): string {
  return verb;
}

function checkedName(name: string): string {
  if (!/^[a-z\d]([-a-z\d.]{0,251}[a-z\d])?$/.test(name)) throw new UseError({ code: 'no name', name });
  return name;
}

/** As it is typed into a shell. */
function inShell(args: readonly string[]): string {
  return ['kubectl', ...args]
    .map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** What it says on standard error is told as it comes. */
function kubectl(
  args: readonly string[],
  { environment, tell }: Terminal,
): Promise<{ readonly exit: number | null; readonly out: string }> {
  return new Promise((done, fail) => {
    const child = spawn('kubectl', args, { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => tell(text));
    child.on('error', (error: NodeJS.ErrnoException) =>
      fail(new UseError({ code: 'no kubectl', error: error.code ?? error.message })),
    );
    child.on('close', (exit) => done({ exit, out: Buffer.concat(out).toString('utf8') }));
  });
}
