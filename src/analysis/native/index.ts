/** A sidecar's rules in native nftables: whose they are, and where they differ from Istio's. */
export { hasNativeIstio, isIstioTable } from './facts.ts';
export {
  identifyNative,
  type NativeDifference,
  type NativeIdentification,
  type NativeRuleDifference,
  nativeDifferences,
  nftChainNamed,
  nftTableNamed,
} from './identify.ts';
export { listedText } from './listed.ts';
