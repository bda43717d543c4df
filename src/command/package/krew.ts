/** The manifest by which krew, the manager of kubectl's plugins, installs the tarball: `npm run pack -- --krew ADDRESS`. */
import { stringify } from 'yaml';

/** How kubectl calls it: `kubectl sidetrack`. */
export const krewName = 'sidetrack';

export interface Released {
  /** `0.1.0` */
  readonly version: string;
  readonly description: string;
  readonly homepage: string;
  /** Where the tarball will be. */
  readonly uri: string;
  /** Of the tarball, in hexadecimal digits. */
  readonly sha256: string;
  /** The command, below the tarball's folder `package`. */
  readonly bin: string;
}

/** As krew's own documentation of manifests has it. Node has to be there; that is what the caveat is for. */
export function krewManifest({ version, description, homepage, uri, sha256, bin }: Released): string {
  return stringify({
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: krewName },
    spec: {
      version: `v${version}`,
      homepage,
      shortDescription: 'Inspect and check traffic interception of Istio',
      description,
      caveats: 'It needs Node 22.12 or later.',
      platforms: [
        {
          selector: { matchExpressions: [{ key: 'os', operator: 'In', values: ['linux', 'darwin'] }] },
          uri,
          sha256,
          files: [{ from: 'package/*', to: '.' }],
          bin,
        },
      ],
    },
  });
}
