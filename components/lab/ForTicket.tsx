/** Takes what was read into a ticket, with the connection that is looked at. */
import { useState } from 'preact/hooks';
import type { TicketWish } from '../engine/messages.ts';

export type TicketChoice = Pick<TicketWish, 'isAnonymous' | 'hasText'>;

export interface ForTicketProps {
  readonly choice: TicketChoice;
  readonly onChoose: (choice: TicketChoice) => void;
  readonly make: () => Promise<string>;
}

export function ForTicket({ choice, onChoose, make }: ForTicketProps) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    setSaid('Writing…');
    try {
      await navigator.clipboard.writeText(await make());
      setSaid('Copied as Markdown.');
    } catch (error) {
      setSaid(`It could not be copied. ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const box = (name: keyof TicketChoice, says: string) => (
    <label>
      <input
        type="checkbox"
        checked={choice[name]}
        onChange={(event) => onChoose({ ...choice, [name]: event.currentTarget.checked })}
      />
      <span>{says}</span>
    </label>
  );
  return (
    <fieldset class="lab-ticket" aria-label="For a ticket">
      <button type="button" onClick={copy}>
        Copy as Markdown
      </button>
      {box('isAnonymous', 'with other names and addresses')}
      {box('hasText', 'with a link that has the text')}
      <span role="status">{said}</span>
    </fieldset>
  );
}
