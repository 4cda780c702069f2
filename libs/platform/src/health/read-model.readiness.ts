import { Injectable } from '@nestjs/common';
import { EventStore, START } from '#event-store';
import { ReadModelBehind, ReadModelProgress } from '#subscriptions';
import { type Readiness, ReadinessCheck } from './readiness.js';

/**
 * A projection that stopped, or that no process has started, makes the read model answer with yesterday's truth. One
 * that is only behind catches up by itself: that is told, and is no reason to take the process out of service.
 */
@Injectable()
export class ReadModelReadiness extends ReadinessCheck {
  readonly name = 'read-model';

  constructor(
    private readonly progress: ReadModelProgress,
    private readonly eventStore: EventStore,
  ) {
    super();
  }

  async check(): Promise<Readiness> {
    const [head, state] = await Promise.all([this.eventStore.head(), this.progress.survey()]);
    const notStarted = await this.notStarted();
    return {
      ready: notStarted.length === 0 && state.every(({ status }) => status === 'running'),
      detail: {
        head,
        notStarted,
        projections: state.map(({ name, status, position, parkedEvents }) => ({
          name,
          status,
          position,
          parkedEvents,
        })),
      },
    };
  }

  private async notStarted(): Promise<readonly string[]> {
    try {
      await this.progress.waitFor(START, { timeoutMs: 0 });
      return [];
    } catch (error) {
      if (error instanceof ReadModelBehind) return error.behind.map(({ name }) => name);
      throw error;
    }
  }
}
