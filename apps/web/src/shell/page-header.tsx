import { type ReactNode, useEffect } from 'react';
import { type MessageId } from '../messages/catalogue.js';
import classes from './page-header.module.css';
import { useWords } from './words.js';

interface Props {
  readonly title: MessageId;
  /** Beside the title: what the page is about right now. */
  readonly children?: ReactNode;
}

/** The page's one first-level heading, hanging from the beam; it also names the tab of the browser. */
export function PageHeader({ title, children }: Props) {
  const say = useWords();
  const text = say(title);
  const tab = say('app.tab', { page: text });
  useEffect(() => {
    document.title = tab;
  }, [tab]);
  return (
    <header className={classes.header}>
      <h1 tabIndex={-1}>{text}</h1>
      {children}
    </header>
  );
}
