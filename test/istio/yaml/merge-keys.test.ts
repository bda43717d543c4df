import { describe, expect, test } from 'vitest';
import { optionsFromPod } from '../../../src/istio/index.ts';
import { yamlMessageWords } from '../../../src/words/index.ts';

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

  test.for([
    ['a text', '<<: x', 'a map behind <<'],
    ['nothing', '<<:', 'a map behind <<'],
    ['a list with a text', '<<: [*usual, x]', 'a map behind <<'],
    ['a list in a list', '<<: [[*usual]]', 'a map behind <<'],
    ['an alias of nothing', '<<: *none', 'the name of an anchor'],
  ] as const)('%s is refused, and the rest is read', async ([, line, because]) => {
    const { options, messages } = await optionsFromPod(
      `usual: &usual\n  a: b\nkind: Pod\nmetadata:\n  annotations:\n    ${traffic}/excludeOutboundPorts: "3306"\n    ${line}`,
    );
    expect(options.outboundPortsExclude).toBe('3306');
    expect(messages.map((one) => yamlMessageWords(one).because)).toEqual([expect.stringContaining(because)]);
  });

  test('an alias of what it stands in has no end, and is told', async () => {
    const { options, messages } = await optionsFromPod(
      `kind: Pod\nmetadata:\n  annotations: &own\n    ${traffic}/excludeOutboundPorts: "3306"\n    <<: [*own]\n    x: *own`,
    );
    expect(options.outboundPortsExclude).toBe('3306');
    expect(
      messages.filter(({ severity }) => severity === 'error').map((one) => yamlMessageWords(one).because),
    ).toEqual(expect.arrayContaining([expect.stringContaining('something that ends')]));
  });
});
