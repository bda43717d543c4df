/** Any two releases side by side, under a setting of choice: the rules, and the six paths. */
import { useState } from 'preact/hooks';
import { settingWith } from '../../src/handbook/scenarios/index.ts';
import { changedPaths, settings } from '../../src/handbook/tables/index.ts';
import { releases, rulesFor } from '../../src/istio/index.ts';
import { ChangedPaths } from './ChangedPaths.tsx';
import { RulesDifference } from './RulesDifference.tsx';

export interface CompareReleasesProps {
  readonly before: string;
  readonly after: string;
}

export function CompareReleases(first: CompareReleasesProps) {
  const [before, setBefore] = useState(first.before);
  const [after, setAfter] = useState(first.after);
  const [name, setName] = useState(settings[0]?.name ?? '');
  const options = settings.find((one) => one.name === name)?.options;
  const one = settingWith(before, options);
  const other = settingWith(after, options);
  const paths = changedPaths(one, other);
  return (
    <div class="compare-releases">
      <form class="compare-choice needs-script" onSubmit={(event) => event.preventDefault()}>
        <Choice
          label="Istio"
          value={before}
          choices={releases.map((release) => release.name)}
          onChange={setBefore}
        />
        <Choice
          label="and Istio"
          value={after}
          choices={releases.map((release) => release.name)}
          onChange={setAfter}
        />
        <Choice
          label="Setting"
          value={name}
          choices={settings.map((setting) => setting.name)}
          onChange={setName}
        />
      </form>
      <h3 aria-live="polite">
        Rules of {before} and {after}, {name}
      </h3>
      <RulesDifference
        before={rulesFor(before, one.options)}
        after={rulesFor(after, other.options)}
        label={`Rules of ${before} and ${after}`}
        same="The rules are the same."
      />
      <h3>
        Paths of {before} and {after}
      </h3>
      {paths.length === 0 ? (
        <p class="difference-same">The six paths are the same.</p>
      ) : (
        <ChangedPaths paths={paths} names={[before, after]} />
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly string[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option value={choice} key={choice} selected={choice === value}>
            {choice}
          </option>
        ))}
      </select>
    </label>
  );
}
