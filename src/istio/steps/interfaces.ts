/**
 * The steps for interfaces that are left alone, and for those of virtual machines in the pod.
 */
import { changes } from '../history/changes.ts';
import type { Timeline } from '../history/release.ts';
import { type Building, type BuildStep, type Command, each, mangle, nat, start } from './command.ts';
import type { Role } from './roles.ts';

export const excludedInterfaces: BuildStep = [
  {
    by: start,
    is: (building) => [
      ...each(building, 'excludeInterfaces', (name, from) => [
        nat('PREROUTING', `-i ${name} -j RETURN`, 'interface.excluded-in', from),
        nat('OUTPUT', `-o ${name} -j RETURN`, 'interface.excluded-out', from),
      ]),
      // In 1.11 also for IPv6, which TPROXY does not capture there. Source: shortCircuitExcludeInterfaces.
      ...(building.askedMode === 'TPROXY'
        ? each(building, 'excludeInterfaces', (name, from) => [
            mangle('PREROUTING', `-i ${name} -j RETURN`, 'interface.excluded-in', from),
            mangle('OUTPUT', `-o ${name} -j RETURN`, 'interface.excluded-out', from),
          ])
        : []),
    ],
  },
];

function virtualReturn(building: Building): readonly Command[] {
  return each(building, 'rerouteVirtualInterfaces', (name, from) => [
    { ...nat('PREROUTING', `-i ${name} -j RETURN`, 'interface.virtual-return', from), insertAt: 1 },
  ]);
}

export const virtualInterfacesFirst: BuildStep = [{ by: changes.virtualFirst, is: virtualReturn }];

export const virtualInterfacesLate: BuildStep = [
  { by: start, family: 'v4', is: virtualReturn },
  { by: changes.virtualFirst, is: () => [] },
];

/** The old builder of IPv6 returned where it should have captured. */
export const virtualCapture: Timeline<{ readonly target: string; readonly role: Role }> = [
  { by: start, is: { target: 'ISTIO_REDIRECT', role: 'interface.virtual-capture' } },
  { by: start, family: 'v6', is: { target: 'RETURN', role: 'interface.virtual-return' } },
  { by: changes.oneBuilder, is: { target: 'ISTIO_REDIRECT', role: 'interface.virtual-capture' } },
];
