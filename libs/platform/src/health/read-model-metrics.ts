import { Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { EventStore, type Position } from '#event-store';
import { Clock } from '#kernel';
import { ReadModelProgress } from '#subscriptions';
import { Metrics } from './metrics.js';

const MS_PER_SECOND = 1_000;

interface Lag {
  readonly projection: string;
  readonly events: number;
  /** Age of the oldest event that is not folded yet. */
  readonly seconds: number;
}

/** How far each projection is behind the log, measured when somebody asks. Nothing is told while the log is away. */
@Injectable()
export class ReadModelMetrics {
  private measuring: Promise<readonly Lag[]> | undefined;

  constructor(
    private readonly progress: ReadModelProgress,
    private readonly eventStore: EventStore,
    private readonly clock: Clock,
    { registry }: Metrics,
  ) {
    this.tell(registry, 'events', 'Events in the log after the position of a projection');
    this.tell(registry, 'seconds', 'Age of the oldest event that a projection has not folded yet');
  }

  private tell(registry: Registry, unit: 'events' | 'seconds', help: string): void {
    const measured = () => this.measured();
    new Gauge({
      name: `mizan_projection_lag_${unit}`,
      help,
      labelNames: ['projection'],
      registers: [registry],
      async collect() {
        const lags = await measured().catch(() => []);
        this.reset();
        for (const { projection, [unit]: value } of lags) this.set({ projection }, value);
      },
    });
  }

  /** One measurement serves both gauges of a scrape. */
  private measured(): Promise<readonly Lag[]> {
    this.measuring ??= this.measure().finally(() => (this.measuring = undefined));
    return this.measuring;
  }

  private async measure(): Promise<readonly Lag[]> {
    const [state, head] = await Promise.all([this.progress.state(), this.eventStore.head()]);
    return Promise.all(
      state.map(async ({ name, position }) => ({
        projection: name,
        events: Math.max(0, Number(BigInt(head) - BigInt(position))),
        seconds: await this.ageOfNext(position),
      })),
    );
  }

  private async ageOfNext(position: Position): Promise<number> {
    const [next] = await this.eventStore.readAll({ after: position, max: 1 });
    return next ? Math.max(0, this.clock.nowMs() - Date.parse(next.recordedAt)) / MS_PER_SECOND : 0;
  }
}
