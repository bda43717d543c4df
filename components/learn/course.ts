/** How far the reader is in the course: what was answered on its pages, counted. */
import { forgetAnswers, keptAnswers } from '../../src/site/browser-storage.ts';

const record = document.querySelector('[data-course-record]');

function show(): void {
  const kept = keptAnswers();
  for (const step of document.querySelectorAll<HTMLElement>('[data-answers]')) {
    const ids = (step.dataset.answers ?? '').split(' ').filter((id) => id !== '');
    const done = ids.filter((id) => kept.has(id)).length;
    step.toggleAttribute('data-done', ids.length > 0 && done === ids.length);
    const progress = step.querySelector<HTMLElement>('[data-progress]');
    if (progress !== null) progress.textContent = `, ${done} ${progress.dataset.words}`;
  }
  let count = 0;
  for (const line of record?.querySelectorAll<HTMLElement>('[data-answered-id]') ?? []) {
    const day = kept.get(line.dataset.answeredId ?? '');
    line.hidden = day === undefined;
    if (day === undefined) continue;
    count += 1;
    const time = line.querySelector('time');
    if (time !== null) time.textContent = day;
  }
  const counted = record?.querySelector('[data-course-count]');
  if (counted != null) counted.textContent = String(count);
}

show();
// An answer that is given in another tab counts here, too.
addEventListener('storage', show);
addEventListener('pageshow', show);
record?.querySelector('[data-course-print]')?.addEventListener('click', () => print());
record?.querySelector('[data-course-forget]')?.addEventListener('click', () => {
  forgetAnswers();
  show();
  const status = record.querySelector('[data-course-status]');
  if (status !== null) status.textContent = 'Forgotten.';
});
