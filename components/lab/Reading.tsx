/** What was read of a pasted text, whose rules these are, and what was left aside. */
import { type Inspection, type InspectionWords, usualConnection } from '../../src/handbook/lab/index.ts';
import { withBase } from '../../src/site/addresses/base.ts';
import { countWords } from '../../src/words/index.ts';

export interface ReadingProps {
  readonly inspection: Inspection;
  readonly words: InspectionWords;
  readonly onPod: (pod: number) => void;
}

export function Reading({ inspection, words, onPod }: ReadingProps) {
  const { pods, chosen, aside, problems, problemCount } = inspection;
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
        {words.summary}
      </p>
      {words.next !== null && <p class="lab-next">{words.next}</p>}
      {inspection.recognised[0].kind === 'native nftables' && (
        <p class="lab-asks">
          <a href={withBase('/learn/native-nftables/')}>What differs with native nftables</a>
        </p>
      )}
      {words.asks !== null && (
        <p class="lab-asks">
          {words.asks.says}{' '}
          <a href={withBase(`/traffic/${usualConnection}/#${words.asks.fragment}`)}>
            A connection on the rules that follow
          </a>
        </p>
      )}
      {words.signs.length > 0 && <Shown words={words} />}
      {words.others !== null && (
        <details class="lab-origins">
          <summary>{words.others.count}</summary>
          <ul>
            {words.others.origins.map((origin) => (
              <li key={origin}>{origin}</li>
            ))}
          </ul>
        </details>
      )}
      <p class="lab-read">
        Read: {words.read.join('; ') || 'no rules'}.
        {aside.count > 0 &&
          ` Left aside: ${countWords(aside.count, 'line')} that ${aside.count === 1 ? 'is' : 'are'} no rules.`}
      </p>
      {words.seeming !== null && words.seeming !== words.summary && (
        <p class="lab-seeming">{words.seeming}</p>
      )}
      {words.repairs.length > 0 && (
        <details class="lab-repairs">
          <summary>What was taken off around the rules</summary>
          <ul>
            {words.repairs.map((repair) => (
              <li key={repair}>{repair}</li>
            ))}
          </ul>
        </details>
      )}
      {words.known.length > 0 && (
        <ul class="lab-taken" aria-label="What the walks know of the pod">
          {words.known.map((sentence) => (
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
            <p>And {countWords(aside.count - aside.first.length, 'more line')}.</p>
          )}
        </details>
      )}
      {problemCount > 0 && (
        <details class="lab-problems" open={problemCount <= 5}>
          <summary>{countWords(problemCount, 'problem')} with this text; the rest was read</summary>
          <ol>
            {problems.map(({ line, column, found, expected, fix }) => (
              <li key={`${line}:${column}:${found}`}>
                <strong>
                  Line {line}, column {column}:
                </strong>{' '}
                found {found}; expected {expected}. {fix}
              </li>
            ))}
          </ol>
          {problemCount > problems.length && (
            <p>{countWords(problemCount - problems.length, 'more')} not listed.</p>
          )}
        </details>
      )}
    </section>
  );
}

/** What shows what the text is of. */
function Shown({ words: { signs, alsoOf } }: { readonly words: InspectionWords }) {
  return (
    <details class="lab-signs">
      <summary>What shows it</summary>
      <ul>
        {signs.map((sign) => (
          <li key={sign}>
            <code>{sign}</code>
          </li>
        ))}
      </ul>
      {alsoOf !== null && <p>{alsoOf}</p>}
    </details>
  );
}
