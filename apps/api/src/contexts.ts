import {
  collectionEventTypes,
  collectionMigrations,
  collectionProjections,
  collectionReadModelMigrations,
} from '#collection';
import { eventStoreMigrations, type EventType } from '#event-store';
import {
  householdsEventTypes,
  householdsMigrations,
  householdsProjections,
  householdsReadModelMigrations,
} from '#households';
import { identityMigrations } from '#identity';
import { type Migrations, platformMigrations } from '#platform';
import { rewardsEventTypes, rewardsProjections, rewardsReadModelMigrations } from '#rewards';
import { scalesEventTypes, scalesProjections, scalesReadModelMigrations } from '#scales';
import { stocksProjections, stocksReadModelMigrations } from '#stocks';
import { type Projection, subscriptionsMigrations, subscriptionsReadModelMigrations } from '#subscriptions';

/** Every event that may stand in the log. */
export const EVENT_TYPES: readonly EventType[] = [
  ...collectionEventTypes,
  ...scalesEventTypes,
  ...householdsEventTypes,
  ...rewardsEventTypes,
];

/** Every fold that queries are answered from; the projector runs them. */
export const PROJECTIONS: readonly Projection[] = [
  ...collectionProjections(),
  ...scalesProjections(),
  ...householdsProjections(),
  ...rewardsProjections(),
  ...stocksProjections(),
];

export const MIGRATIONS: Migrations = {
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
};
