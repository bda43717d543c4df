/** The whole command: its parts, their options and examples, and how it ends. */
import { Argument, Command, CommanderError } from 'commander';
import { badUseWords } from '../words/index.ts';
import { type InspectOptions, inspectCommand } from './inspect.ts';
import { schemas } from './schemas.ts';
import { exitCodes, jsonText, type Terminal, UseError } from './terminal.ts';

/** Runs it with these arguments; answers with the exit code. Never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const exit: { code: number } = { code: exitCodes.fine };
  const printed: string[] = [];
  const program = commands(terminal, exit, (text) => printed.push(text));
  try {
    if (args.length === 0) {
      terminal.tell(program.helpInformation());
      return exitCodes['bad use'];
    }
    await program.parseAsync([...args], { from: 'user' });
    return exit.code;
  } catch (error) {
    return await ended(error, printed, terminal);
  }
}

async function ended(error: unknown, printed: readonly string[], terminal: Terminal): Promise<number> {
  try {
    // Help and version end so, too.
    if (error instanceof CommanderError && error.exitCode === 0) {
      await terminal.write(printed.join(''));
      return exitCodes.fine;
    }
  } catch (closed) {
    return ended(closed, [], terminal);
  }
  if (error instanceof CommanderError) return exitCodes['bad use'];
  const use =
    error instanceof UseError
      ? error.use
      : { code: 'failed' as const, error: error instanceof Error ? error.message : String(error) };
  terminal.tell(`sidetrack: ${inOneLine(badUseWords(use))}\n`);
  return exitCodes['bad use'];
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** The tree of commands; a part is a function of what was typed, and sets the exit code. */
export function commands(
  terminal: Terminal,
  exit: { code: number },
  print: (text: string) => void = () => {},
): Command {
  const program = new Command('sidetrack')
    .description('What iptables does with the traffic of a pod in an Istio mesh, and what is wrong with it.')
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: () => {},
      outputError: (text) =>
        terminal.tell(`sidetrack: ${inOneLine(text).replace(/^error: /, '')}; see sidetrack --help\n`),
    })
    .addHelpText('after', exitHelp);
  // Commands that are made from here on have the same output.
  program
    .command('inspect')
    .summary('what a dump is, what is wrong with it, and where the connections go')
    .description(
      'Says of a text what it is, what is wrong with it and how to fix it, and how the six types of traffic fare. The text is what iptables-save prints, with whatever else is known of the pod: ip6tables-save, ip rule, ip route, resolv.conf, its YAML.',
    )
    .argument('[files...]', 'files that belong together, or - for standard input')
    .option('--json', 'as JSON')
    .option('--pod <name>', 'of several pods in a text the one of this name')
    .option('--redact', 'replace names and addresses, each by the same one wherever it stands')
    .option('--handbook <url>', 'where the handbook is published, for links to its pages')
    .addHelpText(
      'after',
      examples(
        'sidetrack inspect pod.txt',
        'iptables-save -c | sidetrack inspect -',
        'sidetrack inspect --json rules.txt pod.yaml',
      ),
    )
    .action(async (files: string[], options: InspectOptions) => {
      exit.code = await inspectCommand(files, options, terminal);
    });
  program
    .command('schema')
    .summary('the JSON Schema of what a command prints with --json')
    .addArgument(new Argument('<command>', 'whose').choices(Object.keys(schemas)))
    .addHelpText('after', examples('sidetrack schema inspect'))
    .action(async (name: keyof typeof schemas) => {
      await terminal.write(jsonText(schemas[name]));
    });
  return program;
}

const exitHelp = `
Exit codes: 0 judged and fine, 1 findings, 2 bad use or an input that is no text, 3 it holds no rule or nobody can tell.
`;

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n${exitHelp}`;
}
