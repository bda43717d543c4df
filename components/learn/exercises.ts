/** What the questions of a page do once scripts run: an answer is marked by what the engine walked when the page was built. */
import { keepAnswer, keptAnswers } from '../../src/site/browser-storage.ts';

for (const form of document.querySelectorAll<HTMLFormElement>('form.exercise')) {
  const id = form.dataset.exercise ?? '';
  const status = form.querySelector<HTMLElement>('[role="status"]');
  const answer = form.querySelector('details');
  if (keptAnswers().has(id)) form.dataset.answered = 'before';

  const say = (what: string): void => {
    if (status !== null) status.textContent = what;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = form.querySelector<HTMLElement>('label:has(input:checked)');
    if (chosen === null) {
      say(status?.dataset.choose ?? '');
      return;
    }
    const isRight = chosen.dataset.right !== undefined;
    form.dataset.answered = isRight ? 'right' : 'wrong';
    const verdict = (isRight ? status?.dataset.saysRight : status?.dataset.saysWrong) ?? '';
    say(`${verdict} ${chosen.dataset.reason ?? ''}`.trim());
    // The path and the reason are shown with a wrong answer, and stay a click away with a right one.
    if (answer !== null) answer.open = !isRight;
    if (isRight) keepAnswer(id, new Date().toISOString().slice(0, 10));
  });
  // Another choice is another answer.
  form.addEventListener('change', () => {
    delete form.dataset.answered;
    say('');
  });
}
