/** The bytes of a ClientHello: RFC 8446, section 4.1.2. */
import type { ClientHello } from '../../src/envoy/index.ts';

const number = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
/** With its length before it. */
const counted = (bytes: number, ...parts: readonly Buffer[]): Buffer => {
  const inner = Buffer.concat(parts);
  return Buffer.concat([number(inner.length, bytes), inner]);
};
const extension = (type: number, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([number(type, 2), counted(2, ...parts)]);

/** A whole record, a character a byte. */
export function clientHelloBytes({ serverName, alpn }: ClientHello): string {
  const extensions = [
    ...(serverName ? [extension(0, counted(2, number(0, 1), counted(2, Buffer.from(serverName))))] : []),
    extension(10, counted(2, number(0x1d, 2), number(0x17, 2))),
    extension(11, counted(1, number(0, 1))),
    extension(13, counted(2, number(0x0403, 2), number(0x0804, 2), number(0x0401, 2))),
    ...(alpn && alpn.length > 0
      ? [extension(16, counted(2, ...alpn.map((name) => counted(1, Buffer.from(name)))))]
      : []),
    extension(43, counted(1, number(0x0304, 2), number(0x0303, 2))),
    extension(51, counted(2, number(0x1d, 2), counted(2, Buffer.alloc(32, 9)))),
  ];
  const hello = Buffer.concat([
    number(0x0303, 2),
    Buffer.alloc(32, 7),
    counted(1, Buffer.alloc(0)),
    counted(2, number(0x1301, 2), number(0xc02f, 2), number(0xc02b, 2)),
    counted(1, number(0, 1)),
    counted(2, ...extensions),
  ]);
  const handshake = Buffer.concat([number(1, 1), counted(3, hello)]);
  return Buffer.concat([number(0x16, 1), number(0x0301, 2), counted(2, handshake)]).toString('latin1');
}
