/** YAML as the tests of it write it, and what is said about it. */
import type { FromYaml } from '../../../src/istio/index.ts';
import { printYamlMessage } from '../../../src/words/index.ts';

export function words({ messages }: FromYaml): readonly string[] {
  return messages.map(printYamlMessage);
}

/** A Deployment with these annotations on its template, from line 9 on. */
export function deployment(annotations: readonly string[], spec: readonly string[] = []): string {
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: reviews',
    'spec:',
    '  template:',
    '    metadata:',
    '      annotations:',
    ...annotations.map((line) => `        ${line}`),
    '    spec:',
    ...spec.map((line) => `      ${line}`),
    '      containers:',
    '      - name: app',
  ].join('\n');
}
