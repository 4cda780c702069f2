import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventRegistry, EventStore } from '#event-store';
import { type Projection, ProjectorModule } from '#subscriptions';

/** What the projector stands on: the log, how to read it, and the read model. */
export interface ProjectorParts {
  readonly eventStore: EventStore;
  readonly registry: EventRegistry;
  readonly database: DataSource;
  readonly projections: readonly Projection[];
}

@Module({})
class LogAndReadModelModule {
  static forRoot({ eventStore, registry, database }: ProjectorParts): DynamicModule {
    const providers = [
      { provide: EventStore, useValue: eventStore },
      { provide: EventRegistry, useValue: registry },
      { provide: DataSource, useValue: database },
    ];
    return { module: LogAndReadModelModule, global: true, providers, exports: providers };
  }
}

/** A process that folds the log into the read model and does nothing else. As many as wanted may run. */
@Module({})
export class ProjectorProcessModule {
  static forRoot(parts: ProjectorParts): DynamicModule {
    return {
      module: ProjectorProcessModule,
      imports: [LogAndReadModelModule.forRoot(parts), ProjectorModule.forRoot(parts.projections)],
    };
  }
}
