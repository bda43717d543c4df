/**
 * The last step, of TPROXY: marks that bring the answers of the app back to Envoy.
 */
import { changes } from '../history/changes.ts';
import {
  type Building,
  type BuildStep,
  type Command,
  each,
  isTproxy,
  loopback,
  mangle,
  ownerOptions,
  ownerRole,
  passthrough,
  selfCallMark,
} from './command.ts';

function saveMark({ options }: Building): Command {
  return mangle(
    'PREROUTING',
    `-p tcp -m mark --mark ${options.inboundTProxyMark} -j CONNMARK --save-mark`,
    'tproxy.save-mark',
  );
}

function restoreMark({ options }: Building): Command {
  return mangle(
    'OUTPUT',
    `-p tcp -m connmark --mark ${options.inboundTProxyMark} -j CONNMARK --restore-mark`,
    'tproxy.restore-mark',
  );
}

function skipProxied({ options }: Building): Command {
  return {
    ...mangle(
      'ISTIO_INBOUND',
      `-p tcp -m mark --mark ${options.inboundTProxyMark} -j RETURN`,
      'tproxy.skip-proxied',
    ),
    insertAt: 1,
  };
}

export const tproxyEnd: BuildStep = [
  {
    by: changes.loopbackMark,
    is: (building) =>
      isTproxy(building)
        ? [
            mangle(
              'OUTPUT',
              `-p tcp -s ${loopback(building)} ! -d ${loopback(building)} -j MARK --set-mark ${building.options.inboundTProxyMark}`,
              'tproxy.mark-loopback',
            ),
          ]
        : [],
  },
  {
    by: changes.preserveSource,
    is: (building) =>
      isTproxy(building) ? [saveMark(building), restoreMark(building), skipProxied(building)] : [],
  },
  {
    by: changes.selfCallMark,
    is: (building) =>
      isTproxy(building)
        ? [
            saveMark(building),
            mangle(
              'OUTPUT',
              `-p tcp -o lo -m mark --mark ${building.options.inboundTProxyMark} -j RETURN`,
              'tproxy.skip-marked',
            ),
            ...(['uid', 'gid'] as const).flatMap((owner) =>
              each(building, ownerOptions[owner], (id, from) => [
                mangle(
                  'OUTPUT',
                  `! -d ${loopback(building)} -p tcp -o lo -m owner --${owner}-owner ${id} -j MARK --set-mark ${selfCallMark}`,
                  ownerRole(owner, 'tproxy.mark-proxy'),
                  from,
                ),
              ]),
            ),
            restoreMark(building),
            skipProxied(building),
            {
              ...mangle(
                'ISTIO_INBOUND',
                `-p tcp -s ${passthrough[building.family]} -i lo -j RETURN`,
                'tproxy.skip-passthrough',
              ),
              insertAt: 2,
            },
            {
              ...mangle(
                'ISTIO_INBOUND',
                `-p tcp -i lo -m mark ! --mark ${selfCallMark} -j RETURN`,
                'tproxy.skip-app-self-call',
              ),
              insertAt: 3,
            },
          ]
        : [],
  },
];
