/**
 * The one file that a publisher edits: whose handbook this is, where it is published, and which Istio it
 * speaks of. Plain data, without imports, so that anything may import it.
 */

export interface Handbook {
  /** The name in the header and in every page's title. */
  readonly title: string;
  /** One sentence for search engines, previews and the landing page. */
  readonly description: string;
  /** Where it is published, without the base path: `https://docs.example.org`. Absent: no sitemap, no canonical links. */
  readonly site?: string;
  /** The path that it is published under: `/` or `/handbook/`. */
  readonly base: string;
  /** A picture in `public/` that stands before the title: `/logo.svg`. It should be readable on light and dark. */
  readonly logo?: string;
  /** Colours that replace the accent: `#006678`, rgb() or hsl(), with a contrast of 4.5 with the page's ground. */
  readonly accent?: { readonly light: string; readonly dark: string };
  /** What a page's path is appended to for "Edit this page": `https://git.example.org/handbook/edit/main/`. */
  readonly editBase?: string;
  /** True: each page says at its foot when its file was last changed, as git tells it; where git knows nothing, nothing. */
  readonly lastChange?: boolean;
  /** A line at the foot of every page: whom to ask. */
  readonly contact?: { readonly text: string; readonly href?: string };
  /** True: a browser that has opened the handbook keeps it, and reads it without a network. It then stores 3 MB. */
  readonly offline?: boolean;
  /** The Istio release that the handbook speaks of: `1.31` or `1.31.0`. */
  readonly release: string;
  /** Istio's options in camelCase, where they differ from the release's defaults: `{ proxyUID: '1337' }`. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** The pod that the paths are computed for. */
  readonly pod: {
    readonly name: string;
    /** With the prefix length, as `ip address` shows it: `10.244.1.5/24`. */
    readonly address: string;
    /** The port that the application listens on. */
    readonly port: number;
    /** The user and group that the application runs as. */
    readonly uid: number;
    readonly gid: number;
  };
}

const handbook: Handbook = {
  title: 'Sidetrack',
  description: 'How Istio’s iptables rules lead a pod’s traffic through Envoy, rule by rule.',
  base: '/',
  release: '1.31',
  options: {},
  pod: { name: 'app', address: '10.244.1.5/24', port: 8080, uid: 1000, gid: 1000 },
};

export default handbook;
