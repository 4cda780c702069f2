import { type MigrationInterface } from 'typeorm';
import { CreateEventLog1764028800100 } from './1764028800100-create-event-log.js';

/** What the PostgreSQL engine needs in its database: schema `event_log`. */
export const eventStoreMigrations: readonly (new () => MigrationInterface)[] = [CreateEventLog1764028800100];
