import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type StockGrowth } from '#api-client';
import { stockGrowthQuery } from '../api/queries.js';
import { gramsOf, roughKilograms, runningTotals } from '../shell/amounts.js';
import { ChartWithTable } from '../shell/chart/chart-with-table.js';
import { GROWTH_DAYS, GROWTH_DAYS_DEFAULT, type GrowthDays } from '../shell/choices.js';
import { type Column, DataTable } from '../shell/data-table.js';
import { useListedOrder, useMaterials } from '../shell/material.js';
import { useQuantities } from '../shell/quantities.js';
import { Answered, Bars } from '../shell/states.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './stock-growth-chart.module.css';

const route = getRouteApi('/signed-in/stocks');

/** Lines are told apart by their strokes too. */
const DASHES = ['0', '8 4', '2 3', '12 4 2 4', '5 2', '1 5'] as const;

/** A bin's colour, drawn towards the ink until a thin line of it is seen on paper and at night. */
function lineColour(bin: string): string {
  return `color-mix(in oklab, ${bin} 62%, var(--ink))`;
}

interface Props {
  readonly point: string | undefined;
  readonly material: string | undefined;
}

/** How the stock of each material grew, with the days to look back on in the address. */
export function StockGrowthChart({ point, material }: Props) {
  const { days = GROWTH_DAYS_DEFAULT } = route.useSearch();
  const query = useQuery(stockGrowthQuery(Number(days), point));
  return (
    <Answered query={query} skeleton={<Bars heights={[2, 2.5, 18]} />}>
      {(growth) => <Chart growth={growth} material={material} days={days} />}
    </Answered>
  );
}

interface Line {
  readonly code: string;
  readonly dash: string;
  readonly totals: readonly bigint[];
}

interface ChartProps {
  readonly growth: StockGrowth;
  readonly material: string | undefined;
  readonly days: GrowthDays;
}

function Chart({ growth, material, days }: ChartProps) {
  const say = useWords();
  const text = useLocalText();
  const named = useMaterials();
  const inListedOrder = useListedOrder();
  const { kilogramsWithUnit } = useQuantities();
  const lines: readonly Line[] = inListedOrder(growth.series, (series) => series.material)
    .map((series, index) => ({
      code: series.material,
      dash: DASHES[index % DASHES.length] ?? '0',
      totals: runningTotals(series.gramsByDay, series.totalBefore),
    }))
    .filter(({ code }) => material === undefined || code === material);
  return (
    <ChartWithTable
      title={<Words id="stocks.chart" />}
      unit={<Words id="stocks.chart.unit" />}
      summary={say('stocks.chart.summary', { count: growth.days.length })}
      shape="lines"
      days={growth.days}
      series={lines.map(({ code, dash, totals }) => ({
        id: code,
        label: text(named(code).name),
        colour: lineColour(named(code).colour),
        dash,
        values: totals.map(roughKilograms),
      }))}
      format={(value) => kilogramsWithUnit(gramsOf(value))}
      controls={<DaysChoice days={days} />}
      legend={<Legend lines={lines} />}
      table={<GrowthTable growth={growth} lines={lines} />}
    />
  );
}

function DaysChoice({ days }: { readonly days: GrowthDays }) {
  const say = useWords();
  const navigate = route.useNavigate();
  return (
    <SegmentedControl<GrowthDays>
      className={classes.days}
      size="md"
      aria-label={say('stocks.days')}
      value={days}
      onChange={(value) =>
        void navigate({ search: (before) => ({ ...before, days: value }), replace: true, resetScroll: false })
      }
      data={GROWTH_DAYS.map((value) => ({
        value,
        label: say('stocks.days.choice', { count: Number(value) }),
      }))}
    />
  );
}

function Legend({ lines }: { readonly lines: readonly Line[] }) {
  const text = useLocalText();
  const named = useMaterials();
  return (
    <ul className={classes.legend}>
      {lines.map(({ code, dash }) => (
        <li key={code}>
          <svg width="32" height="8" aria-hidden="true">
            <path d="M0 4h32" stroke={lineColour(named(code).colour)} strokeWidth="3" strokeDasharray={dash} />
          </svg>
          <span>
            <bdi>{text(named(code).name)}</bdi>
          </span>
        </li>
      ))}
    </ul>
  );
}

interface TableProps {
  readonly growth: StockGrowth;
  readonly lines: readonly Line[];
}

/** The same figures exactly, a row for each day, the newest first. */
function GrowthTable({ growth, lines }: TableProps) {
  const say = useWords();
  const text = useLocalText();
  const named = useMaterials();
  const { day, kilograms } = useQuantities();
  const rows = growth.days.map((on, index) => ({ on, index })).reverse();
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { id: 'day', header: say('growth.day'), heading: true, cell: ({ on }) => <time dateTime={on}>{day(on)}</time> },
    ...lines.map(({ code, totals }) => ({
      id: code,
      header: text(named(code).name),
      numeric: true,
      cell: ({ index }: { index: number }) => kilograms(totals[index] ?? 0n),
    })),
  ];
  return <DataTable caption={say('stocks.chart')} rows={rows} rowKey={({ on }) => on} columns={columns} />;
}
