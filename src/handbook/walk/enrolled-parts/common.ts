/** In the worker of a page, which walks a sidecar's pod: such parts are not heeded there, and not read. */
import type { readAmbientMesh as Choice, readAmbientOption as Option } from './index.ts';

export const readAmbientOption: typeof Option = () => ({});
export const readAmbientMesh: typeof Choice = () => ({});
