import '@mantine/charts/styles.css';
import { AreaChart, ChartTooltip, LineChart } from '@mantine/charts';
import { useDirection } from '@mantine/core';
import { useQuantities } from '../quantities.js';

export interface GrowthSeries {
  readonly id: string;
  readonly label: string;
  /** A CSS colour. */
  readonly colour: string;
  /** Tells lines apart without colour. */
  readonly dash?: string;
  /** One value a day, for lengths on a screen; the table behind the chart is exact. */
  readonly values: readonly number[];
}

export interface GrowthChartProps {
  readonly days: readonly string[];
  readonly series: readonly GrowthSeries[];
  /** `filled` for one series that has a ground to stand on, `lines` for several. */
  readonly shape: 'filled' | 'lines';
  /** A value with its unit, exact. */
  readonly format: (value: number) => string;
}

const HEIGHT = 280;

/** Growth over days, in reading direction. Fetched only when a page shows it. */
export function GrowthChart({ days, series, shape, format }: GrowthChartProps) {
  const { dir } = useDirection();
  const { shortDay, day, count } = useQuantities();
  const rightToLeft = dir === 'rtl';
  const data = days.map((on, index) => ({
    day: on,
    ...Object.fromEntries(series.map(({ id, values }) => [id, values[index] ?? 0])),
  }));
  const drawn = series.map(({ id, label, colour, dash }) => ({
    name: id,
    label,
    color: colour,
    ...(dash === undefined ? {} : { strokeDasharray: dash }),
  }));
  const shared = {
    h: HEIGHT,
    data,
    series: drawn,
    dataKey: 'day',
    curveType: 'stepAfter',
    withDots: false,
    strokeWidth: 2.5,
    gridAxis: 'x',
    tickLine: 'none',
    textColor: 'var(--ink-soft)',
    gridColor: 'var(--line)',
    xAxisProps: { tickFormatter: shortDay, reversed: rightToLeft, minTickGap: 36, tickMargin: 10 },
    yAxisProps: {
      tickFormatter: count,
      orientation: rightToLeft ? 'right' : 'left',
      width: 56,
      tickMargin: rightToLeft ? -4 : 8,
    },
    tooltipAnimationDuration: 0,
    tooltipProps: {
      isAnimationActive: false,
      content: ({ label, payload }: { label?: unknown; payload?: unknown }) => (
        <ChartTooltip
          label={typeof label === 'string' ? day(label) : ''}
          payload={Array.isArray(payload) ? payload : []}
          series={drawn}
          valueFormatter={format}
        />
      ),
    },
  } as const;
  return shape === 'filled' ? (
    <AreaChart {...shared} fillOpacity={0.35} withGradient={false} areaProps={{ isAnimationActive: false }} />
  ) : (
    <LineChart {...shared} lineProps={{ isAnimationActive: false }} />
  );
}
