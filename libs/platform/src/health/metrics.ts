import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * The metrics of this process. Make your own with `registers: [metrics.registry]`, names beginning with `mizan_` and
 * ending in their unit, and labels with few values: never an id of a person, a household or a weighing.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
