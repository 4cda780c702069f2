import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useReducer, useRef, useState } from 'react';
import { type LiveWeighing, type Points } from '#api-client';
import { type Connection } from '../api/live-weighings.js';
import { pointsQuery, recentWeighingsQuery, sessionQuery, stocksQuery } from '../api/queries.js';
import { useLiveWeighings } from '../api/use-live-weighings.js';
import { sumOf } from '../shell/amounts.js';
import { PageHeader } from '../shell/page-header.js';
import { useQuantities } from '../shell/quantities.js';
import { allowedAt } from '../shell/roles.js';
import { Answered, Bars, Nothing, Stale } from '../shell/states.js';
import { Words } from '../shell/words.js';
import { ArrivalsList } from './arrivals-list.js';
import { arrivalsAfter, NO_ARRIVALS } from './arrivals.js';
import { PointCard } from './point-card.js';
import classes from './points.module.css';
import { useThrottle } from '../shell/throttle.js';

const route = getRouteApi('/signed-in/points');

/** The board asks for its totals again at most this often, however fast weighings arrive. */
const TOTALS_MS_MIN = 1_000;
/** How long a point stays marked after a weighing. */
const MARK_MS = 2_400;

/** The live board: what each point took today, and each weighing as it happens. */
export function PointsPage() {
  const query = useQuery(pointsQuery);
  const { arrivals, change, connection, changed } = useBoard();
  return (
    <>
      <PageHeader title="points.title">
        <LiveSign connection={connection} />
      </PageHeader>
      <Stale queries={[query]} connection={connection} />
      <Answered query={query} skeleton={<Bars heights={[6, 13, 13, 13]} />}>
        {(board) =>
          board.items.length === 0 ? (
            <Nothing title={<Words id="points.none" />} hint={<Words id="points.none.hint" />} />
          ) : (
            <div className={classes.board}>
              <Today board={board} />
              <PointCards board={board} changed={changed} />
              <ArrivalsList arrivals={arrivals} change={change} points={board.items} />
            </div>
          )
        }
      </Answered>
    </>
  );
}

/** Follows the stream from where the recent weighings end, and keeps the totals up with it. */
function useBoard() {
  const queries = useQueryClient();
  const recent = useQuery(recentWeighingsQuery);
  const [arrivals, change] = useReducer(arrivalsAfter, NO_ARRIVALS);
  const [changed, mark] = useMark();
  const refreshTotals = useThrottle(() => {
    void queries.invalidateQueries({ queryKey: pointsQuery.queryKey });
    void queries.invalidateQueries({ queryKey: stocksQuery.queryKey });
  }, TOTALS_MS_MIN);
  useEffect(() => {
    if (recent.data !== undefined) change({ type: 'opened', recent: recent.data });
  }, [recent.data]);
  const after = recent.data === undefined ? undefined : (recent.data[0]?.position ?? null);
  const connection = useLiveWeighings(after, (weighing) => {
    change({ type: 'arrived', weighing });
    mark(weighing);
    refreshTotals();
  });
  const failed: Connection | null =
    recent.error === null ? null : { phase: 'lost', heardAt: recent.dataUpdatedAt || recent.errorUpdatedAt };
  return { arrivals, change, changed, connection: failed ?? connection };
}

/** The last weighing, for as long as its place is marked. */
function useMark(): [LiveWeighing | null, (weighing: LiveWeighing) => void] {
  const [marked, setMarked] = useState<LiveWeighing | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [
    marked,
    (weighing) => {
      clearTimeout(timer.current);
      setMarked(weighing);
      timer.current = setTimeout(() => setMarked(null), MARK_MS);
    },
  ];
}

function LiveSign({ connection }: { readonly connection: Connection }) {
  const label = { connecting: 'live.connecting', live: 'live.live', lost: 'live.lost' } as const;
  return (
    <p className={classes.live} data-phase={connection.phase} role="status">
      <span aria-hidden="true" />
      <Words id={label[connection.phase]} />
    </p>
  );
}

function Today({ board }: { readonly board: Points }) {
  const { kilograms } = useQuantities();
  const grams = sumOf(board.items.map(({ today }) => today.netGrams));
  const weighings = board.items.reduce((sum, { today }) => sum + today.weighings, 0);
  return (
    <section className={classes.today} aria-labelledby="today">
      <h2 id="today">
        <Words id="points.today" />
      </h2>
      <p className={classes.hero}>
        <bdi className="figure">{kilograms(grams)}</bdi>
        <span>
          <Words id="unit.kilograms" />
        </span>
      </p>
      <p className={classes.aside}>
        <Words id="points.weighings" values={{ count: weighings }} />
      </p>
    </section>
  );
}

interface CardsProps {
  readonly board: Points;
  readonly changed: LiveWeighing | null;
}

function PointCards({ board, changed }: CardsProps) {
  const { data: session } = useQuery(sessionQuery);
  const maySeeStock = session != null && allowedAt('/stocks').includes(session.account.role);
  const { data: stocks } = useQuery({ ...stocksQuery, enabled: maySeeStock });
  const { point } = route.useSearch();
  return (
    <section className={classes.points} aria-labelledby="points">
      <h2 id="points" className={classes.heading}>
        <Words id="points.places" />
      </h2>
      <ul>
        {board.items.map((item) => (
          <li key={item.pointId}>
            <PointCard
              point={item}
              chosen={point === item.pointId}
              changed={changed?.pointId === item.pointId ? changed : null}
              stock={stocks?.items.filter(({ pointId }) => pointId === item.pointId) ?? null}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
