/** What a Sidecar of the mesh sets of a pod. A door of its own: a browser loads it where there is one. */
export { ingressOf } from './ingress.ts';
export { scopeOf } from './scope-of.ts';
