/** What is the matter with a text that should be an Envoy's configuration, as data: `src/words` makes the sentence. */
export type ConfigProblem =
  | { readonly code: 'text too long'; readonly length: number; readonly most: number }
  | { readonly code: 'text empty' }
  /** It ends, or goes wrong, at this place; counted from 1. */
  | { readonly code: 'text cut off' | 'not JSON'; readonly line: number; readonly column: number }
  /** It begins within something, of which the beginning is not there; and something in it was left out by a person. */
  | { readonly code: 'text begins too late' | 'left out'; readonly line: number }
  | { readonly code: 'not YAML'; readonly line: number; readonly column: number }
  | {
      readonly code: 'not a configuration';
      readonly found: 'text' | 'list' | 'message';
      readonly fields: readonly string[];
    }
  | { readonly code: 'older API'; readonly type: string }
  /** It holds itself, or more messages within each other than anybody's configuration. */
  | { readonly code: 'nested too deep' }
  /** The text has the dumps of several Envoys: the first is read. */
  | { readonly code: 'another dump'; readonly node: string }
  /** Two of one kind have the same name: they are of two Envoys. */
  | { readonly code: 'named twice'; readonly part: 'listener' | 'cluster'; readonly name: string }
  /** A dump of another program than Envoy. */
  | {
      readonly code: 'dump of another program';
      readonly fields: readonly string[];
      /** How many it has of each. */
      readonly counts: Readonly<Record<string, number>>;
    }
  | { readonly code: 'part unknown'; readonly part: string }
  | { readonly code: 'part failed'; readonly part: string; readonly details: string }
  | {
      readonly code: 'value unreadable';
      readonly where: string;
      readonly found: string;
      readonly wanted: Wanted;
    };

export type Wanted =
  | 'message'
  | 'list'
  | 'text'
  | 'whole number'
  | 'port'
  | 'true or false'
  | 'duration'
  | 'address'
  | 'prefix';
