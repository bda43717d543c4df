/** The fields of the controls: a label, a control, and what is wrong with what was written. */
import { useEffect, useId, useState } from 'preact/hooks';

export interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

export function SelectField({ label, value, choices, onChange }: SelectFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option value={choice.value} key={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}

export interface CheckFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, checked, onChange }: CheckFieldProps) {
  return (
    <label class="controls-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** What is wrong with a text and how to write it, or null. A wrong text stays in the field and changes nothing. */
  readonly problemOf?: (text: string) => string | null;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, value, placeholder, problemOf, onChange }: TextFieldProps) {
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  useEffect(() => {
    setText(value);
    setProblem(null);
  }, [value]);
  return (
    <div class="controls-field">
      <label>
        <span>{label}</span>
        <input
          type="text"
          spellcheck={false}
          autocomplete="off"
          value={text}
          placeholder={placeholder}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : id}
          onInput={(event) => setText(event.currentTarget.value)}
          onChange={(event) => {
            const written = event.currentTarget.value.trim();
            const found = problemOf?.(written) ?? null;
            setProblem(found);
            if (found === null && written !== value) onChange(written);
          }}
        />
      </label>
      {problem !== null && (
        <p class="controls-problem" role="alert" id={id}>
          {problem}
        </p>
      )}
    </div>
  );
}

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

export function NumberField({ label, value, most, onChange }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      value={String(value)}
      problemOf={(text) =>
        /^\d{1,10}$/.test(text) && Number(text) <= most
          ? null
          : `"${text}" is no ${label}; write a number from 0 to ${most}.`
      }
      onChange={(text) => onChange(Number(text))}
    />
  );
}
