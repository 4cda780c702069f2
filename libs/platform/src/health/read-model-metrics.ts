import { Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { EventStore, type Position } from '#event-store';
import { Clock } from '#kernel';
import { ReadModelProgress } from '#subscriptions';
import { Metrics } from './metrics.js';

const MS_PER_SECOND = 1_000;

/** What is measured of each projection, under the end of the gauge's name. */
const GAUGES = {
  lag_events: 'Events in the log after the position of a projection (positions, on an engine that leaves some out)',
  lag_seconds: 'Age of the oldest event that a projection has not folded yet',
  partitions: 'Partitions of a projection: 1 when it is not split',
  led_partitions: 'Partitions of a projection that some process leads: less than all means that nobody does the work',
  stopped_partitions: 'Partitions of a projection that met an event which they cannot apply, and wait for a person',
  stopped_rebuilds: 'Newer versions of a projection that cannot be filled beside the one that serves: 0 or 1',
  parked_events: 'Events that a projection leaves out because a person said so',
} as const;

type Measured = Readonly<Record<keyof typeof GAUGES, number>> & { readonly projection: string };

/** How each projection is doing, measured when somebody asks. Nothing is told while the log is away. */
@Injectable()
export class ReadModelMetrics {
  private measuring: Promise<readonly Measured[]> | undefined;

  constructor(
    private readonly progress: ReadModelProgress,
    private readonly eventStore: EventStore,
    private readonly clock: Clock,
    { registry }: Metrics,
  ) {
    for (const name of Object.keys(GAUGES) as (keyof typeof GAUGES)[]) this.tell(registry, name);
  }

  private tell(registry: Registry, name: keyof typeof GAUGES): void {
    const measured = () => this.measured();
    new Gauge({
      name: `mizan_projection_${name}`,
      help: GAUGES[name],
      labelNames: ['projection'],
      registers: [registry],
      async collect() {
        const all = await measured().catch(() => []);
        this.reset();
        for (const { projection, [name]: value } of all) this.set({ projection }, value);
      },
    });
  }

  /** One measurement serves all gauges of a scrape. */
  private measured(): Promise<readonly Measured[]> {
    this.measuring ??= this.measure().finally(() => (this.measuring = undefined));
    return this.measuring;
  }

  private async measure(): Promise<readonly Measured[]> {
    const [survey, head] = await Promise.all([this.progress.survey(), this.eventStore.head()]);
    return Promise.all(
      survey.map(async ({ name, position, partitions, leaders, parkedEvents, stoppedRebuild }) => ({
        projection: name,
        lag_events: Math.max(0, Number(BigInt(head) - BigInt(position))),
        lag_seconds: await this.ageOfNext(position),
        partitions: partitions.length,
        led_partitions: leaders.length,
        stopped_partitions: partitions.filter(({ status }) => status === 'stopped').length,
        stopped_rebuilds: stoppedRebuild ? 1 : 0,
        parked_events: parkedEvents,
      })),
    );
  }

  private async ageOfNext(position: Position): Promise<number> {
    const [next] = await this.eventStore.readAll({ after: position, max: 1 });
    return next ? Math.max(0, this.clock.nowMs() - Date.parse(next.recordedAt)) / MS_PER_SECOND : 0;
  }
}
