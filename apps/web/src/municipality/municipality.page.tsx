import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries.js';
import { type MunicipalityTab } from '../shell/choices.js';
import { PageHeader } from '../shell/page-header.js';
import { useWords, Words } from '../shell/words.js';
import { Households } from './households.js';
import classes from './municipality.module.css';
import { NeedsAPerson } from './needs-a-person.js';
import { Scales } from './scales.js';

const route = getRouteApi('/signed-in/municipality');

const LABELS = {
  needs: 'municipality.needs',
  households: 'municipality.households',
  scales: 'municipality.scales',
} as const;

/** What needs the municipality today; its households and its scales. Operators see all of it but the households. */
export function MunicipalityPage() {
  const say = useWords();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const isClerk = session?.account.role === 'clerk';
  const tabs: readonly MunicipalityTab[] = isClerk ? ['needs', 'households', 'scales'] : ['needs', 'scales'];
  const { tab: asked = 'needs' } = route.useSearch();
  const tab = tabs.includes(asked) ? asked : 'needs';
  return (
    <>
      <PageHeader title={LABELS[tab]} />
      <nav className={classes.tabs} aria-label={say('municipality.tabs')}>
        <ul>
          {tabs.map((name) => (
            <li key={name}>
              <Link
                from="/municipality"
                to="."
                search={name === 'needs' ? {} : { tab: name }}
                activeOptions={{ exact: true }}
                data-chosen={name === tab}
              >
                <Words id={LABELS[name]} />
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Tab tab={tab} />
    </>
  );
}

function Tab({ tab }: { readonly tab: MunicipalityTab }) {
  switch (tab) {
    case 'needs':
      return <NeedsAPerson />;
    case 'households':
      return <Households />;
    case 'scales':
      return <Scales />;
  }
}
