/** In the worker of a page, whose packets go from one ordinary address to another, on a host with Linux's defaults. */
import { isLocal, route, withLoopback } from '../routing.ts';
import type {
  GetsCopy,
  JudgeInput,
  JudgeOutput,
  SourceAddress,
  TiedTo,
  WhyNotTaken,
  WithDestination,
} from './types.ts';

export const judgeInput: JudgeInput | null = null;
export const judgeOutput: JudgeOutput | null = null;
export const tiedTo: TiedTo | null = null;
export const whyNotTaken: WhyNotTaken | null = null;
export const getsCopy: GetsCopy | null = null;
export const withDestination: WithDestination | null = null;

/** A local destination itself, or else the first address of the interface that the route leads to. */
export const sourceAddress: SourceAddress = (told, destination, boundTo) => {
  const host = withLoopback(told);
  const family = destination.includes(':') ? 'v6' : 'v4';
  if (isLocal(host, destination) && (boundTo === undefined || boundTo === 'lo'))
    return destination.startsWith('127.') ? '127.0.0.1' : destination;
  const source = family === 'v4' ? '0.0.0.0' : '::';
  const out = boundTo === undefined ? {} : { out: boundTo };
  const decision = route(host, { family, source, destination, mark: 0, ...out });
  if (decision.kind !== 'unicast') return null;
  const device = host.interfaces.find(({ name }) => name === decision.dev);
  const own = device?.addresses.map((address) => address.split('/')[0] as string) ?? [];
  return own.find((address) => address.includes(':') === (family === 'v6')) ?? null;
};
