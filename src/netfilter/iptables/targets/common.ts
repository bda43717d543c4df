/** The targets that rules made by a program get by with, as `matches/common.ts` has it. */
import type { TargetExtension } from '../extension.ts';
import { CONNMARK } from './CONNMARK.ts';
import { CT } from './CT.ts';
import { DNAT } from './DNAT.ts';
import { MARK } from './MARK.ts';
import { REDIRECT } from './REDIRECT.ts';
import { SNAT } from './SNAT.ts';
import { standardTargets } from './standard.ts';
import { TPROXY } from './TPROXY.ts';

export const targetExtensions: readonly TargetExtension[] = [
  ...standardTargets,
  REDIRECT,
  DNAT,
  SNAT,
  MARK,
  CONNMARK,
  CT,
  TPROXY,
];
