/** Every match extension that the engine knows. To add one: a file, and a line here. */
import type { MatchExtension } from '../extension.ts';
import { comment } from './comment.ts';
import { ip } from './ip.ts';
import { owner } from './owner.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';

export const matchExtensions: readonly MatchExtension[] = [ip, tcp, udp, owner, comment];
