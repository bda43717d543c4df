/** In the worker of a page, which walks on the handbook's own pod. */
import type { Workload } from '../../../istio/index.ts';
import { podAddressV6, workload } from '../setting.ts';
import type { RealPod } from './index.ts';

export function workloadOf(_: RealPod, hasV6: boolean): Workload {
  return hasV6 ? { ...workload, addresses: [...workload.addresses, `${podAddressV6}/64`] } : workload;
}
