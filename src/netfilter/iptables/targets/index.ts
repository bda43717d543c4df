/** Every target that the engine knows. To add one: a file, and a line here. */
import type { TargetExtension } from '../extension.ts';
import { CONNMARK } from './CONNMARK.ts';
import { CT, NOTRACK } from './CT.ts';
import { DNAT } from './DNAT.ts';
import * as elsewhere from './elsewhere.ts';
import { MARK } from './MARK.ts';
import { MASQUERADE } from './MASQUERADE.ts';
import { NETMAP } from './NETMAP.ts';
import {
  AUDIT,
  CHECKSUM,
  CLASSIFY,
  ECN,
  IDLETIMER,
  LOG,
  NFLOG,
  RATEEST,
  TCPOPTSTRIP,
  TEE,
  TRACE,
} from './onlookers.ts';
import { REDIRECT } from './REDIRECT.ts';
import { REJECT } from './REJECT.ts';
import { SET } from './SET.ts';
import { SNAT } from './SNAT.ts';
import { standardTargets } from './standard.ts';
import { TCPMSS } from './TCPMSS.ts';
import { DSCP, TOS } from './TOS.ts';
import { TPROXY } from './TPROXY.ts';
import { HL, TTL } from './TTL.ts';

export const targetExtensions: readonly TargetExtension[] = [
  ...standardTargets,
  REJECT,
  REDIRECT,
  DNAT,
  SNAT,
  MASQUERADE,
  NETMAP,
  MARK,
  CONNMARK,
  CT,
  NOTRACK,
  TPROXY,
  TOS,
  DSCP,
  TTL,
  HL,
  TCPMSS,
  LOG,
  NFLOG,
  TRACE,
  CLASSIFY,
  CHECKSUM,
  AUDIT,
  TEE,
  IDLETIMER,
  RATEEST,
  TCPOPTSTRIP,
  ECN,
  SET,
  ...Object.values(elsewhere),
];
