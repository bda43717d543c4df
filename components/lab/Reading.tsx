/** What was read of a pasted text, whose rules these are, and what was left aside. */
import { type Inspection, otherOrigins, type ReadRules, summary } from '../../src/handbook/index.ts';

export interface ReadingProps {
  readonly inspection: Inspection;
  readonly onPod: (pod: number) => void;
}

export function Reading({ inspection, onPod }: ReadingProps) {
  const origins = otherOrigins(inspection);
  const { pods, chosen, read, also, taken, aside, problems, problemCount } = inspection;
  return (
    <section class="lab-reading" aria-label="What was read">
      {pods.length > 1 && (
        <label class="lab-pods">
          <span>{pods.length} pods are in this text; this one is inspected:</span>
          <select value={String(chosen)} onChange={(event) => onPod(Number(event.currentTarget.value))}>
            {pods.map((name, index) => (
              <option value={String(index)} key={String(index)}>
                {name ?? `the ${index === 0 ? 'first' : 'next'}, without a name`}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="lab-summary" role="status">
        {summary(inspection)}
      </p>
      {origins.length > 0 && (
        <details class="lab-origins">
          <summary>{otherWords(inspection, origins.length)}</summary>
          <ul>
            {origins.map((origin) => (
              <li key={origin}>{origin}</li>
            ))}
          </ul>
        </details>
      )}
      <p class="lab-read">
        Read: {[...read.map(words), ...also].join('; ') || 'nothing'}.
        {aside.count > 0 &&
          ` Left aside: ${counted(aside.count, 'line')} that ${aside.count === 1 ? 'is' : 'are'} no rules.`}
      </p>
      {taken.length > 0 && (
        <ul class="lab-taken" aria-label="What the walks know of the pod">
          {taken.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {aside.count > 0 && (
        <details class="lab-aside">
          <summary>What was left aside</summary>
          <ul>
            {aside.first.map(({ line, text }) => (
              <li key={line}>
                Line {line}: <code>{text}</code>
              </li>
            ))}
          </ul>
          {aside.count > aside.first.length && (
            <p>And {counted(aside.count - aside.first.length, 'more line')}.</p>
          )}
        </details>
      )}
      {problemCount > 0 && (
        <details class="lab-problems" open={problemCount <= 5}>
          <summary>{counted(problemCount, 'problem')} with this text; the rest was read</summary>
          <ol>
            {problems.map(({ line, column, found, expected, mend }) => (
              <li key={`${line}:${column}:${found}`}>
                <strong>
                  Line {line}, column {column}:
                </strong>{' '}
                found {found}; expected {expected}. {mend}
              </li>
            ))}
          </ol>
          {problemCount > problems.length && (
            <p>{counted(problemCount - problems.length, 'more')} not listed.</p>
          )}
        </details>
      )}
    </section>
  );
}

function otherWords({ identified: [main] }: Inspection, count: number): string {
  const isExact = main !== undefined && main.missing + main.foreign === 0;
  const one = count === 1;
  const who = one ? 'One other setting' : `${count} other settings`;
  return isExact
    ? `${who} ${one ? 'makes' : 'make'} the same rules`
    : `${who} ${one ? 'comes' : 'come'} as near`;
}

function words({ family, backEnd, tables, chains, rules }: ReadRules): string {
  const of = `${family === 'v4' ? 'IPv4' : 'IPv6'}${backEnd === null ? '' : ` (${backEnd})`}`;
  return `${of}: ${counted(tables, 'table')}, ${counted(chains, 'chain')}, ${counted(rules, 'rule')}`;
}

function counted(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
