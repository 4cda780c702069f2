export { backoffMs } from './backoff.js';
export { Bell, pause } from './bell.js';
export { localDay, type LocalDay } from './calendar.js';
export { Clock, SystemClock } from './clock.js';
export { sameContent } from './content.js';
export { stateOf, type Decider, type DomainEvent, type Fold } from './decider.js';
export { assertNever, DomainError } from './domain-error.js';
export { InvalidFields, type FieldFault } from './invalid-fields.js';
export { floorDiv, GRAMS_PER_KILOGRAM, MICRO_CREDITS_PER_CREDIT, parseDecimal, type Currency } from './units.js';
