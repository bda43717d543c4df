/** Two sides as a reader chose them: rules of sidecars' pods, or one at least of ambient mode; of a node and a pod a probe's way over both. */
import type { AmbientIdentification } from '../../analysis/index.ts';
import type { Request } from '../../journey/index.ts';
import { stopLines } from '../../render/index.ts';
import { ending } from '../../words/index.ts';
import { probeOver } from '../scenarios/ambient-node.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { encodePermalink } from '../walk/index.ts';
import {
  ambientSideOf,
  areComparable,
  comparingAmbientWays,
  pastedAmbientSide,
  sidecarSide,
  type WalkableSide,
} from './ambient-comparison.ts';
import { type Comparison, comparing } from './comparison.ts';
import { type Inspected, inspectRules } from './inspection.ts';
import { asIstioMakesIt } from './pod.ts';
import type { ComparedSide } from './sides.ts';
import { usualConnection } from './usual-connection.ts';

/** A side, and on what its connections are walked. */
export interface LaidSide {
  readonly pod: RealPod;
  /** Of ambient mode; null for the pod of a sidecar. */
  readonly ambient: WalkableSide | null;
  /** The address of a connection on it, below the base path; null where it is walked in the lab. */
  readonly link: (request: Request) => string | null;
}

const nowhere = () => null;

/** A side with its rules. The pod that is pasted stands for each, with other rules where others are asked for. */
export function layOut(side: ComparedSide, inspected: Inspected | null): LaidSide {
  const these = inspected?.pod ?? {};
  const found = inspected?.inspection.ambient ?? null;
  switch (side.kind) {
    case 'these':
      return laid(these, found);
    case 'setting': {
      const { release } = side.setting;
      if (side.isAsThese !== true || found === null) {
        const link = (request: Request) =>
          `/traffic/${usualConnection}/#${encodePermalink({ scenario: usualConnection, ...side.setting, request })}`;
        return { pod: { ...asIstioMakesIt(these), setting: side.setting }, ambient: null, link };
      }
      const { options } = found;
      const link = (request: Request) =>
        `/ambient/service/#${encodePermalink({ scenario: 'ambient-service', release, ambient: options, request })}`;
      return {
        pod: these,
        ambient: ambientSideOf({ release, options }, found.side, these),
        link: found.side === 'node' ? nowhere : link,
      };
    }
    case 'text': {
      const { pod: other, inspection } = inspectRules(side.text);
      if (inspection.ambient !== null) return laid(other, inspection.ambient);
      const { rulesets = {}, setting, native } = other;
      const { native: _, ...pod } = these;
      return laid(
        {
          ...pod,
          ...(native === undefined ? {} : { native }),
          rulesets,
          ...(setting === undefined ? {} : { setting }),
        },
        null,
      );
    }
  }
}

function laid(pod: RealPod, found: AmbientIdentification | null): LaidSide {
  return { pod, ambient: found === null ? null : pastedAmbientSide(pod, found), link: nowhere };
}

/** Compares two sides; yields, from 0 to 1, how far it has come. */
export function* comparingSides(a: LaidSide, b: LaidSide): Generator<number, Comparison> {
  if (a.ambient === null && b.ambient === null) return yield* comparing(a.pod, b.pod);
  const [one, other] = [a.ambient ?? sidecarSide(a.pod), b.ambient ?? sidecarSide(b.pod)];
  return areComparable(one, other) ? yield* comparingAmbientWays(one, other) : overBoth(one, other);
}

/** A node and a pod have no connection that goes on each alone: a probe goes over one into the other. */
function overBoth(a: WalkableSide, b: WalkableSide): Comparison {
  const [node, pod] = a.of === 'node' ? [a, b] : [b, a];
  const probed = probeOver(
    (request) => node.walk(request).journey,
    (request) => pod.walk(request).journey,
    pod.probed,
  );
  return {
    chains: [],
    isOfTwoLanguages: false,
    differing: 0,
    connections: [],
    walked: 1,
    moved: 0,
    different: 0,
    otherwise: 0,
    open: 0,
    probe: { lines: stopLines(probed), ending: ending(probed) },
  };
}
