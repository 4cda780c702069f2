import { type Growth as GrowthAnswer } from '#api-client';
import { microOf, roughCredits, runningTotals } from '../shell/amounts.js';
import { ChartWithTable } from '../shell/chart/chart-with-table.js';
import { DataTable } from '../shell/data-table.js';
import { Credits, useQuantities } from '../shell/quantities.js';
import { useWords, Words } from '../shell/words.js';

/** How the credits grew, day by day. */
export function Growth({ growth }: { readonly growth: GrowthAnswer }) {
  const say = useWords();
  const { credits, day } = useQuantities();
  const totals = runningTotals(growth.microCredits);
  const rows = growth.days
    .map((on, index) => ({ on, earned: growth.microCredits[index] ?? '0', total: totals[index] ?? 0n }))
    .filter(({ earned }) => earned !== '0')
    .reverse();
  const total = totals.at(-1) ?? 0n;
  const days = growth.days.length;
  return (
    <ChartWithTable
      title={<Words id="growth.title" />}
      unit={<Words id="growth.unit" values={{ count: days }} />}
      summary={say('growth.summary', { count: days, total: credits(total) })}
      shape="filled"
      days={growth.days}
      series={[
        {
          id: 'total',
          label: say('growth.total'),
          colour: 'var(--earned)',
          // Lengths on a screen; the table behind the chart is exact.
          values: totals.map((micro) => roughCredits(micro)),
        },
      ]}
      format={(value) => credits(microOf(value))}
      table={
        <DataTable
          caption={say('growth.title')}
          rows={rows}
          rowKey={({ on }) => on}
          columns={[
            {
              id: 'day',
              header: say('growth.day'),
              heading: true,
              cell: ({ on }) => <time dateTime={on}>{day(on)}</time>,
            },
            {
              id: 'earned',
              header: say('growth.earned'),
              numeric: true,
              cell: ({ earned }) => <Credits micro={earned} />,
            },
            { id: 'total', header: say('growth.total'), numeric: true, cell: (row) => <Credits micro={row.total} /> },
          ]}
        />
      }
    />
  );
}
