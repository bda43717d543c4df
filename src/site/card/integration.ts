/** Writes `card.png` where the handbook knows its own host: a card's address has to be a whole one. */
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import handbook from '../../../handbook.config.ts';
import { cardSvg } from './card.ts';

export function socialCard(): AstroIntegration {
  return {
    name: 'social-card',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        if (handbook.site === undefined) return;
        const svg = cardSvg({
          title: handbook.title,
          description: handbook.description,
          note: `Istio ${handbook.release}`,
        });
        try {
          // Astro brings it where there is one for the machine.
          const { default: sharp } = await import('sharp');
          await sharp(Buffer.from(svg))
            .png({ compressionLevel: 9, palette: true })
            .toFile(fileURLToPath(new URL('card.png', dir)));
        } catch (error) {
          logger.warn(`No card.png: ${error instanceof Error ? error.message : error}`);
        }
      },
    },
  };
}
