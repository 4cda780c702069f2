import { Button, TextInput } from '@mantine/core';
import { IconBuildingStore, IconHome, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { type HouseholdListItem } from '#api-client';
import { householdsQuery } from '../api/queries.js';
import { type Column, DataTable } from '../shell/data-table.js';
import { Ago, Credits, Money, useQuantities } from '../shell/quantities.js';
import { Answered, Bars, Nothing, Stale } from '../shell/states.js';
import { useWords, Words } from '../shell/words.js';
import classes from './municipality.module.css';

const route = getRouteApi('/signed-in/municipality');

/** Every household with what it earned; each opens its own page. */
export function Households() {
  const { search = '' } = route.useSearch();
  const query = useInfiniteQuery(householdsQuery(search));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <Search key={search} search={search} />
      <Stale queries={[query]} />
      <Answered query={query} skeleton={<Bars heights={[2.5, 3.5, 3.5, 3.5, 3.5, 3.5]} />}>
        {() =>
          rows.length === 0 ? (
            <NoHouseholds search={search} />
          ) : (
            <>
              <HouseholdsTable rows={rows} />
              {query.hasNextPage ? (
                <Button
                  variant="default"
                  className={classes.more}
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  <Words id="list.more" />
                </Button>
              ) : null}
            </>
          )
        }
      </Answered>
    </>
  );
}

function Search({ search }: { readonly search: string }) {
  const say = useWords();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(search);
  const find = (event: SubmitEvent): void => {
    event.preventDefault();
    const wanted = typed.trim();
    void navigate({ search: { tab: 'households', ...(wanted === '' ? {} : { search: wanted }) } });
  };
  return (
    <form role="search" className={classes.search} onSubmit={find}>
      <TextInput
        type="search"
        label={say('households.search')}
        dir="auto"
        value={typed}
        leftSection={<IconSearch size={18} aria-hidden />}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit">
        <Words id="households.find" />
      </Button>
    </form>
  );
}

function NoHouseholds({ search }: { readonly search: string }) {
  return search === '' ? (
    <Nothing title={<Words id="households.none" />} hint={<Words id="households.none.hint" />} />
  ) : (
    <Nothing
      title={<Words id="households.not-found" values={{ search: <bdi>{search}</bdi> }} />}
      hint={<Words id="households.not-found.hint" />}
      action={
        <Link to="/municipality" search={{ tab: 'households' }}>
          <Words id="households.all" />
        </Link>
      }
    />
  );
}

function HouseholdsTable({ rows }: { readonly rows: readonly HouseholdListItem[] }) {
  const say = useWords();
  const { count } = useQuantities();
  const columns: readonly Column<HouseholdListItem>[] = [
    {
      id: 'name',
      header: say('households.name'),
      heading: true,
      cell: (household) => <HouseholdName household={household} />,
    },
    {
      id: 'credits',
      header: say('households.credits'),
      numeric: true,
      cell: ({ microCredits }) => (
        <strong className={classes.saffron}>
          <Credits micro={microCredits} />
        </strong>
      ),
    },
    {
      id: 'reduction',
      header: say('households.reduction'),
      numeric: true,
      cell: ({ reductionMinor }) => <Money minor={reductionMinor} />,
    },
    {
      id: 'weighings',
      header: say('households.weighings'),
      numeric: true,
      cell: ({ weighings }) => count(weighings),
    },
    {
      id: 'last',
      header: say('households.last'),
      cell: ({ lastWeighedAt }) =>
        lastWeighedAt === null ? <Words id="households.never" /> : <Ago iso={lastWeighedAt} />,
    },
  ];
  return (
    <DataTable
      caption={say('municipality.households')}
      columns={columns}
      rows={rows}
      rowKey={({ householdId }) => householdId}
    />
  );
}

function HouseholdName({ household }: { readonly household: HouseholdListItem }) {
  const say = useWords();
  const Icon = household.kind === 'shop' ? IconBuildingStore : IconHome;
  return (
    <>
      <Link to="/households/$householdId" params={{ householdId: household.householdId }} className={classes.household}>
        <Icon size={18} stroke={1.75} aria-hidden />
        <span>
          <bdi>{household.name ?? say('household.unnamed')}</bdi>
        </span>
      </Link>{' '}
      <span className={classes.kind}>
        {household.kind === 'shop' ? say('households.shop') : say('households.persons', { count: household.persons })}
      </span>
    </>
  );
}
