import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CollectionApiModule, CollectionIngestModule, MunicipalityDirectoryReader } from '#collection';
import { CONTEXTS, PortsModule } from '#composition';
import { HouseholdsApiModule } from '#households';
import { type DemoAccounts, IdentityModule } from '#identity';
import { HttpModule, PlatformModule, type PlatformParts } from '#platform';
import { RewardsApiModule } from '#rewards';
import { ScalesApiModule } from '#scales';
import { StocksApiModule } from '#stocks';
import { ProjectorModule, ReadModelModule } from '#subscriptions';

/** Ingest, projector and api in one process. */
@Module({})
export class MizanModule {
  static forRoot(parts: PlatformParts, demo: DemoAccounts | undefined): DynamicModule {
    return {
      module: MizanModule,
      imports: [
        PlatformModule.forRoot(parts),
        CqrsModule.forRoot(),
        ReadModelModule.forRoot(CONTEXTS.projections),
        ProjectorModule.forRoot(CONTEXTS.projections),
        HttpModule,
        IdentityModule.forRoot({
          municipalities: MunicipalityDirectoryReader,
          imports: [CollectionApiModule],
          ...(demo && { demo }),
        }),
        PortsModule,
        CollectionApiModule,
        CollectionIngestModule.register(),
        ScalesApiModule,
        HouseholdsApiModule,
        RewardsApiModule,
        StocksApiModule,
      ],
    };
  }
}
