import { type DataSource } from 'typeorm';
import { dropReadModel, migrate } from '#platform';
import { type Command, EXIT, UsageError } from './cli.js';

/** Projections at work and a reset can block each other; PostgreSQL then ends one of the two. */
const ATTEMPTS_MAX = 5;

export const resetProjections: Command = {
  name: 'projections reset',
  parameters: '--yes',
  summary: 'throw the whole read model away and make it again, empty',
  details: `Everything that is served is empty until the projector has folded the log again; a running one begins within
seconds. The event log is not touched. \`projections rebuild --all\` does the same without downtime: reset is for tables
that were dropped or changed by hand.`,
  options: { yes: { type: 'boolean' } },
  async run({ dataSource, databaseUrl, contexts, options, print }) {
    if (options['yes'] !== true) {
      throw new UsageError('This empties everything that is served until the log has been folded again: add --yes.');
    }
    await drop(dataSource);
    await migrate(databaseUrl, contexts.migrations);
    print(
      'The read model is empty and will be filled from the log by the next projector, or by the one that is running.',
    );
    return EXIT.done;
  },
};

async function drop(dataSource: DataSource): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await dropReadModel(dataSource);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
