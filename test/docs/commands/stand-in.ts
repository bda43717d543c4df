/**
 * A stand-in for a cluster with one pod: what a command would come to there. It knows which programs each image has,
 * which containers the pod has, what needs NET_ADMIN, and which ports answer.
 */
import { needsNetAdmin, programsOf } from './images.ts';
import { printJsonPath } from './jsonpath.ts';
import { answers, type Container, type Pod, pods } from './pods.ts';
import { type Command, commandsIn } from './shell.ts';

/** Where a command is started. */
interface Place {
  /** `null`: any, as in the reader's own image. */
  readonly programs: ReadonlySet<string> | null;
  readonly isNetAdmin: boolean;
  readonly what: string;
  /** It is in the network of the pod, so that its ports are on localhost. */
  readonly isInPod: boolean;
}

export interface Failure {
  readonly line: number;
  readonly why: string;
}

export interface Ran {
  readonly failures: readonly Failure[];
  /** How many commands ran to their end. */
  readonly worked: number;
  /** Programs that the reader's own image has to have. */
  readonly ofTheApp: ReadonlySet<string>;
  /** It needs root in a container beside those of the pod. */
  readonly needsRoot: boolean;
}

const readersOwn: Place = {
  programs: new Set(
    'kubectl istioctl curl grep tr head tail sed awk cut sort uniq wc cat echo sh'.split(' '),
  ),
  isNetAdmin: false,
  what: "the reader's machine",
  isInPod: false,
};

const node: Place = {
  programs: new Set(
    'sh crictl nsenter ip cut awk grep iptables iptables-save iptables-nft-save iptables-legacy-save ip6tables ip6tables-save ip6tables-nft-save ip6tables-legacy-save dmesg sysctl echo'.split(
      ' ',
    ),
  ),
  isNetAdmin: true,
  what: 'a node',
  isInPod: false,
};

/** Builtins of a shell. */
const builtin = new Set(['cd', 'exit', 'export', 'set', 'echo', 'wait', 'test', 'true']);

interface Flags {
  readonly [flag: string]: 'value' | 'switch';
}

const common: Flags = { '-n': 'value', '--namespace': 'value' };
const attached: Flags = {
  '-i': 'switch',
  '-t': 'switch',
  '-it': 'switch',
  '-c': 'value',
  '--container': 'value',
};
const kubectlFlags: Readonly<Record<string, Flags>> = {
  get: { '-A': 'switch', '-o': 'value', '-l': 'value', '-w': 'switch', '--watch': 'switch' },
  describe: {},
  logs: {
    '-c': 'value',
    '-l': 'value',
    '--tail': 'value',
    '--prefix': 'switch',
    '--previous': 'switch',
    '-f': 'switch',
    '--since': 'value',
  },
  exec: attached,
  debug: { ...attached, '--image': 'value', '--profile': 'value', '--custom': 'value', '--target': 'value' },
  rollout: {},
  delete: {},
  apply: { '-f': 'value' },
  label: { '--overwrite': 'switch' },
  annotate: { '--overwrite': 'switch' },
  config: {},
  'port-forward': {},
};

/** Commands of istioctl, at istioctl/cmd and istioctl/pkg of its source; those that ask an Envoy. */
const istioctlCommands: Readonly<Record<string, { readonly flags: Flags; readonly asksEnvoy: boolean }>> = {
  'proxy-config listeners': {
    flags: { '--port': 'value', '--address': 'value', '-o': 'value' },
    asksEnvoy: true,
  },
  'proxy-config clusters': {
    flags: { '--port': 'value', '--fqdn': 'value', '-o': 'value' },
    asksEnvoy: true,
  },
  'proxy-config endpoints': {
    flags: { '--port': 'value', '--cluster': 'value', '-o': 'value' },
    asksEnvoy: true,
  },
  'proxy-config routes': { flags: { '--name': 'value', '-o': 'value' }, asksEnvoy: true },
  'proxy-config log': { flags: { '--level': 'value', '--reset': 'switch' }, asksEnvoy: true },
  'proxy-config secret': { flags: { '-o': 'value' }, asksEnvoy: true },
  'proxy-status': { flags: {}, asksEnvoy: false },
  analyze: { flags: { '-A': 'switch', '--all-namespaces': 'switch' }, asksEnvoy: false },
  'experimental describe pod': { flags: {}, asksEnvoy: true },
  'experimental precheck': { flags: {}, asksEnvoy: false },
  'ztunnel-config workloads': {
    flags: { '--address': 'value', '--workload-namespace': 'value', '--node': 'value', '-o': 'value' },
    asksEnvoy: false,
  },
  'ztunnel-config connections': {
    flags: { '--direction': 'value', '--workload-namespace': 'value', '--node': 'value', '--raw': 'switch' },
    asksEnvoy: false,
  },
  'ztunnel-config services': { flags: { '--service-namespace': 'value' }, asksEnvoy: false },
  'ztunnel-config policies': { flags: { '--policy-namespace': 'value' }, asksEnvoy: false },
};

interface Split {
  readonly flags: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
  /** Behind two dashes. */
  readonly behind: readonly string[];
  readonly unknown: string | null;
}

function split(words: readonly string[], known: Flags): Split {
  const all: Flags = { ...common, ...known };
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--') return { flags, rest, behind: words.slice(at + 1), unknown: null };
    if (!word.startsWith('-')) {
      rest.push(word);
      continue;
    }
    const [name = '', value] = word.split(/=(.*)/s);
    if (all[name] === undefined) return { flags, rest, behind: [], unknown: name };
    if (all[name] === 'switch') flags.set(name, '');
    else flags.set(name, value ?? words[++at] ?? '');
  }
  return { flags, rest, behind: [], unknown: null };
}

/** What a cluster with Istio has beside the pod, and is asked for as a whole. */
const ofTheMesh = /^(?:endpointslices|peerauthentications|sidecars|configmaps?)$/;

function outputOf(output: string): string | null {
  return /^(?:|yaml|json|wide|name)$/.test(output) ? null : `no output ${output}`;
}

class Run {
  readonly failures: Failure[] = [];
  readonly ofTheApp = new Set<string>();
  worked = 0;
  needsRoot = false;
  readonly pod: Pod;
  #place: Place;

  constructor(pod: Pod, place: Place) {
    this.pod = pod;
    this.#place = place;
  }

  text(text: string): void {
    for (const command of commandsIn(text)) {
      const why = this.#fails(command, this.#place);
      if (why === null) this.worked += 1;
      else this.failures.push({ line: command.line, why });
    }
  }

  #fails({ words }: Command, place: Place): string | null {
    const [program = '', ...given] = words.map(({ text }) => text);
    if (builtin.has(program)) return null;
    if (words[0]?.isOpen === true) return `the program "${program}" is known to a shell alone`;
    if (place.programs === null) this.ofTheApp.add(program);
    else if (!place.programs.has(program)) return `${place.what} has no ${program}`;
    if (program === 'sh' && given[0] === '-c') return this.#shell(given[1] ?? '', place);
    if (program === 'kubectl') return this.#kubectl(given);
    if (program === 'istioctl') return this.#istioctl(given);
    if (program === 'pilot-agent') return this.#pilotAgent(given);
    if (program === 'curl') return this.#curl(given);
    if (program === 'ip' && given[0] === 'netns' && given[1] === 'exec')
      return this.#argv(given.slice(3), place);
    if (program === 'nsenter') return this.#argv(given.slice(given.indexOf('--net') + 1), place);
    const asRoot = needsNetAdmin.test(program) || (program === 'ss' && given.includes('-K'));
    return asRoot && !place.isNetAdmin
      ? `${program} needs NET_ADMIN, which it has not in ${place.what}`
      : null;
  }

  #argv(words: readonly string[], place: Place): string | null {
    return words.length === 0
      ? null
      : this.#fails({ line: 0, words: words.map((text) => ({ text, isOpen: false })) }, place);
  }

  #shell(text: string, place: Place): string | null {
    for (const command of commandsIn(text)) {
      const why = this.#fails(command, place);
      if (why !== null) return why;
    }
    return null;
  }

  #kubectl([verb = '', ...words]: readonly string[]): string | null {
    const known = kubectlFlags[verb];
    if (known === undefined) return `kubectl has no command ${verb}`;
    const { flags, rest, behind, unknown } = split(words, known);
    if (unknown !== null) return `kubectl ${verb} has no option ${unknown}`;
    if (verb === 'get') return this.#get(flags, rest);
    if (verb === 'logs') return this.#logs(flags, rest);
    if (verb === 'exec') {
      const named = flags.get('-c') ?? flags.get('--container');
      if (named === undefined) return 'kubectl exec without -c takes a container by itself';
      const found = this.#container(named);
      if (typeof found === 'string') return found;
      if (!found.runs) return `the container ${named} has ended`;
      const what = found.image === null ? "the app's image" : `the image of ${named}`;
      const programs = found.image === null ? null : programsOf(found.image);
      return this.#argv(behind, { programs, isNetAdmin: false, what, isInPod: true });
    }
    return verb === 'debug' ? this.#debug(flags, rest, behind) : null;
  }

  #container(name: string): Container | string {
    // Another pod of the reader's has an app, too.
    const found = this.pod.containers.find((one) => one.name === name);
    return found ?? `a pod of kind ${this.pod.kind} (rules by ${this.pod.rulesBy}) has no container ${name}`;
  }

  #get(flags: ReadonlyMap<string, string>, [what, name]: readonly string[]): string | null {
    const output = flags.get('-o') ?? '';
    if (what !== undefined && ofTheMesh.test(what)) return outputOf(output);
    if (what === undefined || !/^(?:pods?|nodes?|events|deployments?|namespaces?)$/.test(what))
      return `kubectl gets no ${what}`;
    if (!output.startsWith('jsonpath=')) return outputOf(output);
    if (name === undefined) return 'a jsonpath for all pods begins with .items';
    const printed = printJsonPath(output.slice('jsonpath='.length), this.pod.object);
    if (printed === null) return 'this is no jsonpath';
    if (printed.text.trim() === '') return 'it prints nothing';
    const known = printed.paths.find((path) => !isKnown(path));
    if (known !== undefined) return `no pod has ${known}`;
    // Who asks for all containers by name has to see all that run.
    const asked = printed.paths.some((path) =>
      /^\.(?:spec\.containers|status\.containerStatuses)\[\*\]\.name$/.test(path),
    );
    const missing = this.pod.containers.find(({ name: one, runs }) => runs && !printed.text.includes(one));
    return asked && missing !== undefined ? `it does not show the container ${missing.name}` : null;
  }

  #logs(flags: ReadonlyMap<string, string>, [name]: readonly string[]): string | null {
    const label = flags.get('-l');
    if (label !== undefined) {
      if (label !== 'k8s-app=istio-cni-node' && label !== 'app=ztunnel')
        return `no pod has the label ${label}`;
      return this.pod.rulesBy === 'istio-cni' ? null : 'there is no pod of the CNI plugin';
    }
    if (name === undefined) return 'kubectl logs needs a pod';
    const container = flags.get('-c');
    if (container === undefined) return 'kubectl logs without -c takes a container by itself';
    const found = this.#container(container);
    return typeof found === 'string' ? found : null;
  }

  #debug(
    flags: ReadonlyMap<string, string>,
    [name = '']: readonly string[],
    behind: readonly string[],
  ): string | null {
    const image = flags.get('--image') ?? '';
    const programs = programsOf(image);
    if (programs === null) return `the programs of the image "${image}" are not known`;
    const profile = flags.get('--profile') ?? 'general';
    if (!/^(?:general|baseline|restricted|netadmin|sysadmin|legacy)$/.test(profile))
      return `no profile ${profile}`;
    const isNetAdmin = profile === 'netadmin' || profile === 'sysadmin';
    const place = { programs, isNetAdmin, what: `a container of ${image}`, isInPod: true };
    if (isNetAdmin && !name.startsWith('node/')) this.needsRoot = true;
    if (behind.join(' ') === 'sh') this.#place = place;
    if (behind[0] === 'chroot') {
      this.#place = node;
      return programs.has('chroot') ? null : `${place.what} has no chroot`;
    }
    return this.#argv(behind, place);
  }

  #istioctl(words: readonly string[]): string | null {
    const plain = words.map((word) => (word === 'x' ? 'experimental' : word)).join(' ');
    const name = Object.keys(istioctlCommands).find((one) => plain === one || plain.startsWith(`${one} `));
    if (name === undefined) return `istioctl has no command ${words.slice(0, 2).join(' ')}`;
    const { flags: known, asksEnvoy } = istioctlCommands[name] as (typeof istioctlCommands)[string];
    const { unknown } = split(
      plain
        .slice(name.length)
        .split(' ')
        .filter((word) => word !== ''),
      known,
    );
    if (unknown !== null) return `istioctl ${name} has no option ${unknown}`;
    const hasEnvoy = this.pod.containers.some((one) => one.name === 'istio-proxy');
    return asksEnvoy && !hasEnvoy ? 'the pod has no Envoy that istioctl could ask' : null;
  }

  /** pilot/cmd/pilot-agent/app/request.go: the ports that it may ask. */
  #pilotAgent([verb, ...words]: readonly string[]): string | null {
    if (verb !== 'request') return `pilot-agent has no command ${verb} for this`;
    const { flags, rest, unknown } = split(words, { '--debug-port': 'value' });
    if (unknown !== null) return `pilot-agent request has no option ${unknown}`;
    const port = Number(flags.get('--debug-port') ?? 15000);
    if (![15000, 15020, 15021].includes(port)) return `pilot-agent request does not ask port ${port}`;
    const [method, path = ''] = rest;
    if (method !== 'GET' && method !== 'POST') return `pilot-agent request has no method ${method}`;
    return answers[port]?.test(path) === true ? null : `nobody answers ${path} on port ${port}`;
  }

  #curl(words: readonly string[]): string | null {
    const url = words.find((word) => /^(?:https?|telnet):\/\//.test(word));
    if (url === undefined) return 'curl without an address';
    const [, host = '', port = '', path = ''] = /^\w+:\/\/([^:/]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
    const asked = answers[Number(port)];
    if (host !== 'POD_ADDRESS' || asked === undefined) return null;
    if (!this.pod.containers.some((one) => one.name === 'istio-proxy'))
      return `nobody listens on ${port} in a pod without Envoy`;
    return asked.test(path) ? null : `nobody answers ${path} on port ${port}`;
  }
}

/** Some pod has the path, so that it is not misspelt. */
function isKnown(path: string): boolean {
  return pods.some(({ object }) => {
    const printed = printJsonPath(`{${path}}`, object);
    return printed !== null && printed.text !== '';
  });
}

function placeNamed(name: string | undefined): Place {
  if (name === undefined) return readersOwn;
  if (name === 'node') return node;
  const [image = '', onNode] = name.split(' on ');
  // In a pod's network with an image's programs; some of a text is then for the node's own shell.
  const programs = new Set([
    ...(programsOf(image) ?? []),
    ...(onNode === undefined ? [] : (node.programs ?? [])),
  ]);
  return { programs, isNetAdmin: true, what: `a container of ${image}`, isInPod: true };
}

/** Runs all commands of a text in a pod; `within` is where they are started, if not on the reader's own machine. */
export function runIn(pod: Pod, text: string, within?: string): Ran {
  const run = new Run(pod, placeNamed(within));
  run.text(text);
  return run;
}
