import { IconAdjustmentsHorizontal, IconLanguage } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { type Session } from '#api-client';
import { sessionQuery } from '../api/queries.js';
import { RestingScales } from './mark.js';
import classes from './page-frame.module.css';
import { usePreferences } from './preferences.js';
import { PreferencesDialog } from './preferences-dialog.js';
import { QuantitiesProvider } from './quantities.js';
import { pagesOf } from './roles.js';
import { useLocalText, useWords, Words } from './words.js';

/** The frame of every page behind the sign-in: where one is, where one can go, and the page. */
export function PageFrame() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  // Signing out empties the session a moment before the router leaves this frame.
  if (session === null) return null;
  return (
    <QuantitiesProvider municipality={session.municipality}>
      <SignedIn session={session} />
    </QuantitiesProvider>
  );
}

function SignedIn({ session }: { readonly session: Session }) {
  const text = useLocalText();
  const main = useHeadingFocus();
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#main">
        <Words id="shell.skip" />
      </a>
      <header className={classes.bar}>
        <Link to="/" className={classes.brand}>
          <RestingScales className={classes.mark} />
          <span className={classes.names}>
            <strong>
              <Words id="app.name" />
            </strong>
            <span>
              <bdi>{text(session.municipality.name)}</bdi>
            </span>
          </span>
        </Link>
        <div className={classes.tools}>
          <LanguageSwitch />
          <Preferences session={session} />
        </div>
      </header>
      <Navigation session={session} />
      <main id="main" tabIndex={-1} ref={main} className={classes.main}>
        <Outlet />
      </main>
    </div>
  );
}

function Navigation({ session }: { readonly session: Session }) {
  const say = useWords();
  return (
    <nav className={classes.nav} aria-label={say('shell.navigation')}>
      <ul>
        {pagesOf(session.account.role).map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link to={to} className={classes.link} activeOptions={{ includeSearch: false }}>
              <Icon size={22} stroke={1.75} aria-hidden />
              <span>{say(label)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** One tap to the other language, named in that language. */
export function LanguageSwitch() {
  const { language, choose } = usePreferences();
  const other = language === 'ar' ? 'en' : 'ar';
  const say = useWords();
  return (
    <button type="button" className={classes.tool} onClick={() => void choose({ language: other })}>
      <IconLanguage size={20} stroke={1.75} aria-hidden />
      <span lang={other}>{say('shell.other-language')}</span>
    </button>
  );
}

function Preferences({ session }: { readonly session: Session }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const say = useWords();
  return (
    <>
      <button
        type="button"
        className={classes.tool}
        aria-haspopup="dialog"
        aria-label={say('shell.account', { name: session.account.name })}
        onClick={() => dialog.current?.showModal()}
      >
        <IconAdjustmentsHorizontal size={20} stroke={1.75} aria-hidden />
        <span className={classes.account}>
          <bdi>{session.account.name}</bdi>
        </span>
      </button>
      <PreferencesDialog ref={dialog} account={session.account} />
    </>
  );
}

/** After a change of page the heading is in focus, so that it is read out and the next Tab starts there. */
function useHeadingFocus() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) {
      main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    }
    before.current = path;
  }, [path]);
  return main;
}
