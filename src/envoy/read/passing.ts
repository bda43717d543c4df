/** Filters that tell, count or pass on, by a word of their type or name. What is not among them may decide. */
const network: readonly string[] = ['metadataexchange', 'metadata_exchange', 'stats', 'mongo_proxy'];
const http: readonly string[] = [
  'router',
  'grpc_stats',
  'cors',
  'alpn',
  'stats',
  'metadata_exchange',
  'peer_metadata',
  'connect_authority',
];

const known = new Map<string, readonly string[]>();

/** Names are few, and come again and again. */
function wordsOf(name: string): readonly string[] {
  const before = known.get(name);
  if (before !== undefined) return before;
  const words = name.toLowerCase().split(/[./]/);
  if (known.size < 10_000) known.set(name, words);
  return words;
}

export function isPassingNetwork(...names: readonly string[]): boolean {
  return names.flatMap(wordsOf).some((word) => network.includes(word));
}

/** Whether a filter of HTTP only passes requests on. */
export function isPassingHttp(...names: readonly string[]): boolean {
  return names.flatMap(wordsOf).some((word) => http.includes(word));
}

/** The last word: `tcp_proxy`, `TcpProxy` in lower case. */
export function lastWord(type: string): string {
  return wordsOf(type).at(-1) ?? '';
}
