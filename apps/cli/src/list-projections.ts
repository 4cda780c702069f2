import { checkpoints } from '#subscriptions';
import { type Command, EXIT } from './cli.js';
import { figure, textTable } from './text-table.js';

export const listProjections: Command = {
  name: 'projections list',
  parameters: '',
  summary: 'how far each projection is, and which have stopped',
  details: `A projection is a fold of the event log into tables. BEHIND counts the events between its checkpoint and the
end of the log. One that has STOPPED met an event that it could not apply: the reason follows below the table.
--json prints the same for programs.`,
  options: { json: { type: 'boolean' } },
  async run({ dataSource, store, known, options, print }) {
    const head = await store.head();
    const all = await checkpoints(dataSource);
    const listed = known.projections.map(({ name, version }) => {
      const checkpoint = all.find((one) => one.name === name);
      const { position = null, status = 'not started', error = null, updatedAt = null } = checkpoint ?? {};
      const behind = (BigInt(head) - BigInt(position ?? 0)).toString();
      return { name, version, servedVersion: checkpoint?.version ?? null, status, position, behind, updatedAt, error };
    });
    if (options['json'] === true) {
      print(JSON.stringify({ head, projections: listed }, null, 2));
      return EXIT.done;
    }
    const rows = listed.map(({ name, version, servedVersion, status, position, behind, updatedAt }) => [
      name,
      servedVersion === null || servedVersion === version
        ? `v${version}`
        : `v${servedVersion} (this program: v${version})`,
      status,
      figure(position ?? 0),
      figure(behind),
      updatedAt ?? '',
    ]);
    print(textTable(['NAME', 'VERSION', 'STATUS', 'POSITION', 'BEHIND', 'MOVED AT'], rows));
    print(`\nThe log ends at position ${figure(head)}.`);
    for (const { name, error } of listed) if (error !== null) print(`\n${name} stopped: ${error}`);
    return EXIT.done;
  },
};
