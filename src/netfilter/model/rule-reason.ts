/**
 * Why a rule matched or did not, and what its target made of the packet, as data. The words are made from it where
 * somebody reads them (src/words).
 */
import type { NftRuleReason } from '../nftables/reason.ts';
import type { ConnectionState, TcpFlag } from './packet.ts';
import type { Hook, TableName } from './ruleset.ts';

/** Both are in it. */
export type ValueRange = readonly [first: number, last: number];

/** The bits of `mask` are those of `value`. */
export interface Masked {
  readonly value: number;
  readonly mask: number;
}

/** `10.0.0.0/8`; a mask whose ones are not in front has no length. */
export type AddressBlock = { readonly address: string } & (
  | { readonly length: number }
  | { readonly mask: string }
);

export interface AddressSpan {
  readonly first: string;
  readonly last: string;
}

export interface SocketAddress {
  readonly address: string;
  readonly port: number | undefined;
}

interface Field<Found, Wanted> {
  readonly found: Found;
  readonly wanted: Wanted;
}

/** Of an option that only changes how the others are asked. */
type Flag = Field<null, null>;
/** What the engine is never told: the reader is asked. */
type Question = Field<null, unknown>;

/** What conditions look at, with the form of the packet's own value and of the value that is asked for. */
export interface CommonFields {
  /** Addresses are as they are in the packet. */
  readonly source: Field<string, AddressBlock | AddressSpan>;
  readonly destination: Field<string, AddressBlock | AddressSpan>;
  readonly inInterface: Field<string | null, string>;
  readonly outInterface: Field<string | null, string>;
  readonly protocol: Field<string, string>;
  readonly sourcePort: Field<number | null, readonly ValueRange[]>;
  readonly destinationPort: Field<number | null, readonly ValueRange[]>;
  readonly uid: Field<number | null, ValueRange>;
  readonly gid: Field<number | null, ValueRange>;
  readonly mark: Field<number, Masked>;
  /** Null: the packet belongs to no connection. */
  readonly connectionMark: Field<number | null, Masked>;
  readonly connectionState: Field<readonly ConditionState[], readonly ConditionState[]>;
  /** Of a packet without an entry, for which conntrack's other conditions are passed over. */
  readonly stateWithoutEntry: Field<readonly ConditionState[], readonly ConditionState[]>;
  /** The socket that would take the packet, and what it is. */
  readonly takingSocket: Field<TakingSocket | null, null>;
}

/** Those that rules made by a program get by without, as `matches/common.ts` has it. */
export interface UncommonFields {
  readonly connection: Flag;
  readonly fragment: Flag;
  readonly eitherPort: Field<readonly number[], readonly ValueRange[]>;
  /** Whether it announces a maximum segment size, the one option that a packet may tell of. */
  readonly tcpOption: Field<boolean, number>;
  readonly tcpFlags: Field<readonly TcpFlag[], TcpFlags>;
  readonly socket: Field<boolean, null>;
  readonly supplementaryGroups: Flag;
  /** The group of a process and its supplementary ones. */
  readonly groups: Field<readonly number[], ValueRange>;
  readonly connectionProtocol: Field<string | null, string>;
  readonly originalSource: Field<string | null, AddressBlock>;
  readonly originalDestination: Field<string | null, AddressBlock>;
  readonly replySource: Field<string | null, AddressBlock>;
  readonly replyDestination: Field<string | null, AddressBlock>;
  readonly originalSourcePort: Field<number | null, ValueRange>;
  readonly originalDestinationPort: Field<number | null, ValueRange>;
  readonly replySourcePort: Field<number | null, ValueRange>;
  readonly replyDestinationPort: Field<number | null, ValueRange>;
  readonly connectionStatus: Field<readonly string[] | null, readonly string[]>;
  readonly connectionExpiry: Field<null, ValueRange>;
  readonly direction: Field<'ORIGINAL' | 'REPLY' | null, 'ORIGINAL' | 'REPLY'>;
  readonly socketFlag: Flag;
  readonly comment: Field<null, string>;
  readonly chunks: Question;
  /** Null: the packet is not ICMP. */
  readonly icmpType: Field<
    { readonly type: number; readonly code: number } | null,
    { readonly type: number | null; readonly code: number | null }
  >;
  readonly sourceType: Field<readonly string[], readonly string[]>;
  readonly destinationType: Field<readonly string[], readonly string[]>;
  readonly sourceTypeByInterface: Field<TypesByInterface, readonly string[]>;
  readonly destinationTypeByInterface: Field<TypesByInterface, readonly string[]>;
  /** Both types hold, by the addresses of this interface. */
  readonly typesByInterface: Field<string | null, null>;
  readonly typeFlag: Flag;
  readonly length: Field<number, ValueRange>;
  readonly ttl: Field<number, readonly [relation: '=' | '<' | '>', number: number]>;
  readonly mss: Field<number | null, ValueRange>;
  readonly tos: Field<number, Masked>;
  readonly dscp: Field<number, number>;
  readonly ect: Field<number, number>;
  readonly cwr: Question;
  readonly ece: Question;
  /** Null: lo has none. */
  readonly hardwareAddress: Field<string | null, string>;
  readonly packetType: Field<string, string>;
  /** By which interface an answer would leave; null: none is asked, the packet came in over lo. */
  readonly wayBack: Field<WayBack | null, null>;
  readonly wayBackFlag: Flag;
  /** Wanted is a port, or null for any. */
  readonly bridgePort: Field<null, string | null>;
  readonly setMember: Field<string, SetReference>;
  /** Asked together with its counters or with `nomatch`. */
  readonly memberOfSet: Field<string, SetReference>;
  readonly nomatchElement: Field<string, SetReference>;
  readonly setFlag: Flag;
  readonly setCounters: Question;
  readonly countersOfSet: Question;
  readonly packetRate: Question;
  readonly chance: Question;
  readonly seenBefore: Question;
  readonly clock: Question;
  readonly bytesBefore: Question;
  readonly connectionCount: Question;
  readonly carried: Question;
  readonly helper: Question;
  readonly bytes: Question;
  readonly content: Question;
  readonly processor: Question;
  readonly interfaceGroup: Question;
  readonly ipsecPolicy: Question;
  readonly controlGroup: Question;
  readonly realm: Question;
  readonly spi: Question;
  readonly connectionLabel: Question;
  readonly connectionHash: Question;
  readonly extensionHeaders: Question;
  readonly linkAddress: Question;
  readonly accounting: Question;
  readonly virtualServer: Question;
}

export interface Fields extends CommonFields, UncommonFields {}
export type FieldName = keyof Fields;

/** The fields that only the reader can tell. */
export type QuestionField = {
  [F in FieldName]: unknown extends Fields[F]['wanted'] ? F : never;
}[FieldName];

export type ConditionState = ConnectionState | 'SNAT' | 'DNAT';

/** Of the flags in `mask`, those in `flags` are set and the others are not. */
export interface TcpFlags {
  readonly mask: readonly TcpFlag[];
  readonly flags: readonly TcpFlag[];
}

export interface TakingSocket extends SocketAddress {
  readonly is: 'usable' | 'on every address' | 'not transparent' | 'of a mark that was not told';
}

export interface TypesByInterface {
  readonly types: readonly string[];
  readonly interface: string | undefined;
}

export type WayBack = { readonly source: string } & (
  | { readonly kind: 'own address' | 'none' }
  | { readonly kind: 'interface'; readonly interface: string }
);

export interface SetReference {
  readonly name: string;
  readonly flags: readonly ('src' | 'dst')[];
}

/**
 * What a condition found. `holds` and `fails` count its `!` in; `not told`: it depends on something that the engine
 * was not told, and found is null.
 */
export type ConditionReason =
  | { [F in Exclude<FieldName, QuestionField>]: ReasonOf<F> }[Exclude<FieldName, QuestionField>]
  | ReasonOf<QuestionField>;

interface ReasonOf<F extends FieldName> {
  readonly code: 'holds' | 'fails' | 'not told';
  readonly field: F;
  readonly found: Fields[F]['found'] | null;
  readonly wanted: Fields[F]['wanted'];
  readonly negated: boolean;
}

/** Why a rule matched, or did not, or why that cannot be told. */
export type RuleReason =
  | ConditionReason
  | { readonly code: 'no condition' | 'not read' }
  | { readonly code: 'all hold'; readonly of: readonly ConditionReason[] }
  | NftRuleReason
  | { readonly code: 'unknown match'; readonly match: string }
  | { readonly code: 'unknown option'; readonly option: string }
  /** The kernel takes the match only in these. */
  | { readonly code: 'not at this hook'; readonly match: string; readonly hooks: readonly Hook[] };

/** Why a target did what it did, where the packet or the host decides that. */
export type TargetReason =
  | { readonly code: 'no address to redirect to'; readonly interface: string | undefined }
  | { readonly code: 'no address to send from'; readonly interface: string | undefined }
  | { readonly code: 'handed to a socket'; readonly socket: SocketAddress }
  | { readonly code: 'socket not transparent'; readonly socket: SocketAddress }
  | { readonly code: 'no socket'; readonly protocol: string; readonly socket: SocketAddress }
  | { readonly code: 'no connection to mark' }
  | { readonly code: 'traffic class not told' };

/** Why the engine cannot say what a target does. */
export type TargetQuestion =
  | OpenTarget
  | { readonly code: 'unknown target'; readonly target: string }
  /** Of nft, as it is written: one that is not walked, or whose value was not told. */
  | { readonly code: 'statement not known'; readonly statement: string }
  /** The kernel takes it only in these. */
  | {
      readonly code: 'not in this place';
      readonly target: string;
      readonly places: readonly (TableName | Hook)[];
    };

/** What decides where it is not the kernel alone, or not with what the engine is told. */
export type OpenTarget =
  | { readonly code: 'user program' }
  | { readonly code: 'handshake by the kernel' }
  | { readonly code: 'hash of the packet' }
  | { readonly code: 'security labels' }
  | { readonly code: 'what the set keeps' };
