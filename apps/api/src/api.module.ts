import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CollectionApiModule, MunicipalityDirectoryReader } from '#collection';
import { CONTEXTS, PortsModule } from '#composition';
import { HouseholdsApiModule } from '#households';
import { IdentityModule } from '#identity';
import { HttpModule, PlatformModule, type PlatformParts } from '#platform';
import { RewardsApiModule } from '#rewards';
import { ScalesApiModule } from '#scales';
import { StocksApiModule } from '#stocks';
import { ReadModelModule } from '#subscriptions';

/** Every route of Mizan, and nothing that hears scales or writes the read model. */
@Module({})
export class ApiModule {
  static forRoot(parts: PlatformParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(parts),
        CqrsModule.forRoot(),
        ReadModelModule.forRoot(CONTEXTS.projections),
        HttpModule,
        IdentityModule.forRoot({ municipalities: MunicipalityDirectoryReader, imports: [CollectionApiModule] }),
        PortsModule,
        CollectionApiModule,
        ScalesApiModule,
        HouseholdsApiModule,
        RewardsApiModule,
        StocksApiModule,
      ],
    };
  }
}
