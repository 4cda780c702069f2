import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ReadModelProgress } from './progress/read-model-progress.js';
import { type Projection } from './projection.js';

/** For a process that answers from the read model: how far it is, and waiting for it. */
@Module({})
export class ReadModelModule {
  static forRoot(projections: readonly Projection[]): DynamicModule {
    const progress = {
      provide: ReadModelProgress,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new ReadModelProgress(dataSource, projections),
    };
    return { module: ReadModelModule, global: true, providers: [progress], exports: [ReadModelProgress] };
  }
}
