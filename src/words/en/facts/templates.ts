/**
 * The words of each fact, by its name. A name in braces is a value of the fact, which is written there and nowhere else;
 * the release is added behind.
 */
import type { FactName } from '../../../istio/facts/index.ts';
import { ambientTemplates } from './ambient.ts';
import { ambientLifeTemplates } from './ambient-life.ts';
import { callsTemplates } from './calls.ts';
import { capturingTemplates } from './capturing.ts';
import { causesTemplates } from './causes.ts';
import { clientTemplates } from './client.ts';
import { dnsTemplates } from './dns.ts';
import { failuresTemplates } from './failures.ts';
import { flagsTemplates } from './flags.ts';
import { inspectionTemplates } from './inspection.ts';
import { lifecycleTemplates } from './lifecycle.ts';
import { metricsTemplates } from './metrics.ts';
import { nativeTemplates } from './native.ts';
import { probesTemplates } from './probes.ts';
import { proxyUserTemplates } from './proxy-user.ts';
import { proxyingTemplates } from './proxying.ts';
import { runtimeTemplates } from './runtime.ts';
import { setupTemplates } from './setup.ts';
import { sniffingTemplates } from './sniffing.ts';
import { valuesTakenTemplates } from './values.ts';
import { workloadsTemplates } from './workloads.ts';

const all: Readonly<Record<FactName, string>> = {
  ...clientTemplates,
  ...sniffingTemplates,
  ...dnsTemplates,
  ...metricsTemplates,
  ...capturingTemplates,
  ...proxyingTemplates,
  ...setupTemplates,
  ...nativeTemplates,
  ...lifecycleTemplates,
  ...probesTemplates,
  ...inspectionTemplates,
  ...callsTemplates,
  ...proxyUserTemplates,
  ...ambientTemplates,
  ...runtimeTemplates,
  ...flagsTemplates,
  ...ambientLifeTemplates,
  ...workloadsTemplates,
  ...valuesTakenTemplates,
  ...failuresTemplates,
  ...causesTemplates,
};

export const factTemplates: Readonly<Record<string, string>> = all;
