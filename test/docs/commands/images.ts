/** Which programs an image has, and by which line of which file that is known. */
import type { SourceLine } from '../../../src/istio/facts/index.ts';

interface Installed {
  /** What brings them, as a line of the file that builds the image. */
  readonly line: string;
  readonly programs: string;
}

export interface Image {
  /** As `--image` has it, without its registry and tag. */
  readonly name: RegExp;
  readonly file: Omit<SourceLine, 'line'>;
  readonly installed: readonly Installed[];
}

const families = (prefix: string): string =>
  ['', '-nft', '-legacy']
    .flatMap((end) => ['', '-save', '-restore'].map((verb) => `${prefix}${end}${verb}`))
    .join(' ');
const ofNft = (prefix: string): string =>
  ['', '-nft'].flatMap((end) => ['', '-save', '-restore'].map((verb) => `${prefix}${end}${verb}`)).join(' ');

const shellTools =
  'sh cat chmod cp cut date dd echo env false head id kill ln ls mkdir mv printf ps pwd rm sed sleep sort stat tail tee test timeout tr true uname uniq wc grep awk';

const base = { repo: 'istio/istio', tag: '1.30.3', path: 'docker/Dockerfile.base' } as const;
const ofIptables = { repo: 'istio/istio', tag: '1.30.3', path: 'docker/iptables.yaml' } as const;

/** Both flavours of the proxy: what the image of Istio's own base has, and pilot-agent with Envoy. */
const baseInstalled: readonly Installed[] = [
  { line: 'FROM ubuntu:noble', programs: `${shellTools} bash getent perl` },
  { line: '  curl \\', programs: 'curl' },
  { line: '  iptables \\', programs: `${families('iptables')} ${families('ip6tables')} xtables-monitor` },
  { line: '  nftables \\', programs: 'nft' },
  { line: '  iproute2 \\', programs: 'ip ss tc' },
  { line: '  iputils-ping \\', programs: 'ping' },
  { line: '  knot-dnsutils \\', programs: 'kdig' },
  { line: '  netcat-openbsd \\', programs: 'nc' },
  { line: '  tcpdump \\', programs: 'tcpdump' },
  { line: '  conntrack \\', programs: 'conntrack' },
  { line: '  net-tools \\', programs: 'netstat ifconfig route' },
  { line: '  lsof \\', programs: 'lsof' },
  { line: '  sudo \\', programs: 'sudo' },
];

export const images: readonly Image[] = [
  {
    name: /^proxyv2-distroless$/,
    file: ofIptables,
    installed: [
      { line: '- iptables', programs: ofNft('iptables') },
      { line: '- ip6tables', programs: ofNft('ip6tables') },
      { line: '- nftables=', programs: 'nft' },
    ],
  },
  { name: /^proxyv2$/, file: base, installed: baseInstalled },
  { name: /^istio\/base$|^base$/, file: base, installed: baseInstalled },
  {
    name: /^netshoot$/,
    file: { repo: 'nicolaka/netshoot', tag: 'v0.16', path: 'Dockerfile' },
    installed: [
      { line: 'FROM alpine:3.24.1', programs: `${shellTools} getent nslookup time wget` },
      { line: '    bash \\', programs: 'bash' },
      { line: '    bind-tools \\', programs: 'dig host nslookup' },
      { line: '    conntrack-tools \\', programs: 'conntrack' },
      { line: '    curl \\', programs: 'curl' },
      { line: '    iproute2 \\', programs: 'ip ss tc' },
      { line: '    ipset \\', programs: 'ipset' },
      // Alpine has the legacy tools in a package of their own, iptables-legacy, which is not in the file.
      { line: '    iptables \\', programs: `${ofNft('iptables')} ${ofNft('ip6tables')} xtables-monitor` },
      { line: '    netcat-openbsd \\', programs: 'nc' },
      { line: '    nftables \\', programs: 'nft' },
      { line: '    tcpdump \\', programs: 'tcpdump' },
      { line: '    jq \\', programs: 'jq' },
    ],
  },
];

/** In every container with pilot-agent in it, by pilot/docker/Dockerfile.proxyv2. */
const proxyPrograms = ['pilot-agent', 'envoy'];

/** Images that are everybody's, by the programs of them that the pages use. */
const common: Readonly<Record<string, string>> = {
  busybox: `${shellTools} chroot ip nc nslookup time wget ping`,
  ubuntu: `${shellTools} bash getent`,
};

/** The programs of an image as `--image` names it; null where it is not known here. */
export function programsOf(reference: string): ReadonlySet<string> | null {
  const [, name = '', tag = ''] = /([^/:]+)(?::([^/]*))?$/.exec(reference) ?? [];
  const full = tag.endsWith('-distroless') ? `${name}-distroless` : name;
  const found = images.find((image) => image.name.test(full));
  const words = found?.installed.flatMap(({ programs }) => programs.split(' ')) ?? common[full]?.split(' ');
  if (words === undefined) return null;
  return new Set([...words, ...(full.startsWith('proxyv2') ? proxyPrograms : [])]);
}

/** Every line by which an image is known. */
export function imageSources(): readonly SourceLine[] {
  return images.flatMap(({ file, installed }) => installed.map(({ line }) => ({ ...file, line })));
}

/** Programs that ask the kernel for what only root with NET_ADMIN gets. */
export const needsNetAdmin = /^(?:ip6?tables\S*|nft|conntrack|xtables-monitor|ipset|tc|tcpdump)$/;
