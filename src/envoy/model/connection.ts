/** One connection as an Envoy meets it: from where, to where, on which port it was accepted, and what is sent first. */
export interface EnvoyConnection {
  readonly source: string;
  readonly sourcePort: number;
  /** Whom the client called: the original destination. */
  readonly destination: string;
  readonly destinationPort: number;
  /** The port that it was accepted on. */
  readonly listener: number;
  /** The address that it was accepted on, where it was redirected and somebody knows. */
  readonly accepted?: string;
  /** Whether the kernel's connection tracking has it: false is a connection that nobody redirected. */
  readonly tracked?: boolean;
  readonly sends: Sends;
}

/** What the client sends before it has got anything. */
export type Sends =
  | { readonly nothing: true }
  /** A character a byte. */
  | { readonly bytes: string }
  | { readonly http: HttpRequest }
  /** The preface of HTTP/2 and the settings behind it. */
  | { readonly h2c: true }
  | { readonly tls: ClientHello };

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Null: none. */
  readonly host: string | null;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

export interface ClientHello {
  readonly serverName?: string | null;
  readonly alpn?: readonly string[] | null;
  /** What goes over it, where it is ended by the Envoy. */
  readonly inside?: Exclude<Sends, { readonly tls: ClientHello }>;
}
