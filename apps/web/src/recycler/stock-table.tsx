import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { type Point, type Stock } from '#api-client';
import { decimalText } from '../shell/amounts.js';
import { type StockSort } from '../shell/choices.js';
import { csvOf, saveFile } from '../shell/csv.js';
import { type Column, DataTable } from '../shell/data-table.js';
import { MaterialLabel, useMaterials } from '../shell/material.js';
import { Ago, useQuantities } from '../shell/quantities.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import { MONTH_DAYS, WEEK_DAYS } from './growth-windows.js';
import { inOrder, type StockNames } from './stock-order.js';
import classes from './stock-table.module.css';

const route = getRouteApi('/signed-in/stocks');

interface Props {
  readonly items: readonly Stock[];
  readonly points: readonly Point[];
}

/** Each material at each point; sorted by what the address says, and saved as it is shown. */
export function StockTable({ items, points }: Props) {
  const say = useWords();
  const { kilograms } = useQuantities();
  const navigate = route.useNavigate();
  const { sort = 'grams', order = 'desc' } = route.useSearch();
  const names = useStockNames(points);
  const rows = inOrder(items, sort, order, names);
  const columns: readonly Column<Stock, StockSort>[] = [
    {
      id: 'material',
      header: say('stocks.material'),
      heading: true,
      sort: 'material',
      cell: ({ material }) => <MaterialLabel code={material} />,
    },
    {
      id: 'point',
      header: say('stocks.point'),
      sort: 'point',
      cell: ({ pointId }) => <bdi>{names.point(pointId)}</bdi>,
    },
    {
      id: 'grams',
      header: say('stocks.kilograms'),
      sort: 'grams',
      numeric: true,
      cell: ({ grams }) => <strong>{kilograms(grams)}</strong>,
    },
    {
      id: 'week',
      header: say('stocks.in-days', { count: WEEK_DAYS }),
      sort: 'week',
      numeric: true,
      cell: ({ grams7Days }) => kilograms(grams7Days),
    },
    {
      id: 'month',
      header: say('stocks.in-days', { count: MONTH_DAYS }),
      sort: 'month',
      numeric: true,
      cell: ({ grams30Days }) => kilograms(grams30Days),
    },
    {
      id: 'last',
      header: say('stocks.last'),
      sort: 'last',
      cell: ({ lastWeighedAt }) => <Ago iso={lastWeighedAt} />,
    },
  ];
  return (
    <>
      <div className={classes.head}>
        <h2 id="stock-table">
          <Words id="stocks.table" />
        </h2>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={() => saveFile('mizan-stocks.csv', 'text/csv;charset=utf-8', csvOf(csvRows(rows, names, say)))}
        >
          <Words id="stocks.export" values={{ count: rows.length }} />
        </Button>
      </div>
      <DataTable
        caption={say('stocks.table')}
        columns={columns}
        rows={rows}
        rowKey={({ material, pointId }) => `${material} ${pointId}`}
        sorted={{
          by: sort,
          order,
          onSort: (by) =>
            void navigate({
              search: (before) => ({ ...before, sort: by, order: by === sort && order === 'desc' ? 'asc' : 'desc' }),
              replace: true,
              resetScroll: false,
            }),
        }}
      />
    </>
  );
}

function useStockNames(points: readonly Point[]): StockNames {
  const text = useLocalText();
  const named = useMaterials();
  const { locale } = useQuantities();
  const collator = new Intl.Collator(locale);
  return {
    material: (code) => text(named(code).name),
    point(pointId) {
      const point = points.find((item) => item.pointId === pointId);
      return point === undefined ? pointId : text(point.name);
    },
    compare: (one, other) => collator.compare(one, other),
  };
}

/** The rows as a file: exact kilograms with a decimal point in Western digits, times in UTC, for other programs. */
function csvRows(
  rows: readonly Stock[],
  names: StockNames,
  say: ReturnType<typeof useWords>,
): readonly (readonly string[])[] {
  return [
    [
      say('stocks.material'),
      say('stocks.point'),
      say('stocks.kilograms'),
      say('stocks.in-days', { count: WEEK_DAYS }),
      say('stocks.in-days', { count: MONTH_DAYS }),
      say('stocks.last'),
    ],
    ...rows.map((stock) => [
      names.material(stock.material),
      names.point(stock.pointId),
      decimalText(stock.grams, 3),
      decimalText(stock.grams7Days, 3),
      decimalText(stock.grams30Days, 3),
      stock.lastWeighedAt,
    ]),
  ];
}
