/** Read, and kept by npm run docs:read: pages of start. */
import type { ReadSentences } from './kinds.ts';

export const startRead: ReadSentences = {
  'content/404.mdx': {
    page: ['The page may have moved.', '[The six types of traffic](/) are where everything starts.'],
  },
  'content/index.mdx': {},
  'content/lab.mdx': {
    page: [
      'description: Paste the iptables-save of a pod and see where each connection goes, and why.',
      'The page says of which release they are and what is wrong with them, walks the six traffic types on them, and any connection that you ask for.',
    ],
  },
};
