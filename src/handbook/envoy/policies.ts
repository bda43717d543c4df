/** What a mesh sets that bears on every connection. */

export const mutualTlsModes = ['DISABLE', 'PERMISSIVE', 'STRICT'] as const;

export const outboundPolicies = ['ALLOW_ANY', 'REGISTRY_ONLY'] as const;
