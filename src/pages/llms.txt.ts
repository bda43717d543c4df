/** What there is to read here, for programs that read: https://llmstxt.org. Every page has its text in Markdown. */
import { getCollection } from 'astro:content';
import type { APIRoute } from 'astro';
import handbook from '../../handbook.config.ts';
import { allScenarios } from '../handbook/scenarios/index.ts';
import { withBase } from '../site/addresses/base.ts';
import { scenarioAddress, scenarioFiles } from '../site/addresses/scenario-files.ts';
import { sections } from '../site/addresses/sections.ts';

export const GET: APIRoute = async ({ site }) => {
  const href = (address: string): string =>
    site === undefined ? withBase(address) : new URL(withBase(address), site).href;
  const pages = (await getCollection('docs'))
    .filter(({ id }) => id !== '404' && id !== 'index')
    .map(({ id, data }) => ({ id, title: data.title, says: data.description, order: data.sidebar.order }))
    .sort((a, b) => (a.order ?? 1e9) - (b.order ?? 1e9) || a.id.localeCompare(b.id));
  const line = ({ id, title, says }: (typeof pages)[number]): string =>
    `- [${title}](${href(`/${id}/index.md`)})${says === undefined ? '' : `: ${says}`}`;

  const told = sections.map(({ label, link, items }) => {
    const folder = items?.[0]?.autogenerate.directory.replace(/^content\//, '');
    const own = pages.filter(({ id }) =>
      folder === undefined ? `/${id}/` === link : id === folder || id.startsWith(`${folder}/`),
    );
    return { label, own };
  });
  const text = [
    `# ${handbook.title}`,
    '',
    `> ${handbook.description}`,
    '',
    `It speaks of Istio ${handbook.release}. Add index.md to the address of a page to get it as Markdown.`,
    ...told
      .filter(({ own }) => own.length > 0)
      .flatMap(({ label, own }) => ['', `## ${label}`, '', ...own.map(line)]),
    '',
    '## Paths for programs',
    '',
    `Each scenario has ${scenarioFiles.map(({ name }) => name).join(', ')} below its address.`,
    `The form of trace.json: ${href('/trace.schema.json')}`,
    '',
    ...allScenarios.map(
      (scenario) => `- [${scenario.title}](${href(`${scenarioAddress(scenario)}trace.json`)})`,
    ),
    '',
  ];
  return new Response(text.join('\n'));
};
