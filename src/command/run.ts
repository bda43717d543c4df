/** The whole command: its parts, their options and examples, and how it ends. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { proxyImage } from '../handbook/lab/index.ts';
import { portOf } from '../istio/index.ts';
import { badUseWords, exitWords } from '../words/index.ts';
import { type CheckOptions, checkCommand, usualSuppressions } from './check/check.ts';
import { type CollectOptions, collectCommand } from './collect.ts';
import { completionScript, shells } from './completion.ts';
import { type DiffOptions, diffCommand, type UpgradeOptions, upgradeCommand } from './diff.ts';
import { type InspectOptions, inspectCommand } from './inspect.ts';
import { type PathOptions, pathCommand } from './path.ts';
import { type RulesCommandOptions, rulesCommand } from './rules.ts';
import { schemas } from './schemas.ts';
import { exitCodes, inOneLine, jsonText, shownOn, type Terminal, UseError } from './terminal.ts';
import { packageVersion } from './version.ts';
import { firstSent, type WalkOptions, walkCommand } from './walk.ts';

/** Runs it with these arguments; answers with the exit code. Never throws. */
export async function run(args: readonly string[], given: Terminal): Promise<number> {
  const terminal = shownOn(given);
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
  terminal.tell(`sidetrack: ${inOneLine(badUseWords(use)).trim()}\n`);
  return exitCodes['bad use'];
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
        terminal.tell(
          `sidetrack: ${inOneLine(text)
            .trim()
            .replace(/^error: /, '')}; see sidetrack --help\n`,
        ),
    })
    .version(packageVersion)
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
    .option('--redact', 'replace names, addresses and secrets, each by the same one wherever it stands')
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
    .command('check')
    .summary('manifests, values, pods and dumps, judged by rules of stable names')
    .description(
      'Judges manifests, Helm values (of Flux and Argo CD, too), what kubectl get pods -A -o yaml prints, and dumps: who is meant to be in the mesh and is not, what goes past the proxy, what has no effect, and what the next release changes. A directory is read with all that is in it.',
    )
    .argument('[files...]', 'files and directories, or - for standard input')
    .option('--json', 'as JSON')
    .addOption(new Option('--format <form>', 'the form of the answer').choices(['text', 'json', 'sarif']))
    .option('--istio <release>', 'the release of Istio, where the input does not tell it')
    .option('--next <release>', 'the release that comes next; else the minor behind')
    .option(
      '--suppressions <file>',
      `which findings are meant to be, and why; else ${usualSuppressions}, where it is there`,
    )
    .option('--allow-none', 'exit with 0 where there is nothing to judge')
    .option('--handbook <url>', 'where the handbook is published, for links to its pages')
    .addHelpText(
      'after',
      examples(
        'sidetrack check deploy/',
        'kubectl get namespaces,pods -A -o yaml | sidetrack check -',
        'sidetrack check --format sarif deploy/ > sidetrack.sarif',
        'sidetrack check values.yaml --istio 1.29 --next 1.31',
      ),
    )
    .action(async (files: string[], options: CheckOptions) => {
      exit.code = await checkCommand(files, options, terminal);
    });
  program
    .command('collect')
    .summary('asks a pod or a node by kubectl, and prints one text that inspect reads')
    .description(
      'Runs kubectl and prints one text for sidetrack inspect -: the rules of both back ends of iptables and of nft, addresses, routes, resolv.conf, what Envoy was told, and the pod’s YAML. Each command is told on standard error before it runs. Nothing is changed; an ephemeral container, or a pod on the node, does the reading.',
    )
    .argument('[pod]', 'POD, or NAMESPACE/POD')
    .option('--node <node>', 'a node in the place of a pod')
    .option('-n, --namespace <namespace>', 'the namespace of the pod')
    .option('--context <context>', 'the context of kubectl')
    .option('--image <image>', 'the image that has iptables and nft', proxyImage)
    .option('--custom <file>', 'what kubectl debug adds to the container: securityContext: {runAsUser: 0}')
    .option('--no-envoy', 'leave out what Envoy has')
    .option('--dry-run', 'print the commands, and run none')
    .option('--redact', 'replace names, addresses and secrets, each by the same one wherever it stands')
    .addHelpText(
      'after',
      examples(
        'sidetrack collect -n shop cart-1 | sidetrack inspect -',
        'sidetrack collect --node worker-1 --dry-run',
        'sidetrack collect shop/cart-1 --redact > for-a-ticket.txt',
      ),
    )
    .action(async (pod: string | undefined, options: CollectOptions) => {
      exit.code = await collectCommand(pod, options, terminal);
    });
  const setting = (command: Command) =>
    command
      .option('--istio <release>', 'the release of Istio whose rules these are')
      .option('--set <name=value>', 'an option of Istio by its own name; may be given again', gathered)
      .option('--values <file>', 'options out of Helm values, an IstioOperator or a pod’s YAML')
      .option('--nft', 'as native nftables, where the release has it');
  setting(
    program
      .command('walk')
      .summary('which way one connection goes')
      .description(
        'Walks one connection through the rules of a text, or through those that Istio would program, from process to process; and through its Envoy, where the text has what that was told. The exit code is 1 where nobody has it: refused, dropped, closed or in a circle.',
      )
      .argument('[files...]', 'files that belong together, or - for standard input'),
  )
    .requiredOption(
      '--from <sender>',
      'who calls: app, Envoy, pilot-agent or ztunnel, UID:GID, or the address of a peer',
    )
    .requiredOption('--to <address:port>', 'whom: 10.96.0.7:80, [fd00::7]:80')
    .addOption(
      new Option(
        '--sends <what>',
        'what the client sends first, where the text has what Envoy was told',
      ).choices(Object.keys(firstSent)),
    )
    .option('--host <name>', 'the Host of its request, or the server name of its TLS')
    .option('--ambient', 'the pod is enrolled in ambient mode')
    .option(
      '--mesh <name=value>',
      'of a pod of ambient mode the mesh around it: peerAuthentication=STRICT, waypoint=of the Service, ztunnel=missing; may be given again',
      gathered,
    )
    .option('--udp', 'a datagram in the place of a TCP connection')
    .option('--why', 'every rule that was asked, and why it matched or not')
    .option('--replies', 'the way back, too')
    .option(
      '--answer <rule:yes|no>',
      'whether a rule matches that nobody can judge; may be given again',
      gathered,
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sidetrack walk --from app --to 10.96.0.7:80',
        'sidetrack walk pod.txt --from 10.244.2.9 --to 10.244.1.5:8080 --why',
        'sidetrack walk pod.txt --from app --to 10.96.0.7:80 --sends http --host reviews',
        'sidetrack walk --istio 1.30 --set outboundPortsExclude=3306 --from 1000:1000 --to 10.96.0.9:3306',
        'sidetrack walk --ambient --istio 1.30 --set ingressMode=true --from 203.0.113.10 --to 10.244.1.5:8080',
        'sidetrack walk --ambient --mesh peerAuthentication=STRICT --from 203.0.113.10 --to 10.244.1.5:8080',
      ),
    )
    .action(async (files: string[], options: WalkOptions) => {
      exit.code = await walkCommand(files, options, terminal);
    });
  setting(
    program
      .command('path')
      .summary('which packets take a path, or where the last of them leave it')
      .description(
        'Takes a path as somebody has told it, stop by stop, and asks of all first packets of connections which of them take it. The exit code is 1 where none of the sender’s does; the stop at which the last of them leave the path, and the rules that take them, are named.',
      )
      .argument(
        '<stops...>',
        `hooks (OUTPUT), chains with or without a rule (ISTIO_OUTPUT 9), Envoy with a port (Envoy ${portOf('envoy-outbound')}), process, network`,
      ),
  )
    .option('--from <sender>', 'whose packets: app, Envoy or pilot-agent, UID:GID, or peer', 'app')
    .option('--file <file>', 'the rules of a text, or - for standard input; may be given again', gathered)
    .option('--udp', 'datagrams in the place of TCP connections')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        `sidetrack path OUTPUT 'ISTIO_OUTPUT 9' 'Envoy ${portOf('envoy-outbound')}' OUTPUT 'ISTIO_OUTPUT 4' network`,
        "sidetrack path --from Envoy OUTPUT 'ISTIO_OUTPUT 8' process",
        `sidetrack path --file pod.txt --from peer PREROUTING ISTIO_INBOUND 'Envoy ${portOf('envoy-inbound')}'`,
      ),
    )
    .action(async (stops: string[], options: PathOptions) => {
      exit.code = await pathCommand(stops, options, terminal);
    });
  setting(
    program
      .command('rules')
      .summary('the rules that Istio programs')
      .description('Prints what a release of Istio programs into a pod, as iptables-save would print it.'),
  )
    .option('--ambient', 'of ambient mode: what istio-cni programs into an enrolled pod')
    .option('--node', 'with --ambient: what it programs on the node')
    .option('--json', 'as JSON, with what each rule is for')
    .addHelpText(
      'after',
      examples(
        'sidetrack rules --istio 1.30',
        'sidetrack rules --istio 1.31 --set inboundInterceptionMode=TPROXY --json',
        'sidetrack rules --istio 1.31 --nft',
        'sidetrack rules --ambient --istio 1.30 --set ingressMode=true',
      ),
    )
    .action(async (options: RulesCommandOptions) => {
      exit.code = await rulesCommand(options, terminal);
    });
  program
    .command('diff')
    .summary('two dumps, releases or settings: rules, connections and packets whose way differs')
    .description(
      'Compares two sides, each a file, - for standard input, or a release with options behind a question mark, with ambient: or node: before it for what it programs in ambient mode: the rules, example connections, and every first packet of a connection, as sets. The exit code is 1 where they differ.',
    )
    .argument(
      '<a>',
      'a file, -, or 1.30, or 1.30?redirectDNS=true&outboundPortsExclude=80,81, or ambient:1.30, or node:1.30',
    )
    .argument('<b>', 'the same')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sidetrack diff before.txt after.txt',
        'sidetrack diff 1.30 pod.txt',
        "sidetrack diff 1.30 '1.30?redirectDNS=true&captureAllDNS=true'",
        "sidetrack diff ambient:1.24 'ambient:1.31?ingressMode=true'",
        'sidetrack diff ambient:1.31 pod.txt',
        'sidetrack diff 1.31 ambient:1.31',
      ),
    )
    .action(async (a: string, b: string, options: DiffOptions) => {
      exit.code = await diffCommand([a, b], options, terminal);
    });
  program
    .command('upgrade')
    .summary('what an upgrade of Istio does to rules and connections')
    .description(
      'Compares the rules of two releases under the same options, walks connections on both, and compares every first packet of a connection, as sets.',
    )
    .requiredOption('--from <release>', 'the release that is there')
    .requiredOption('--to <release>', 'the release that will be')
    .option('--set <name=value>', 'an option of Istio by its own name; may be given again', gathered)
    .option('--values <file>', 'options out of Helm values, an IstioOperator or a pod’s YAML')
    .option('--nft', 'as native nftables, where the release has it')
    .option('--ambient', 'of ambient mode: what istio-cni programs into an enrolled pod')
    .option('--node', 'with --ambient: what it programs on the node')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sidetrack upgrade --from 1.24 --to 1.31',
        'sidetrack upgrade --ambient --from 1.24 --to 1.31',
        'sidetrack upgrade --from 1.24 --to 1.31 --values values.yaml',
      ),
    )
    .action(async (options: UpgradeOptions) => {
      exit.code = await upgradeCommand(options, terminal);
    });
  program
    .command('schema')
    .summary('the JSON Schema of what a command prints with --json')
    .addArgument(new Argument('<command>', 'whose').choices(Object.keys(schemas)))
    .addHelpText('after', examples('sidetrack schema inspect'))
    .action(async (name: keyof typeof schemas) => {
      await terminal.write(jsonText(schemas[name]));
    });
  program
    .command('completion')
    .summary('what bash or zsh sources to complete commands and options')
    .description('Prints a script for a shell that completes commands, options and their values.')
    .addArgument(new Argument('<shell>', 'for which').choices(shells))
    .addHelpText(
      'after',
      examples('sidetrack completion bash > sidetrack.bash', 'sidetrack completion zsh > _sidetrack'),
    )
    .action(async (shell: (typeof shells)[number]) => {
      await terminal.write(completionScript(shell, program));
    });
  return program;
}

function gathered(one: string, before: readonly string[] = []): readonly string[] {
  return [...before, one];
}

const codes = new Map<string, number>(Object.entries(exitCodes));
const exitHelp = `
Exit codes:
${Object.entries(exitWords)
  .map(([name, words]) => `  ${codes.get(name)}  ${words}`)
  .join('\n')}
`;

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n${exitHelp}`;
}
