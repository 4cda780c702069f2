import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventRegistry, EventStore } from '#event-store';
import { type Projection } from './projection.js';
import { ProjectionRunner } from './running/projection-runner.js';

/** For a process that writes the read model: projections run from its start until its shutdown. */
@Module({})
export class ProjectorModule {
  static forRoot(projections: readonly Projection[]): DynamicModule {
    const runner = {
      provide: ProjectionRunner,
      inject: [EventStore, EventRegistry, DataSource],
      useFactory: (store: EventStore, registry: EventRegistry, dataSource: DataSource) =>
        new ProjectionRunner({ store, registry, dataSource, projections }),
    };
    return { module: ProjectorModule, providers: [runner], exports: [ProjectionRunner] };
  }
}
