/** A page for some settings says for which, in words. */
import { experimental_AstroContainer as AstroContainer } from 'astro/container';
import { expect, test } from 'vitest';
import { renderedSource } from '../../src/site/mdx/page-source.ts';

/** TypeScript knows no Astro components; Vite does. */
const component = '../../components/prose/HoldsFor.astro';

async function note(...lines: readonly string[]): Promise<string> {
  const source = renderedSource('content/x.mdx', lines.join('\n'), false);
  const found = /<HoldsFor page=\{(.*?)\} some=\{(.*?)\} \/>/.exec(source);
  if (found === null) return '';
  const container = await AstroContainer.create();
  const { default: HoldsFor } = await import(/* @vite-ignore */ component);
  const html = await container.renderToString(HoldsFor, {
    props: { page: JSON.parse(found[1] as string), some: JSON.parse(found[2] as string) },
  });
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

test('nothing where all of it holds for all', async () => {
  expect(await note('Words.')).toBe('');
  expect(await note('<Where option="redirectDNS=true">Not here.</Where>')).toBe('');
});

test('the whole page, and parts of it', async () => {
  expect(
    await note(
      ...['---', 'title: x', 'where:', '  option: redirectDNS=false', '  since: noSsh', '---', ''],
      'A <Where option="inboundInterceptionMode!=TPROXY proxyUID=1337">b</Where>',
      '<Where rule="output.capture" noRule="output.rest">c</Where>',
    ),
  ).toMatchInlineSnapshot(
    `"This page holds only without redirectDNS and since Istio 1.13, which is how this handbook is set. Some of this page holds only with another inboundInterceptionMode than TPROXY and with proxyUID 1337, where there is a rule output.capture and where there is no rule output.rest, which is how this handbook is set. What can be set"`,
  );
});
