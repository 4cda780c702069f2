import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** One row per partition of a projection, numbered from 0; a projection that is not split has one. */
export class SplitProjectionCheckpoint1764028800502 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE projection_checkpoint
        ADD COLUMN partition smallint NOT NULL DEFAULT 0 CHECK (partition >= 0),
        DROP CONSTRAINT projection_checkpoint_pkey,
        ADD PRIMARY KEY (name, partition)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // What the other partitions have folded is not in the checkpoint that stays: all is folded again.
    await runner.query('TRUNCATE projection_checkpoint');
    await runner.query(`
      ALTER TABLE projection_checkpoint
        DROP CONSTRAINT projection_checkpoint_pkey,
        DROP COLUMN partition,
        ADD PRIMARY KEY (name)`);
  }
}
