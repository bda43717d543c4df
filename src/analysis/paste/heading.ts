/** Where a text names the pod that the lines behind are of. */

const name = '[a-z0-9][a-z0-9./-]{2,120}';

const headings: readonly RegExp[] = [
  // head and tail, for several files
  new RegExp(`^==> (?:\\S*/)?(${name}?)(?:\\.(?:txt|log|yaml|save))? <==$`),
  // istio-cni, for each pod that it sets up
  new RegExp(`^=+ (?:Start|End) iptables configuration for (${name}) =+$`),
  new RegExp(`^(?:[#=*-]+\\s*)?pods?(?:/|:\\s*|\\s+)(${name}):?(?:\\s*[#=*-]+)?$`, 'i'),
];

/** A line of signs with a name in it; what else stands in such a line is the heading of a part, and of no pod. */
const ruled = new RegExp(`^(?:={2,}|##+|-{2,}|\\*{2,})\\s*(${name})\\s*(?:=+|#+|-+|\\*+|:)?$`);
/** A name as controllers make them, of several parts or with a number at its end; or one with its namespace. */
const looksGiven =
  /^[a-z0-9-]+\/[a-z0-9.-]+$|^[a-z0-9.]+(?:-[a-z0-9.]+){2,}$|^[a-z0-9][a-z0-9.-]*-[a-z]*\d[a-z0-9]*$/;
const tool =
  /tables|^nft|^ip-|(?:^|-)(?:save|restore|list|rules?|routes?|table|chain|before|after|v4|v6|ipv4|ipv6|legacy)$/;

/** The pod that a heading names; null for any other line. */
export function podNamed(line: string): string | null {
  for (const pattern of headings) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined && !isPart(found)) return found;
  }
  const within = ruled.exec(line)?.[1];
  if (within !== undefined && looksGiven.test(within) && !tool.test(within)) return within;
  return podOfKubectl(line);
}

function isPart(found: string): boolean {
  return /^(nat|mangle|raw|filter|security|commit)$/i.test(found) || tool.test(found);
}

/** Flags of kubectl that take a value as the next word. */
const valued = new Set(
  '-n --namespace -c --container --context --cluster --user --kubeconfig -s --server --as --as-group --as-uid --token --request-timeout -l --selector --image --target --profile --copy-to --set-image --env --tail --since --since-time --limit-bytes --pod-running-timeout -f --filename -v --v --cache-dir --certificate-authority --client-certificate --client-key --tls-server-name --username --password'.split(
    ' ',
  ),
);

/** `kubectl -n shop exec deploy/web -c istio-proxy -- iptables-save` is of `web`. */
function podOfKubectl(line: string): string | null {
  if (line.length > 2000 || !/\b(?:kubectl|oc)\b/.test(line)) return null;
  const words = line.trim().split(/\s+/);
  const start = words.findIndex((word) => /^(?:\S*\/)?(?:kubectl|oc)$/.test(word));
  if (start < 0) return null;
  let verb: string | null = null;
  for (let at = start + 1; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--' || word === '|') return null;
    if (word.startsWith('-')) {
      if (valued.has(word)) at++;
      continue;
    }
    if (verb === null) {
      if (!/^(exec|debug|logs|attach)$/.test(word)) return null;
      verb = word;
      continue;
    }
    const named =
      /^(?:(?:pods?|po|deploy(?:ment)?|sts|statefulset|ds|daemonset|job)\/)?([a-z0-9][a-z0-9.-]{1,120})$/.exec(
        word,
      );
    // On a node no pod is asked.
    return word.startsWith('node/') || word.startsWith('nodes/') ? null : (named?.[1] ?? null);
  }
  return null;
}
