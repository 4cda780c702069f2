import {
  collectionAggregates,
  collectionEventTypes,
  collectionMigrations,
  collectionProjections,
  collectionReadModelMigrations,
} from '#collection';
import { eventStoreMigrations } from '#event-store';
import {
  householdsAggregates,
  householdsEventTypes,
  householdsMigrations,
  householdsProjections,
  householdsReadModelMigrations,
} from '#households';
import { identityMigrations } from '#identity';
import { platformMigrations } from '#platform';
import { rewardsAggregates, rewardsEventTypes, rewardsProjections, rewardsReadModelMigrations } from '#rewards';
import { scalesAggregates, scalesEventTypes, scalesProjections, scalesReadModelMigrations } from '#scales';
import { stocksProjections, stocksReadModelMigrations } from '#stocks';
import { subscriptionsMigrations, subscriptionsReadModelMigrations } from '#subscriptions';
import { type KnownProjections } from './known-projections.js';

/** Everything that the contexts fold, in one place. */
export const KNOWN_PROJECTIONS: KnownProjections = {
  projections: [
    ...collectionProjections(),
    ...scalesProjections(),
    ...householdsProjections(),
    ...rewardsProjections(),
    ...stocksProjections(),
  ],
  eventTypes: [...collectionEventTypes, ...scalesEventTypes, ...householdsEventTypes, ...rewardsEventTypes],
  aggregates: [...collectionAggregates, ...scalesAggregates, ...householdsAggregates, ...rewardsAggregates],
  migrations: {
    core: [
      ...eventStoreMigrations,
      ...subscriptionsMigrations,
      ...collectionMigrations,
      ...identityMigrations,
      ...platformMigrations,
      ...householdsMigrations,
    ],
    readModel: [
      ...subscriptionsReadModelMigrations,
      ...collectionReadModelMigrations,
      ...scalesReadModelMigrations,
      ...householdsReadModelMigrations,
      ...rewardsReadModelMigrations,
      ...stocksReadModelMigrations,
    ],
  },
};
