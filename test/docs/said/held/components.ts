/** Sentences of components. What holds each. */
import type { Held } from './kinds.ts';

export const componentsHeld: Held = {
  'components/lab/Findings.tsx': {
    shown: ['Nothing in what Envoy was told is known to go wrong.'],
  },
  'components/lab/Lab.tsx': {
    shown: ['Or what its Envoy was told, alone or beside the rules: istioctl proxy-config all POD -o json.'],
  },
  'components/lab/LabPage.astro': {
    shown: ['The paths of the default sidecar are on the pages of the six traffic types.'],
  },
  'components/lab/dump-ways.ts': {
    meant: [
      ['debug-custom', 'it needs kubectl 1.31.'],
      ['debug-profiles', 'needs kubectl 1.30.'],
      [
        'proxy-image',
        'The image is Istio’s proxy, which has both back ends and nft where its tag does not end in -distroless.',
      ],
      [
        'distroless-image',
        'The image is Istio’s proxy, which has both back ends and nft where its tag does not end in -distroless.',
      ],
    ],
    shown: [
      'Delete the pod that kubectl names when you are done.',
      'kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1 --prefix |',
      '… kubectl get pod -n NAMESPACE POD -o yaml',
      "kubectl get pod -n NAMESPACE POD -o jsonpath='{.spec.nodeName}{\"\\n\"}' kubectl debug node/NODE -it --image=busybox --profile=sysadmin -- chroot /host sh POD_ID=$(crictl pods --namespace NAMESPACE --name '^POD$' --state Ready --quiet) PID=$(crictl inspectp --output go-template --template '{{.info.pid}}' \"$POD_ID\") nsenter --target \"$PID\" --net sh -c ' …'",
      'What istio-init or the CNI plugin did',
      'the first command is for pods with istio-init, the other two for the CNI plugin.',
      'istioctl tells what Envoy knows, for where a connection goes behind 15001 and 15006.',
      'kubectl logs -n NAMESPACE POD -c istio-init kubectl logs -n NAMESPACE POD -c istio-validation kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1 --prefix |',
    ],
  },
  'components/landing/Landing.astro': {
    shown: ['What a sidecar does to a pod’s packets, from the first hook on.'],
  },
  'components/learn/Facts.astro': {
    shown: ['What is stated of Envoy:'],
  },
  'components/prose/Mark.astro': {
    meant: [['ztunnel-marks', 'The mark on all that ztunnel sends in a pod.']],
    shown: [
      'The mark on packets that TPROXY hands to Envoy.',
      'The mark on a connection that ztunnel sends in, and on the answers in it.',
    ],
  },
  'components/prose/Port.astro': {
    shown: ['ztunnel listens, in the pod.'],
  },
  'components/prose/Uid.astro': {
    meant: [['one-user', 'Envoy and pilot-agent run']],
  },
  'components/scenario/ScenarioPublished.astro': {
    shown: [
      'The published path speaks of the default options, and so does this comparison: positions here can be others.',
    ],
  },
};
