import { type MigrationInterface } from 'typeorm';
import { CreateEventLog1764028800100 } from './1764028800100-create-event-log.js';
import { AppendAtomically1764028800110 } from './1764028800110-append-atomically.js';
import { CreateClaimedEvent1764028800120 } from './1764028800120-create-claimed-event.js';
import { VacuumInSmallSteps1764028800130 } from './1764028800130-vacuum-in-small-steps.js';

/** What the engines need in PostgreSQL: schema `event_log`. */
export const eventStoreMigrations: readonly (new () => MigrationInterface)[] = [
  CreateEventLog1764028800100,
  AppendAtomically1764028800110,
  CreateClaimedEvent1764028800120,
  VacuumInSmallSteps1764028800130,
];
