import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Lets autovacuum keep up with tables that are only ever added to. By default it comes after a fifth of a table is new,
 * which for hundreds of millions of rows means seldom and for hours, and it leaves rows unfrozen, so that one day every
 * page must be written again before transaction ids run out. In small steps each page is frozen once, while it is still
 * in memory, and reads by index alone stay possible. (PostgreSQL documentation, Routine Vacuuming.)
 */
export class VacuumInSmallSteps1764028800130 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`ALTER TABLE ${table} SET (${SETTINGS.join(', ')})`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const names = SETTINGS.map((setting) => setting.split(' = ')[0]).join(', ');
    for (const table of TABLES) await queryRunner.query(`ALTER TABLE ${table} RESET (${names})`);
  }
}

const TABLES = ['event_log.event', 'event_log.claimed_event'];

const SETTINGS = [
  'autovacuum_vacuum_insert_scale_factor = 0',
  'autovacuum_vacuum_insert_threshold = 100000',
  'autovacuum_analyze_scale_factor = 0',
  'autovacuum_analyze_threshold = 100000',
  'autovacuum_freeze_min_age = 0',
];
