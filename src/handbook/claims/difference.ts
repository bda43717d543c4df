/** Two lists laid side by side, as a diff does. */

export interface DiffLine {
  readonly kind: 'same' | 'stated' | 'walked';
  readonly text: string;
}

/** The shortest way from one to the other; what is stated comes before what is walked. */
export function lineDifference(stated: readonly string[], walked: readonly string[]): readonly DiffLine[] {
  const common = Array.from({ length: stated.length + 1 }, () =>
    new Array<number>(walked.length + 1).fill(0),
  );
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = stated.length - 1; i >= 0; i--) {
    for (let j = walked.length - 1; j >= 0; j--) {
      (common[i] as number[])[j] =
        stated[i] === walked[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < stated.length || j < walked.length) {
    const said = stated[i];
    const is = walked[j];
    if (said !== undefined && said === is) {
      lines.push({ kind: 'same', text: said });
      i++;
      j++;
    } else if (said !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'stated', text: said });
      i++;
    } else {
      lines.push({ kind: 'walked', text: is as string });
      j++;
    }
  }
  return lines;
}

const marks = { same: ' ', stated: '-', walked: '+' } as const;

/** `- ISTIO_OUTPUT 8`, `+ ISTIO_OUTPUT 4`, each on a line; unchanged ones begin with a space. */
export function printDifference(lines: readonly DiffLine[]): readonly string[] {
  return lines.map(({ kind, text }) => `${marks[kind]} ${text}`);
}
