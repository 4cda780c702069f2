export type * from './scheme.events.js';
