/** Says the current step to a screen reader, once the reader has stopped for a moment. */
import { useEffect, useState } from 'preact/hooks';

export interface AnnouncementProps {
  readonly text: string;
  /** Nothing is said of this one. */
  readonly isQuiet: boolean;
}

/** Stepping quickly says only where one arrives, in milliseconds. */
const pause = 500;

export function Announcement({ text, isQuiet }: AnnouncementProps) {
  const [said, setSaid] = useState('');
  const [first] = useState(text);
  useEffect(() => {
    // The page's first view was read with the page.
    if (isQuiet || (said === '' && text === first)) return;
    const timer = setTimeout(() => setSaid(text), pause);
    return () => clearTimeout(timer);
  }, [text, isQuiet]);
  return (
    <p class="sr-only" role="status" data-announcement>
      {said === '' ? null : said}
    </p>
  );
}
