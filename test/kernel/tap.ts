/** Collects what the kernel says about traced packets in one namespace. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Agent, apart, inside } from './namespace.ts';
import { type Message, messagesOf } from './netlink.ts';

const tapFile = fileURLToPath(new URL('./tap.pl', import.meta.url));

export interface Tap {
  /** What has come since the last call; everything that was sent before the call is in it. */
  take(): Promise<Message[]>;
  end(): Promise<void>;
}

/** Starts `tap.pl` in the namespace that `agent` is in. */
export async function openTap(agent: Agent): Promise<Tap> {
  const child: ChildProcessWithoutNullStreams = spawn('nsenter', [...inside(agent), 'perl', tapFile], apart);
  const answers: { resolve: (messages: Message[]) => void; reject: (error: Error) => void }[] = [];
  let messages: Message[] = [];
  let bytes: Buffer = Buffer.alloc(0);
  let stderr = '';
  let failure: Error | null = null;
  const expect = () =>
    new Promise<Message[]>((resolve, reject) => {
      if (failure === null) answers.push({ resolve, reject });
      else reject(failure);
    });

  child.stdin.on('error', () => {});
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  child.on('exit', (code) => {
    const reason = code === 3 ? 'trace messages were lost' : stderr.trim();
    failure = new Error(`the tap ended (${code}): ${reason}`);
    for (const answer of answers) answer.reject(failure);
  });
  child.stdout.on('data', (data: Buffer) => {
    bytes = bytes.length === 0 ? data : Buffer.concat([bytes, data]);
    let at = 0;
    while (at + 4 <= bytes.length) {
      const length = bytes.readUInt32BE(at);
      if (at + 4 + length > bytes.length) break;
      if (length === 0) {
        answers.shift()?.resolve(messages);
        messages = [];
      } else messages.push(...messagesOf(bytes.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    bytes = bytes.subarray(at);
  });

  await expect();
  return {
    take() {
      const taken = expect();
      child.stdin.write('\n');
      return taken;
    },
    async end() {
      if (failure !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
    },
  };
}
