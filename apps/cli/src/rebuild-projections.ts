import { rebuildProjection } from '#subscriptions';
import { chosenProjections } from './choose-projections.js';
import { type Command, EXIT } from './cli.js';
import { rebuildReporter } from './rebuild-reporter.js';
import { figure } from './text-table.js';

export const rebuildProjections: Command = {
  name: 'projections rebuild',
  parameters: '<name…> | --all',
  summary: 'fill tables anew from the event log, without downtime',
  details: `The new tables are filled beside those that serve, and take their place in one transaction. Ctrl-C leaves what
serves as it was. A projection that had stopped goes on, if the rebuild gets past the event that stopped it.`,
  options: { all: { type: 'boolean' } },
  async run(context) {
    const { print, tell, signal } = context;
    for (const projection of chosenProjections(context)) {
      tell(`${projection.name}: rebuilding …`);
      const onProgress = rebuildReporter(tell);
      const { position, eventsApplied } = await rebuildProjection(context, projection, { signal, onProgress });
      print(`${projection.name}: rebuilt from ${figure(eventsApplied)} events, serves position ${figure(position)}`);
    }
    return EXIT.done;
  },
};
