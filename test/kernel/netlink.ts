/** Netlink's framing: messages in a datagram, attributes in a message. */

export interface Message {
  readonly type: number;
  /** The address family of the nfgenmsg header. */
  readonly family: number;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

const headerLength = 16;
const nfgenmsgLength = 4;
const align = (length: number) => (length + 3) & ~3;

/** The attributes that fill a buffer, by type; flags for nesting and byte order are taken off the type. */
export function attributesOf(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt16LE(at);
    if (length < 4) break;
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += align(length);
  }
  return found;
}

/** The nfnetlink messages in one datagram. */
export function messagesOf(datagram: Buffer): Message[] {
  const messages: Message[] = [];
  let at = 0;
  while (at + headerLength <= datagram.length) {
    const length = datagram.readUInt32LE(at);
    if (length < headerLength + nfgenmsgLength) break;
    const body = datagram.subarray(at + headerLength, at + length);
    messages.push({
      type: datagram.readUInt16LE(at + 4),
      family: body.readUInt8(0),
      attributes: attributesOf(body.subarray(nfgenmsgLength)),
    });
    at += align(length);
  }
  return messages;
}

/** A string attribute, without the zero byte that ends it. */
export function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}
