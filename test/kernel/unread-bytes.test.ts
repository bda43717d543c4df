/**
 * What the kernel makes of a socket that is closed while bytes of the caller lie unread in it (`__tcp_close` in `net/ipv4/tcp.c`):
 * so whoever takes a connection and gives it up without reading resets a caller that has spoken.
 */
import net from 'node:net';
import { expect, test } from 'vitest';

/** A server that takes a connection, waits until what was sent is there, and closes it without reading. */
async function endSeenBy(says: string): Promise<'closed' | 'reset'> {
  const server = net.createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      let spoken = false;
      let taken: net.Socket | undefined;
      const close = () => {
        if (spoken) taken?.destroy();
      };
      server.on('connection', (socket) => {
        taken = socket;
        close();
      });
      const client = net.connect(port, '127.0.0.1', () => {
        // Over lo, what is written is with the other side when the call returns.
        client.write(says, () => {
          spoken = true;
          close();
        });
      });
      client.on('end', () => resolve('closed'));
      client.on('error', ({ code }: NodeJS.ErrnoException) =>
        code === 'ECONNRESET' ? resolve('reset') : reject(new Error(code)),
      );
      client.resume();
    });
  } finally {
    server.close();
  }
}

test('a caller whose bytes lie unread is reset', async () => {
  expect(await endSeenBy('hello')).toBe('reset');
});

test('a caller who has said nothing is closed', async () => {
  expect(await endSeenBy('')).toBe('closed');
});
