export type * from './municipality.events.js';
export type * from './weighing.events.js';
export { municipalityStream } from '../municipality/municipality.stream.js';
