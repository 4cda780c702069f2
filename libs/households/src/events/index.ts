export type * from './household.events.js';
