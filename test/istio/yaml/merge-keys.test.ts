import { describe, expect, test } from 'vitest';
import { optionsFromPod } from '../../../src/istio/index.ts';

const traffic = 'traffic.sidecar.istio.io';

describe('merge keys, as kubectl reads them', () => {
  const usual = (port: string) => `15090,15021,${port},15020`;
  const merged = async (...annotations: string[]) => {
    const { options } = await optionsFromPod(
      [
        'usual: &usual',
        `  ${traffic}/excludeInboundPorts: "9100"`,
        'more: &more',
        `  ${traffic}/excludeInboundPorts: "9200"`,
        `  ${traffic}/excludeOutboundPorts: "3306"`,
        'kind: Pod',
        'metadata:',
        '  name: own',
        '  annotations:',
        ...annotations.map((line) => `    ${line}`),
      ].join('\n'),
    );
    return [options.inboundPortsExclude, options.outboundPortsExclude];
  };

  test.for([
    ['one map', ['<<: *usual'], [usual('9100'), undefined]],
    [
      'below it stands another value',
      ['<<: *usual', `${traffic}/excludeInboundPorts: "9300"`],
      [usual('9300'), undefined],
    ],
    ['of several the first goes before', ['<<: [*usual, *more]'], [usual('9100'), '3306']],
    ['in quotation marks it is a key like others', ['"<<": *usual'], [undefined, undefined]],
  ] as const)('%s', async ([, annotations, ports]) => {
    expect(await merged(...annotations)).toEqual(ports);
  });
});
