import { NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Point, type Stock } from '#api-client';
import { pointsQuery, stockGrowthQuery, stocksQuery } from '../api/queries.js';
import { useLiveWeighings } from '../api/use-live-weighings.js';
import { sumOf } from '../shell/amounts.js';
import { GROWTH_DAYS_DEFAULT } from '../shell/choices.js';
import { MaterialMark, useListedOrder, useMaterials } from '../shell/material.js';
import { PageHeader } from '../shell/page-header.js';
import { Ago, Kilograms, useQuantities } from '../shell/quantities.js';
import { Answered, Bars, Nothing, Stale } from '../shell/states.js';
import { useThrottle } from '../shell/throttle.js';
import { withChoice } from '../shell/search.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import { MONTH_DAYS, WEEK_DAYS } from './growth-windows.js';
import { StockGrowthChart } from './stock-growth-chart.js';
import { StockTable } from './stock-table.js';
import classes from './stocks.module.css';

const route = getRouteApi('/signed-in/stocks');

const REFRESH_MS_MIN = 2_000;

/** What can be had now: each material, where it lies, and how fast it grows. */
export function StocksPage() {
  const queries = useQueryClient();
  const stocks = useQuery(stocksQuery);
  const points = useQuery(pointsQuery);
  const { days = GROWTH_DAYS_DEFAULT, point } = route.useSearch();
  const growth = useQuery(stockGrowthQuery(Number(days), point));
  const refresh = useThrottle(() => void queries.invalidateQueries({ queryKey: stocksQuery.queryKey }), REFRESH_MS_MIN);
  const connection = useLiveWeighings(null, refresh);
  return (
    <>
      <PageHeader title="stocks.title" />
      <Stale queries={[stocks, growth]} connection={connection} />
      <Answered query={stocks} skeleton={<Bars heights={[5, 13, 20, 18]} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={<Words id="stocks.none" />} hint={<Words id="stocks.none.hint" />} />
          ) : (
            <Stocks items={items} points={points.data?.items ?? []} />
          )
        }
      </Answered>
    </>
  );
}

interface StocksProps {
  readonly items: readonly Stock[];
  readonly points: readonly Point[];
}

function Stocks({ items, points }: StocksProps) {
  const { material, point } = route.useSearch();
  const atPoint = items.filter(({ pointId }) => point === undefined || pointId === point);
  const chosen = atPoint.filter((stock) => material === undefined || stock.material === material);
  return (
    <div className={classes.page}>
      <Total items={chosen} />
      <Filters items={items} points={points} />
      <MaterialTotals items={atPoint} chosen={material} />
      <section className={classes.card}>
        <StockGrowthChart point={point} material={material} />
      </section>
      <section className={classes.card} aria-labelledby="stock-table">
        <StockTable items={chosen} points={points} />
      </section>
    </div>
  );
}

function Total({ items }: { readonly items: readonly Stock[] }) {
  const { kilograms } = useQuantities();
  const week = sumOf(items.map(({ grams7Days }) => grams7Days));
  return (
    <section className={classes.total} aria-live="off">
      <p className={classes.hero}>
        <bdi className="figure">{kilograms(sumOf(items.map(({ grams }) => grams)))}</bdi>
        <span>
          <Words id="unit.kilograms" />
        </span>
      </p>
      <p className={classes.aside}>
        <Words id="stocks.week" values={{ count: WEEK_DAYS, weight: <Kilograms grams={week} /> }} />
      </p>
    </section>
  );
}

function Filters({ items, points }: StocksProps) {
  const say = useWords();
  const text = useLocalText();
  const name = useMaterials();
  const navigate = route.useNavigate();
  const { point = '', material = '' } = route.useSearch();
  const choose = (key: 'point' | 'material', value: string): void =>
    void navigate({
      search: (before) => withChoice(before, key, value),
      resetScroll: false,
    });
  const materials = useListedOrder()([...new Set(items.map((item) => item.material))], (code) => code);
  return (
    <div className={classes.filters}>
      <NativeSelect
        label={say('filter.point')}
        value={point}
        onChange={(event) => choose('point', event.currentTarget.value)}
        data={[
          { value: '', label: say('filter.every-point') },
          ...points.map((item) => ({ value: item.pointId, label: text(item.name) })),
        ]}
      />
      <NativeSelect
        label={say('filter.material')}
        value={material}
        onChange={(event) => choose('material', event.currentTarget.value)}
        data={[
          { value: '', label: say('filter.every-material') },
          ...materials.map((code) => ({ value: code, label: text(name(code).name) })),
        ]}
      />
    </div>
  );
}

interface TotalsProps {
  readonly items: readonly Stock[];
  readonly chosen: string | undefined;
}

/** Each material hanging from the beam with all that lies of it. A tap shows it alone. */
function MaterialTotals({ items, chosen }: TotalsProps) {
  const say = useWords();
  const text = useLocalText();
  const name = useMaterials();
  const { kilograms } = useQuantities();
  const materials = useListedOrder()([...new Set(items.map(({ material }) => material))], (code) => code);
  return (
    <ul className={classes.materials} aria-label={say('stocks.by-material')}>
      {materials.map((code) => {
        const stocks = items.filter(({ material }) => material === code);
        const last = stocks
          .map(({ lastWeighedAt }) => lastWeighedAt)
          .reduce((one, other) => (one > other ? one : other));
        return (
          <li key={code}>
            <Link
              from="/stocks"
              to="."
              search={(before) => withChoice(before, 'material', before.material === code ? '' : code)}
              className={classes.material}
              data-chosen={chosen === code}
              activeOptions={{ exact: true }}
              aria-current={chosen === code ? 'true' : undefined}
              resetScroll={false}
            >
              <MaterialMark code={code} />
              <span className={classes.name}>
                <bdi>{text(name(code).name)}</bdi>
              </span>
              <span className={classes.grams}>
                <bdi className="figure">{kilograms(sumOf(stocks.map(({ grams }) => grams)))}</bdi>{' '}
                <Words id="unit.kilograms" />
              </span>
              <span className={classes.growth}>
                <GrowthIn days={WEEK_DAYS} grams={sumOf(stocks.map(({ grams7Days }) => grams7Days))} />
                <GrowthIn days={MONTH_DAYS} grams={sumOf(stocks.map(({ grams30Days }) => grams30Days))} />
              </span>
              <span className={classes.last}>
                <Ago iso={last} />
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

interface GrowthInProps {
  readonly days: number;
  readonly grams: bigint;
}

function GrowthIn({ days, grams }: GrowthInProps) {
  return (
    <span>
      <Words id="stocks.in-days" values={{ count: days }} /> <Kilograms grams={grams} />
    </span>
  );
}
