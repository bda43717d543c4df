/**
 * A set of options as istio-init gives it to the program: arguments, environment, the pod's addresses and its
 * resolv.conf. What the program of a release does not know is left out, as that release's injector does.
 */
import { completeOptions, type OptionName, optionNames, optionTable } from '../../../src/istio/index.ts';
import type { OptionSet } from './option-sets.ts';

export interface Call {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly servers: readonly string[];
}

const v4Address = '10.0.0.10/24';
const v6Address = '2001:db8:0:a::10/64';

/** `flags` are those that the program's own help names: `--proxy-uid`. */
export function callOf(set: OptionSet, flags: ReadonlySet<string>): Call {
  const options = completeOptions(set);
  const args: string[] = [];
  const environment: Record<string, string> = {};
  for (const name of optionNames) {
    if (byThePod.includes(name)) continue;
    const { flag, metadata } = optionTable[name].sources;
    if (flag !== undefined && flags.has(`--${flag[0]}`)) args.push(`--${flag[0]}=${String(options[name])}`);
    else if (flag === undefined && metadata?.[0] !== undefined)
      environment[metadata[0]] = String(options[name]);
  }
  return {
    args,
    environment,
    addresses: options.enableIPv6
      ? options.dualStack && flags.has('--dual-stack')
        ? [v4Address, v6Address]
        : [v6Address]
      : [v4Address],
    servers: [...options.dnsServersV4, ...options.dnsServersV6],
  };
}

/** What the program finds in the pod, and what is not its own. */
const byThePod: readonly OptionName[] = ['enableIPv6', 'dnsServersV4', 'dnsServersV6', 'cni'];
