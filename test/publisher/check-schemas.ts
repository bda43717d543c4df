/** What two files of `deploy/check` may say, of which no package has types: by the documentation of GitHub and of pre-commit. */

interface ActionStep {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** An action of GitHub that is made of steps; a step that runs something has to name its shell. */
export interface CompositeAction {
  readonly name: string;
  readonly author?: string;
  readonly description: string;
  readonly inputs?: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly required?: boolean;
        readonly default?: string;
        readonly deprecationMessage?: string;
      }
    >
  >;
  readonly outputs?: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: {
    readonly using: 'composite';
    readonly steps: readonly (
      | (ActionStep & { readonly run: string; readonly shell: string; readonly 'working-directory'?: string })
      | (ActionStep & {
          readonly uses: string;
          readonly with?: Readonly<Record<string, string | number | boolean>>;
        })
    )[];
  };
}

/** A configuration of pre-commit with hooks of its own. */
export interface PreCommitConfig {
  readonly repos: readonly {
    readonly repo: 'local';
    readonly hooks: readonly {
      readonly id: string;
      readonly name: string;
      readonly entry: string;
      readonly language: 'system' | 'node' | 'script' | 'docker_image';
      readonly files?: string;
      readonly exclude?: string;
      readonly types?: readonly string[];
      readonly args?: readonly string[];
      readonly pass_filenames?: boolean;
      readonly require_serial?: boolean;
    }[];
  }[];
}
