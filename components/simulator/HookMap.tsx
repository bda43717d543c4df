/** The five hooks of netfilter and the ways between them; the packet's own is lit, and each leads to its step. */
import type { HookPlace } from '../../src/handbook/walk/index.ts';
import type { Hook } from '../../src/netfilter/index.ts';

export interface HookMapProps {
  readonly places: readonly HookPlace[];
  readonly onGo: (step: number) => void;
}

/** The middle of each hook's box. */
const middles: Readonly<Record<Hook, readonly [x: number, y: number]>> = {
  PREROUTING: [61, 104],
  INPUT: [45, 24],
  FORWARD: [130, 64],
  OUTPUT: [212, 24],
  POSTROUTING: [196, 104],
};
export const hooksOfMap = Object.keys(middles) as readonly Hook[];
const height = 24;

/** From the network in, to the processes and back out, and the way that `lo` takes. */
const ways = [
  'M2 104H14',
  'M84 92V64H94',
  'M166 64H176V90',
  'M246 104H258',
  'M40 92V38',
  'M76 24H97',
  'M158 24H179',
  'M222 36V90',
  'M196 116V136H61V118',
];

export function HookMap({ places, onGo }: HookMapProps) {
  return (
    <fieldset class="hook-map" aria-label="The hooks of this leg">
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the fieldset names it, and a title would hover over every hook */}
      <svg viewBox="0 0 260 144">
        <defs>
          <marker
            id="hook-map-head"
            viewBox="0 0 6 6"
            refX="5"
            refY="3"
            markerWidth="5"
            markerHeight="5"
            orient="auto"
          >
            <path d="M0 0L6 3L0 6z" />
          </marker>
        </defs>
        {ways.map((way) => (
          <path class="hook-way" d={way} key={way} marker-end="url(#hook-map-head)" />
        ))}
        <text class="hook-note" x="128" y="28">
          process
        </text>
        <text class="hook-note" x="130" y="132">
          lo
        </text>
        {places.map(({ hook, step, isCurrent }) => {
          const [x, y] = middles[hook];
          const isMet = step !== null;
          const width = 8 * hook.length + 12;
          return (
            <g
              // Another element, because Preact would leave the old one in the order of tabs.
              key={`${hook} ${isMet}`}
              class="hook-place"
              data-met={isMet ? '' : undefined}
              data-hook={hook}
              {...(isMet
                ? {
                    role: 'button',
                    // In SVG a browser does not know "tabIndex".
                    tabindex: 0,
                    'aria-current': isCurrent ? ('step' as const) : undefined,
                    'aria-label': `To ${hook}`,
                    onClick: () => onGo(step),
                    onKeyDown: (event: KeyboardEvent) => {
                      if (event.key !== 'Enter' && event.key !== ' ') return;
                      event.preventDefault();
                      onGo(step);
                    },
                  }
                : { 'aria-hidden': true })}
            >
              <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx="4" />
              <text x={x} y={y + 4}>
                {hook}
              </text>
            </g>
          );
        })}
      </svg>
    </fieldset>
  );
}
