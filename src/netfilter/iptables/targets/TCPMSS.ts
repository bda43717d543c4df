/** TCPMSS: the maximum segment size that a SYN announces (net/netfilter/xt_TCPMSS.c). It is only ever made smaller. */
import { optionValue, type TargetExtension, targetOption } from '../extension.ts';
import { nothing, wholeNumber } from '../values.ts';

export const TCPMSS: TargetExtension = {
  name: 'TCPMSS',
  options: [
    targetOption<null>({ name: '--clamp-mss-to-pmtu', negatable: false, value: nothing }),
    targetOption<number>({ name: '--set-mss', negatable: false, value: wholeNumber(65495) }),
  ],
  act: (options, { packet }) => {
    const size = optionValue<number>(options, '--set-mss');
    if (size === undefined || typeof packet.mss !== 'number') return { verdict: { kind: 'continue' } };
    return { verdict: { kind: 'continue' }, packet: { ...packet, mss: Math.min(packet.mss, size) } };
  },
};
