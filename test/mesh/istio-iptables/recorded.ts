/** What Istio's programs said, as it is kept: one packed file, each text in it once. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Answer } from './ask.ts';
import type { OptionSet } from './option-sets.ts';

/** Every release is asked for the same sets. */
export interface Recording {
  /** The seed that the sets were drawn from. */
  readonly seed: number;
  readonly sets: readonly OptionSet[];
  /** By release, oldest first. */
  readonly releases: Readonly<Record<string, Recorded>>;
}

export interface Recorded {
  /** The tag whose program was asked. */
  readonly tag: string;
  /** In the order of the sets. */
  readonly answers: readonly Answer[];
}

interface Packed {
  readonly seed: number;
  readonly sets: readonly OptionSet[];
  readonly texts: readonly string[];
  /** For each answer the places of its texts: v4, v6, routing, nft. */
  readonly releases: Readonly<Record<string, { readonly tag: string; readonly answers: readonly Places[] }>>;
}

type Places = readonly (number | null | undefined)[];

const file = new URL('../recorded/istio-iptables.json.br', import.meta.url);

/** Null where nothing has been recorded. */
export function readRecording(): Recording | null {
  if (!existsSync(file)) return null;
  const packed: Packed = JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
  const text = (at: number | null | undefined): string => packed.texts[at ?? -1] ?? '';
  const unpack = ([v4 = null, v6, routing, nft]: Places): Answer => ({
    said: v4 === null ? null : { v4: text(v4), v6: text(v6), routing: text(routing) },
    ...(nft === undefined ? {} : { nft: nft === null ? null : text(nft) }),
  });
  return {
    seed: packed.seed,
    sets: packed.sets,
    releases: Object.fromEntries(
      Object.entries(packed.releases).map(([release, { tag, answers }]) => [
        release,
        { tag, answers: answers.map(unpack) },
      ]),
    ),
  };
}

export function writeRecording({ seed, sets, releases }: Recording): void {
  const texts = new Map<string, number>();
  const place = (text: string): number => {
    const at = texts.get(text) ?? texts.size;
    texts.set(text, at);
    return at;
  };
  const pack = ({ said, nft }: Answer): Places => [
    ...(said === null ? [null, null, null] : [place(said.v4), place(said.v6), place(said.routing)]),
    ...(nft === undefined ? [] : [nft === null ? null : place(nft)]),
  ];
  const ordered = Object.entries(releases).sort(([one], [other]) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );
  const packed = Object.fromEntries(
    ordered.map(([release, { tag, answers }]) => [release, { tag, answers: answers.map(pack) }]),
  );
  const whole: Packed = { seed, sets, texts: [...texts.keys()], releases: packed };
  mkdirSync(new URL('.', file), { recursive: true });
  const { BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS, BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY } = constants;
  writeFileSync(
    file,
    brotliCompressSync(JSON.stringify(whole), {
      params: {
        [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS,
        [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY,
      },
    }),
  );
}
