export type * from './scale.events.js';
