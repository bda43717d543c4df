/** What a text is that has no rules: so that a reader is told what was seen, and not only what was not. */
import { blankQuotes, isRunTogether } from '../paste/index.ts';

/** For good: words hang on them. */
export type SeenText =
  | 'nothing'
  | 'bytes'
  | 'picture'
  | 'web page'
  | 'log of ztunnel'
  | 'log of Envoy'
  | 'log of the CNI plugin'
  | 'access log of Envoy'
  | 'list of pods'
  | 'events of a pod'
  | 'packets of tcpdump'
  | 'trace of the kernel'
  | 'counters of Envoy'
  | 'list of processes'
  | 'comparison of texts'
  | 'base64'
  | 'lines run together'
  | 'output of curl'
  | 'output of istioctl'
  | 'command of helm'
  | 'command without output'
  | 'warning of iptables-legacy'
  | 'configuration of the CNI'
  | 'answer of Envoy'
  | 'log of istio-init'
  | 'log of the kernel'
  | 'rows of a listing'
  | 'inspected container'
  | 'versions'
  | 'commands that remove'
  | 'prose';

/** The first that a line fits. */
const lineSigns: readonly (readonly [SeenText, RegExp])[] = [
  // what crictl inspect prints: of the runtime, beside the labels that the kubelet gives
  [
    'inspected container',
    /"(?:io\.kubernetes\.(?:pod|container)\.name|runtimeSpec|sandboxID)"\s*:|"CONTAINER_(?:RUNNING|EXITED|CREATED)"/,
  ],
  ['web page', /^\s*<(?:!DOCTYPE html|html|head|body|script|meta)\b/i],
  ['warning of iptables-legacy', /^# Warning: ip6?tables-legacy tables present/],
  // the list of plugins in /etc/cni/net.d (cni/pkg/install/cniconfig.go)
  ['configuration of the CNI', /^\s*(?:\{\s*)?"(?:cniVersion|plugins)"\s*:|"type"\s*:\s*"istio-cni"/],
  // source/common/http/codes and router.cc: the bodies that Envoy answers with
  [
    'answer of Envoy',
    /\bupstream connect error or disconnect\/reset before headers\b|^(?:no healthy upstream|RBAC: access denied|upstream request timeout)$/,
  ],
  ['log of Envoy', /(?:^|\b(?:info|warning|error|critical)\s+)envoy [a-z_]+(?: \S+\.(?:cc|h):\d+|\t)/],
  // ztunnel src/telemetry.rs: the component of a line
  [
    'log of ztunnel',
    /\bconnection (?:complete|opened|failed)\b.*\bsrc\.addr["=]|\b(?:info|warn|error|debug)\s+(?:ztunnel|access|inpod|proxy|xds|state_manager|hyper_util)(?:::\w+)*\s/,
  ],
  [
    'log of the CNI plugin',
    /\bistio-cni\b.*\b(?:cmdAdd|cmdDel|CmdAdd)\b|\binfo\s+cni(?:-plugin|-agent)?\s|iptables configuration for \S+ =+|^excluded (?:due to|because it) |\bistio-cni\b/,
  ],
  [
    'access log of Envoy',
    /"[^"]*" \d{1,3} (?:-|[A-Z][A-Z,]*) \S+ .*(?:outbound|inbound|PassthroughCluster|BlackHoleCluster)|"response_flags":/,
  ],
  [
    'events of a pod',
    /^\s*(?:Type\s+Reason\s+Age\s+From\s+Message|LAST SEEN\s+TYPE\s+REASON\s+OBJECT\s)|^\s*(?:Warning|Normal)\s+[A-Z][A-Za-z]+\s/,
  ],
  ['packets of tcpdump', /^\s*(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{6}\s.*\bIP6? \S+ > \S+: /],
  // libnftables src/netlink.c, trace_print_*; iptables xtables-monitor.c; net/netfilter/nf_log_syslog.c behind -j TRACE
  [
    'trace of the kernel',
    /^\s*trace id [\da-f]+ (?:ip6?|inet|arp|bridge|netdev) \S|^\s*(?:\d+ )?(?:PACKET|TRACE): (?:\d+ )?[\da-f]{1,8} |\bTRACE: (?:raw|mangle|nat|filter|security):\S+:(?:rule|return|policy):\d+ IN=/,
  ],
  // source/server/admin/stats_handler.cc: /stats, and /stats/prometheus
  [
    'counters of Envoy',
    /^\s*(?:cluster|listener|http|tcp|server|cluster_manager|listener_manager|cluster\.xds-grpc|istio)\.\S+: (?:\d+|P0\(|No recorded values)|^\s*(?:envoy|istio)_[a-z_]+(?:\{[^}]{0,2000}\})? \d/,
  ],
  ['list of processes', /^\s*(?:(?:UID|USER)\s*)?PID\s.*\b(?:CMD|COMMAND)\s*$/],
  ['list of pods', /^\s*(?:NAMESPACE\s+)?NAME\s+READY\s+STATUS\s+RESTARTS\b/],
  ['output of curl', /^(?:curl: \(\d+\) |\* +Trying |\* connect to |< HTTP\/\d|\* Connected to )/],
  [
    'output of istioctl',
    /^(?:Error|Warning|Info) \[IST\d{4}\] |\bistioctl (?:x |experimental |pc |proxy-config|ps\b|proxy-status|analyze|describe)|^(?:SERVICE FQDN|ADDRESSES? +PORT|(?:NAME +)?CLUSTER +CDS|NAME +(?:VHOST NAME +)?DOMAINS)\b|^NAMESPACE +(?:POD|SERVICE|POLICY|WORKLOAD) NAME\b|^(?:ENDPOINT|CERTIFICATE NAME|RESOURCE NAME) +[A-Z]/,
  ],
  // tools/istio-iptables/pkg/config and tools/common/config: the settings, before anything is done
  [
    'log of istio-init',
    /\bIstio (?:iptables|nftables) (?:environment|variables):|^(?:ENVOY_PORT|PROXY_PORT|INBOUND_INTERCEPTION_MODE|ISTIO_INBOUND_INTERCEPTION_MODE)=/,
  ],
  ['log of the kernel', /^\s*(?:<\d>)?\[ *\d+\.\d{6}\] \S/],
  [
    'rows of a listing',
    /^\s*(?:\d+\s+)?(?:\d+[KMGT]?\s+\d+[KMGT]?\s+)?[A-Z][\w-]+\s+(?:\d+|all|tcp|udp|icmp\w*|sctp)\s+(?:--|-f|!f)\s/,
  ],
  [
    'versions',
    /^(?:client version: |control plane version: |(?:Client|Server) Version: |version\.BuildInfo\{)/,
  ],
  ['command of helm', /\b(?:helm (?:install|upgrade|template)|istioctl (?:install|upgrade|manifest))\b/],
];

/** Neither a letter nor a blank of any text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const byte = /[\u0000-\u0008\u000e-\u001a\ufffd]/g;
/** How much of a long text is looked at. */
const looked = 20_000;

/** What lines that are left aside are of. */
export function seenIn(lines: readonly string[]): SeenText {
  let text = '';
  for (const line of lines) {
    if (text.length > looked) break;
    text += `${line.slice(0, looked)}\n`;
  }
  if (text.trim() === '') return 'nothing';
  if ((text.match(byte) ?? []).length > text.length / 20) return 'bytes';
  if (isOfPicture(lines)) return 'picture';
  if (lines.some(isRunTogether)) return 'lines run together';
  if (isBase64(lines)) return 'base64';
  for (const line of lines.slice(0, 400)) {
    const found = lineSigns.find(([, sign]) => sign.test(line.slice(0, 2000)));
    if (found !== undefined) return found[0];
  }
  return 'prose';
}

/** Lines of one alphabet and no blank, long ones, in both cases and with numbers. */
function isBase64(lines: readonly string[]): boolean {
  const written = lines.map((line) => line.trim()).filter((line) => line !== '');
  const [first = ''] = written;
  const isMixed = /[a-z]/.test(first) && /[A-Z]/.test(first) && /\d/.test(first);
  return first.length >= 60 && isMixed && written.every((line) => /^[\w+/-]+={0,2}$/.test(line));
}

/** Where a piece of a comparison begins, as `diff -u` and git print it: its rules are of two texts, and of neither whole. */
const pieceOfComparison = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;

/** The same without `-u`: what is said of the lines, and then lines with a mark each. */
const placeOfComparison = /^\d+(?:,\d+)?[acd]\d+(?:,\d+)?$/;

export function isComparison(lines: readonly string[]): boolean {
  return lines.some((line) => pieceOfComparison.test(line.trim()) || placeOfComparison.test(line.trim()));
}

/** `diff -y`, sdiff, pr -m: a rule of one text, and behind it one of the other. */
const secondRule = /^(?:\[\d+:\d+\] )?-[AN] .*[\t ]-[AN] [A-Za-z]/;

/** Two lines or more of two texts that stand side by side: put into one rule, they would be none of the kernel’s. */
export function isSideBySide(lines: readonly string[]): boolean {
  let found = 0;
  for (const line of lines) {
    const second = Math.max(line.lastIndexOf('-A '), line.lastIndexOf('-N '));
    if (second < 4 || line.length > 2000 || !secondRule.test(line)) continue;
    if (secondRule.test(blankQuotes(line)) && ++found === 2) return true;
  }
  return false;
}

/** What a picture's text makes of names and numbers that iptables prints: l for I, O for 0, a blank for _. */
const misread = new RegExp(
  [
    /\b(?:PREROUT[l1|]NG|POSTROUT[l1|]NG|P0STROUTING|[l1|]NPUT|0UTPUT)\b/,
    /\b(?:[l1|]STIO|IST[l1|]O|ISTI0)_|\bISTIO_[l1|]N|\bISTIO_0UT/,
    /(?:Chain|-j|-A|-N|:) ?ISTIO (?:IN|OUT|REDIRECT|TPROXY|DIVERT)/,
    /\[(?:O:[O0]|0:O)\]|\bO packets\b/,
    /(?:dpts?:|--dports? |--to-ports? )(?:[lI|]\d|\d*[OolI|]\d)/,
    /-[io] Io\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** No picture has so many lines. */
const mostOfPicture = 3000;

/** Two lines of rules, or more, that were read by a program from a picture. */
export function isOfPicture(lines: readonly string[]): boolean {
  let found = 0;
  for (const line of lines.slice(0, mostOfPicture)) {
    if (line.length < 400 && misread.test(line) && ++found === 2) return true;
  }
  return false;
}
