/**
 * What a pod tells of its app: whom it runs as, its ports and addresses, and what of that Istio stumbles over.
 */
import { familyOf, readAddress } from '../../netfilter/index.ts';
import { completeOptions, type Options, splitList } from '../options/options.ts';
import { field, itemsOf, numberOf, textOf, type Value } from './document.ts';
import type { WorkloadHints, YamlMessage } from './message.ts';
import type { PodSource } from './objects.ts';
import { optionOfVariable, type YamlSetting } from './settings.ts';

/** All containers but the proxy. */
export function appContainers(spec: Value | undefined): readonly Value[] {
  return itemsOf(field(spec, 'containers')).filter((one) => textOf(field(one, 'name')) !== 'istio-proxy');
}

export function hintsOf({ spec, status }: PodSource, netBindService: boolean): WorkloadHints {
  const [app] = appContainers(spec);
  const owner = (key: string) =>
    numberOf(field(app, 'securityContext', key)) ?? numberOf(field(spec, 'securityContext', key));
  const uid = owner('runAsUser');
  const gid = owner('runAsGroup');
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ports: [
      ...new Set(
        appContainers(spec).flatMap((one) =>
          itemsOf(field(one, 'ports')).flatMap((port) => numberOf(field(port, 'containerPort')) ?? []),
        ),
      ),
    ],
    addresses: addressesOf(status).map(({ address }) => address),
    netBindService,
  };
}

function addressesOf(status: Value | undefined) {
  const listed = itemsOf(field(status, 'podIPs')).map((one) => field(one, 'ip'));
  const all = listed.length > 0 ? listed : [field(status, 'podIP')];
  return all.flatMap((value) => {
    const address = textOf(value);
    return value === undefined || address === undefined || readAddress(address) === null
      ? []
      : [{ address, place: value.place }];
  });
}

/**
 * Whether Istio finds IPv6, as istio-init looks for it: by the first address of the pod, or by all of them.
 * Source: getLocalIP of tools/istio-iptables/pkg/cmd.
 */
export function ipv6Setting(
  status: Value | undefined,
  dualStack: boolean,
): { readonly settings: readonly YamlSetting[]; readonly messages: readonly YamlMessage[] } {
  const addresses = addressesOf(status);
  const [first, ...rest] = addresses;
  if (first === undefined) return { settings: [], messages: [] };
  const looked = dualStack ? addresses : [first];
  const found = looked.some(({ address }) => familyOf(address) === 'v6');
  const missed = found ? undefined : rest.find(({ address }) => familyOf(address) === 'v6');
  return {
    settings: [
      {
        option: 'enableIPv6',
        by: { kind: 'addresses of the pod' },
        value: String(found),
        place: first.place,
      },
    ],
    messages:
      missed === undefined
        ? []
        : [
            {
              severity: 'warning',
              code: 'IPv6 not seen',
              ...missed.place,
              address: missed.address,
            },
          ],
  };
}

/** The servers of a pod that brings its own resolv.conf. */
export function serverSettings(spec: Value | undefined): readonly YamlSetting[] {
  if (textOf(field(spec, 'dnsPolicy')) !== 'None') return [];
  const servers = itemsOf(field(spec, 'dnsConfig', 'nameservers')).flatMap((value) => {
    const address = textOf(value);
    return address === undefined || readAddress(address) === null ? [] : [{ address, place: value.place }];
  });
  return (['v4', 'v6'] as const).flatMap((family): readonly YamlSetting[] => {
    const own = servers.filter(({ address }) => familyOf(address) === family);
    const [first] = own;
    if (first === undefined) return [];
    return [
      {
        option: family === 'v4' ? 'dnsServersV4' : 'dnsServersV6',
        by: { kind: 'servers of the pod' },
        value: own.map(({ address }) => address).join(','),
        place: first.place,
      },
    ];
  });
}

/** What of the app makes that the rules do not do what one would think. */
export function checkApp({ spec }: PodSource, options: Partial<Options>): readonly YamlMessage[] {
  const { proxyUID, proxyGID } = completeOptions(options);
  const places = [
    ...appContainers(spec).map((one) => field(one, 'securityContext')),
    field(spec, 'securityContext'),
  ];
  const asProxy = places.flatMap((context) =>
    (
      [
        ['runAsUser', proxyUID],
        ['runAsGroup', proxyGID],
      ] as const
    ).flatMap(([key, ids]): readonly YamlMessage[] => {
      const value = field(context, key);
      const text = textOf(value);
      if (value === undefined || text === undefined || !splitList(ids).includes(text)) return [];
      return [
        {
          severity: 'warning',
          code: 'app as proxy',
          ...value.place,
          key,
          id: text,
        },
      ];
    }),
  );
  const misplaced = appContainers(spec).flatMap((one) =>
    itemsOf(field(one, 'env')).flatMap((variable): readonly YamlMessage[] => {
      const name = textOf(field(variable, 'name')) ?? '';
      if (optionOfVariable(name) === undefined) return [];
      return [
        {
          severity: 'warning',
          code: 'variable of the app',
          ...variable.place,
          name,
          container: textOf(field(one, 'name')) ?? '',
        },
      ];
    }),
  );
  return [...asProxy, ...misplaced];
}
