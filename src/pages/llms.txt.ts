/** What there is to read here, for programs that read: https://llmstxt.org. Every page has its text in Markdown. */
import type { APIRoute } from 'astro';
import handbook from '../../handbook.config.ts';
import { shownScenarios } from '../handbook/scenarios/index.ts';
import { withBase } from '../site/addresses/base.ts';
import { publishedPages } from '../site/addresses/pages.ts';
import { scenarioAddress, scenarioFiles } from '../site/addresses/scenario-files.ts';
import { type SectionPage, sectionsOf } from '../site/addresses/sections.ts';
import { escaped } from '../site/markdown/from-page.ts';

export const GET: APIRoute = async ({ site }) => {
  const href = (address: string): string =>
    site === undefined ? withBase(address) : new URL(withBase(address), site).href;
  const line = ({ address, title, description }: SectionPage): string =>
    `- [${title}](${href(`${address}index.md`)})${description === undefined ? '' : `: ${description}`}`;

  const text = [
    `# ${escaped(handbook.title)}`,
    '',
    `> ${escaped(handbook.description)}`,
    '',
    `It speaks of Istio ${handbook.release}. Add index.md to the address of a page to get it as Markdown.`,
    ...sectionsOf(await publishedPages()).flatMap(({ label, pages }) => [
      '',
      `## ${label}`,
      '',
      ...pages.map(line),
    ]),
    '',
    '## Paths for programs',
    '',
    `Each scenario has ${scenarioFiles.map(({ name }) => name).join(', ')} below its address.`,
    `The form of trace.json: ${href('/trace.schema.json')}`,
    '',
    ...shownScenarios.map(
      (scenario) => `- [${scenario.title}](${href(`${scenarioAddress(scenario)}trace.json`)})`,
    ),
    '',
  ];
  return new Response(text.join('\n'));
};
