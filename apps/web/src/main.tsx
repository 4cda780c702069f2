import './shell/mantine.css';
import './shell/fonts.css';
import './shell/global.css';
import { createRoot } from 'react-dom/client';
import { createQueries, sessionQuery } from './api/queries.js';
import { loadMessages } from './messages/catalogue.js';
import { App } from './shell/app.js';
import { applyLanguage, PreferencesProvider, rememberedChoices } from './shell/preferences.js';
import { createAppRouter } from './shell/router.js';

/** Starts the application in the language that was chosen here before. */
async function start(container: HTMLElement): Promise<void> {
  const initial = rememberedChoices();
  applyLanguage(initial.language);
  const queries = createQueries(() => {
    queries.setQueryData(sessionQuery.queryKey, null);
    void router.invalidate();
  });
  const router = createAppRouter(queries);
  const initialMessages = await loadMessages(initial.language);
  createRoot(container).render(
    <PreferencesProvider initial={initial} initialMessages={initialMessages}>
      <App queries={queries} router={router} />
    </PreferencesProvider>,
  );
}

const container = document.getElementById('root');
if (container === null) throw new Error('The page has no #root to start in.');
void start(container);
