import {
  collectionAggregates,
  collectionEventTypes,
  collectionMigrations,
  collectionProjections,
  collectionReadModelMigrations,
} from '#collection';
import { type Aggregate, eventStoreMigrations, type EventType } from '#event-store';
import {
  householdsAggregates,
  householdsEventTypes,
  householdsMigrations,
  householdsProjections,
  householdsReadModelMigrations,
} from '#households';
import { identityMigrations } from '#identity';
import { type Migrations, platformMigrations } from '#platform';
import { rewardsAggregates, rewardsEventTypes, rewardsProjections, rewardsReadModelMigrations } from '#rewards';
import { scalesAggregates, scalesEventTypes, scalesProjections, scalesReadModelMigrations } from '#scales';
import { stocksProjections, stocksReadModelMigrations } from '#stocks';
import { type Projection, subscriptionsMigrations, subscriptionsReadModelMigrations } from '#subscriptions';

/** What bounded contexts bring to an installation. */
export interface Contexts {
  /** Every event that may stand in the log. */
  readonly eventTypes: readonly EventType[];
  /** Every fold of the log. */
  readonly projections: readonly Projection[];
  /** One for each category of streams. */
  readonly aggregates: readonly Aggregate[];
  readonly migrations: Migrations;
}

/** All the contexts that there are: a new one is added here, and every process knows it. */
export const CONTEXTS: Contexts = {
  eventTypes: [...collectionEventTypes, ...scalesEventTypes, ...householdsEventTypes, ...rewardsEventTypes],
  projections: [
    ...collectionProjections(),
    ...scalesProjections(),
    ...householdsProjections(),
    ...rewardsProjections(),
    ...stocksProjections(),
  ],
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
