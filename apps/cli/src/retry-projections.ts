import { retryProjection } from '#subscriptions';
import { chosenProjections } from './choose-projections.js';
import { type Command, EXIT } from './cli.js';

export const retryProjections: Command = {
  name: 'projections retry',
  parameters: '<name…> | --all',
  summary: 'let a projection that has stopped try again',
  details: `For when the reason is gone (\`projections list\` shows it). A running Mizan notices within seconds; one that is
started tries again by itself. If the event still cannot be applied, the projection stops again.`,
  options: { all: { type: 'boolean' } },
  async run(context) {
    for (const { name } of chosenProjections(context)) {
      const released = await retryProjection(context.dataSource, name);
      context.print(released ? `${name}: tries again` : `${name}: has not stopped`);
    }
    return EXIT.done;
  },
};
