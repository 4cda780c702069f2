import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CardRegister, CollectionIngestModule, RewardConditions, ScaleRegister } from '#collection';
import { CardRegisterReader } from '#households';
import { PlatformModule, type PlatformParts } from '#platform';
import { SchemeReader } from '#rewards';
import { ScaleRegisterReader } from '#scales';

/** What collection asks of other contexts, answered by their readers. */
const PORTS = [
  ScaleRegisterReader,
  CardRegisterReader,
  SchemeReader,
  { provide: ScaleRegister, useExisting: ScaleRegisterReader },
  { provide: CardRegister, useExisting: CardRegisterReader },
  { provide: RewardConditions, useExisting: SchemeReader },
];

/** A process that hears scales, records what they weigh, and does nothing else. As many as wanted may run. */
@Module({})
export class IngestProcessModule {
  static forRoot(parts: PlatformParts): DynamicModule {
    return {
      module: IngestProcessModule,
      imports: [
        PlatformModule.forRoot(parts),
        CqrsModule.forRoot(),
        CollectionIngestModule.register({ providers: PORTS }),
      ],
    };
  }
}
