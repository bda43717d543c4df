/**
 * Small configurations by hand, each of which tells one condition or order from those beside it. What both Envoys did with
 * them is kept beside the random ones, `recorded/conditions.json.gz`, and catches mistakes of `mutants.ts`.
 */
import { chainCases } from './chains.ts';
import { clusterCases } from './clusters.ts';
import { endpointCases } from './endpoints.ts';
import { firstBytesCases } from './first-bytes.ts';
import { hostCases } from './hosts.ts';
import { listenerCases } from './listeners.ts';
import { matcherCases } from './matchers.ts';
import { nameCases } from './names.ts';
import { requestCases } from './requests.ts';
import { routeCases } from './routes.ts';
import { type ConditionCase, caseOf } from './sketch.ts';

export const conditionCases: readonly ConditionCase[] = [
  ...chainCases,
  ...listenerCases,
  ...matcherCases,
  ...endpointCases,
  ...clusterCases,
  ...routeCases,
  ...hostCases,
  ...requestCases,
  ...firstBytesCases,
  ...nameCases,
].map(caseOf);
