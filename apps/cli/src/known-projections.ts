import { type Aggregate, type EventType } from '#event-store';
import { type Migrations } from '#platform';
import { type Projection } from '#subscriptions';

/** What a program knows how to fold, and how to make the tables for it. */
export interface KnownProjections {
  readonly projections: readonly Projection[];
  readonly eventTypes: readonly EventType[];
  /** One for each category of streams. */
  readonly aggregates: readonly Aggregate[];
  readonly migrations: Migrations;
}
