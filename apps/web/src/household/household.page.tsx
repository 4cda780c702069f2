import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Balance } from '#api-client';
import {
  balanceQuery,
  householdGrowthQuery,
  householdKey,
  householdWeighingsQuery,
  pointsQuery,
  sessionQuery,
} from '../api/queries.js';
import { useLiveWeighings } from '../api/use-live-weighings.js';
import { PageHeader } from '../shell/page-header.js';
import { useQuantities } from '../shell/quantities.js';
import { Answered, Bars, Nothing, Stale } from '../shell/states.js';
import { useThrottle } from '../shell/throttle.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import { ByMaterial } from './by-material.js';
import { Earnings } from './earnings.js';
import { Growth } from './growth.js';
import classes from './household.module.css';
import { WeighingsList } from './weighings-list.js';

const clerkRoute = getRouteApi('/signed-in/households/$householdId');

/** The page asks again at most this often while weighings arrive somewhere in the village. */
const REFRESH_MS_MIN = 3_000;
const GROWTH_DAYS = 90;

/** A household's own page. */
export function OwnHouseholdPage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const householdId = session?.account.householdId ?? null;
  return (
    <>
      <PageHeader title="household.title">
        <PrintButton />
      </PageHeader>
      {householdId === null ? (
        <Nothing title={<Words id="household.unlinked" />} hint={<Words id="household.unlinked.hint" />} />
      ) : (
        <Household householdId={householdId} mine />
      )}
    </>
  );
}

/** The same page as a clerk sees it, for any household of the municipality. */
export function ClerkHouseholdPage() {
  const { householdId } = clerkRoute.useParams();
  return (
    <>
      <p className={classes.back}>
        <Link to="/municipality" search={{ tab: 'households' }}>
          <Words id="household.back" />
        </Link>
      </p>
      <PageHeader title="household.title.clerk">
        <PrintButton />
      </PageHeader>
      <Household householdId={householdId} mine={false} />
    </>
  );
}

interface HouseholdProps {
  readonly householdId: string;
  /** Whether the reader is of this household. */
  readonly mine: boolean;
}

function Household({ householdId, mine }: HouseholdProps) {
  const refresh = useRefresh(householdId);
  const balance = useQuery(balanceQuery(householdId));
  const weighings = useInfiniteQuery(householdWeighingsQuery(householdId));
  const growth = useQuery(householdGrowthQuery(householdId, GROWTH_DAYS));
  const points = useQuery(pointsQuery);
  const list = weighings.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <Stale queries={[balance, weighings, growth]} />
      <Answered query={{ ...balance, refetch: refresh }} skeleton={<Bars heights={[4.5, 5, 9, 5]} />}>
        {(answer) => (
          <>
            <StatementHead balance={answer} />
            <Earnings balance={answer} weighings={list} points={points.data?.items ?? []} />
            <div className={classes.columns}>
              <section className={classes.card}>
                <Answered query={growth} skeleton={<Bars heights={[2, 18]} />}>
                  {(days) => <Growth growth={days} />}
                </Answered>
              </section>
              <section className={classes.card}>
                <ByMaterial items={answer.byMaterial} />
              </section>
            </div>
          </>
        )}
      </Answered>
      {/* One failure is said once. */}
      {balance.isLoadingError ? null : (
        <section className={classes.weighings} aria-labelledby="weighings">
          <h2 id="weighings">
            <Words id="weighings.title" />
          </h2>
          <Answered query={weighings} skeleton={<Bars heights={[4, 4, 4, 4]} />}>
            {() => (
              <WeighingsList
                mine={mine}
                weighings={list ?? []}
                points={points.data?.items ?? []}
                more={weighings.hasNextPage}
                loadingMore={weighings.isFetchingNextPage}
                onMore={() => void weighings.fetchNextPage()}
              />
            )}
          </Answered>
        </section>
      )}
    </>
  );
}

/**
 * Keeps the page fresh. A weighing anywhere may be one of theirs: the stream says when to look, without saying whose
 * it was.
 * @returns what asks for everything on the page again, at once
 */
function useRefresh(householdId: string): () => void {
  const queries = useQueryClient();
  const refresh = (): void => void queries.invalidateQueries({ queryKey: householdKey(householdId) });
  useLiveWeighings(null, useThrottle(refresh, REFRESH_MS_MIN));
  return refresh;
}

function PrintButton() {
  return (
    <Button
      variant="subtle"
      className={classes.print}
      leftSection={<IconPrinter size={18} aria-hidden />}
      onClick={() => window.print()}
    >
      <Words id="household.print" />
    </Button>
  );
}

/** Heads the printed statement: whose it is, from whom, and of which day. */
function StatementHead({ balance }: { readonly balance: Balance }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const text = useLocalText();
  const say = useWords();
  const { moment, count } = useQuantities();
  const name = balance.name ?? say('household.unnamed');
  return (
    <div className={classes.head}>
      <p className={classes.name}>
        <bdi>{name}</bdi>
      </p>
      <p className={classes.statement}>
        {say('household.statement', {
          municipality: session === null ? '' : text(session.municipality.name),
          year: String(balance.year),
          position: count(BigInt(balance.position)),
          moment: moment(new Date().toISOString()),
        })}
      </p>
    </div>
  );
}
