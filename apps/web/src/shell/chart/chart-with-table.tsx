import { Skeleton } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import { Words } from '../words.js';
import classes from './chart-with-table.module.css';
import { type GrowthChartProps } from './growth-chart.js';

const GrowthChart = lazy(async () => ({ default: (await import('./growth-chart.js')).GrowthChart }));

interface Props extends GrowthChartProps {
  readonly title: ReactNode;
  /** The unit of the axis, in words. */
  readonly unit: ReactNode;
  /** What the chart shows, in a sentence. */
  readonly summary: string;
  /** The same figures exactly. */
  readonly table: ReactNode;
  readonly controls?: ReactNode;
  readonly legend?: ReactNode;
}

/** A chart, and the table behind it one tap away. */
export function ChartWithTable({ title, unit, summary, table, controls, legend, ...chart }: Props) {
  const [asTable, setAsTable] = useState(false);
  const tableId = useId();
  const Icon = asTable ? IconChartLine : IconTable;
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <h2>{title}</h2>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={asTable}
          aria-controls={tableId}
          onClick={() => setAsTable(!asTable)}
        >
          <Icon size={18} aria-hidden />
          <Words id={asTable ? 'chart.as-chart' : 'chart.as-table'} />
        </button>
      </figcaption>
      {controls}
      <div className={classes.chart} hidden={asTable}>
        <p className={classes.unit}>{unit}</p>
        <div role="img" aria-label={summary}>
          <Suspense fallback={<Skeleton height={280} />}>
            <GrowthChart {...chart} />
          </Suspense>
        </div>
        {legend}
      </div>
      <div id={tableId} hidden={!asTable}>
        {asTable ? table : null}
      </div>
    </figure>
  );
}
