/** How BoringSSL takes the first record of a client: both Envoys were asked of each length. */

/** Its SSL3_RT_MAX_ENCRYPTED_LENGTH. */
const mostEncrypted = 16_704;
/** Its ssl_max_handshake_message_len, of a server that asks for no certificate. */
const mostInMessage = 16_384;

/**
 * Whether more has to come. Of a record of TLS 1.x, which these bytes begin, all of it has, whatever is in it; in one of a
 * handshake is a message, of which all has as well.
 */
export function isUnfinished(bytes: string): boolean {
  const length = numberAt(bytes, 3, 2);
  if (length > mostEncrypted) return false;
  if (bytes.length < 5 + length) return true;
  const inMessage = numberAt(bytes, 6, 3);
  return bytes[0] === '\x16' && inMessage <= mostInMessage && bytes.length < 9 + inMessage;
}

/** What has not come counts as nothing. */
function numberAt(bytes: string, at: number, count: number): number {
  let number = 0;
  for (let each = at; each < at + count; each++) number = number * 256 + (bytes.charCodeAt(each) || 0);
  return number;
}
