import { aggregateOf, type Aggregate } from '#event-store';
import { cardDecider } from './card/card.decider.js';
import { householdDecider } from './household/household.decider.js';

/** The kinds of stream that this context writes. */
export const householdsAggregates: readonly Aggregate[] = [
  aggregateOf('household', householdDecider),
  aggregateOf('card', cardDecider),
];
