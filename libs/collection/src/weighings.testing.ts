import { startTestApi, type TestApi } from '../../../test/support/test-api.js';
import { collectionEventTypes } from './event-types.js';
import { collectionMigrations, collectionProjections, collectionReadModelMigrations } from './index.js';
import { PointScales } from './point-board/point-scales.js';
import { RewardConditions, type RewardCondition } from './record-weighing/reward-conditions.js';
import { WeighingsModule } from './weighings.module.js';
import { type Clock } from '#kernel';

/** In Beitillu unsigned weighings earn; elsewhere nothing that has a reason against it does. */
export class BeitilluForgivesUnsigned extends RewardConditions {
  ofMunicipalities(municipalityIds: readonly string[]): Promise<readonly RewardCondition[]> {
    const condition = { effectiveFrom: '2026-01-01T00:00:00.000Z', earnsDespite: ['unsigned'] };
    return Promise.resolve(municipalityIds.includes('beitillu') ? [{ municipalityId: 'beitillu', ...condition }] : []);
  }
}

class TwoScales extends PointScales {
  ofMunicipality(municipalityId: string) {
    const scales = [
      { scaleId: 'beitillu-01', pointId: 'school' },
      { scaleId: 'beitillu-02', pointId: 'school' },
    ];
    return Promise.resolve(municipalityId === 'beitillu' ? scales : []);
  }
}

/** The queries about weighings behind HTTP, with a projector beside them. */
export function startWeighingsApi(clock?: Clock): Promise<TestApi> {
  return startTestApi({
    modules: [WeighingsModule],
    ports: [
      { provide: RewardConditions, useClass: BeitilluForgivesUnsigned },
      { provide: PointScales, useClass: TwoScales },
    ],
    eventTypes: collectionEventTypes,
    projections: collectionProjections(),
    migrations: { core: collectionMigrations, readModel: collectionReadModelMigrations },
    ...(clock && { clock }),
  });
}
