/** What a mesh sets that bears on every connection. */

export const mutualTlsModes = ['DISABLE', 'PERMISSIVE', 'STRICT'] as const;

export const outboundPolicies = ['ALLOW_ANY', 'REGISTRY_ONLY'] as const;

export const inboundPolicies = ['PASSTHROUGH', 'LOCALHOST'] as const;

/** What a Sidecar names: the one part of the mesh that the app calls, or where the app listens. */
export const sidecarKinds = ['none', 'egress istio-system/*', 'ingress 127.0.0.1'] as const;
