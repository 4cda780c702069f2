import { type Projection, type ProjectionLeader, type SurveyedProjection, surveyProjections } from '#subscriptions';
import { type Command, EXIT } from './cli.js';
import { figure, textTable } from './text-table.js';

export const listProjections: Command = {
  name: 'projections list',
  parameters: '',
  summary: 'how far each projection is, who runs it, and which have stopped',
  details: `A projection is a fold of the event log into tables. BEHIND counts the events between its checkpoint and the
end of the log. PARKED counts the events that it leaves out because a person said so. LED BY names the process that does
the work (host and process id); the others stand by. One that is split shows each of its partitions below it.
One that has STOPPED met an event that it could not apply: the reason follows below the table. So it does when the newer
version of a new release could not be filled; the older one goes on meanwhile.
--json prints the same for programs.`,
  options: { json: { type: 'boolean' } },
  async run({ dataSource, store, contexts, options, print }) {
    const head = await store.head();
    const survey = await surveyProjections(dataSource);
    const listed = contexts.projections.map((projection) =>
      listedOf(
        projection,
        survey.find(({ name }) => name === projection.name),
        head,
      ),
    );
    if (options['json'] === true) {
      print(JSON.stringify({ head, projections: listed }, null, 2));
      return EXIT.done;
    }
    print(textTable(HEAD, listed.flatMap(rowsOf)));
    print(`\nThe log ends at position ${figure(head)}.`);
    for (const { name, error, stoppedRebuild } of listed) {
      if (error !== null) print(`\n${name} stopped: ${error}`);
      if (stoppedRebuild) print(`\n${name} v${stoppedRebuild.version} cannot be filled: ${stoppedRebuild.error}`);
    }
    return EXIT.done;
  },
};

const HEAD = ['NAME', 'VERSION', 'STATUS', 'POSITION', 'BEHIND', 'PARKED', 'LED BY', 'MOVED AT'];

type Listed = ReturnType<typeof listedOf>;

function listedOf({ name, version }: Projection, served: SurveyedProjection | undefined, head: string) {
  const {
    position = null,
    status = 'not started',
    error = null,
    failedEventId = null,
    updatedAt = null,
  } = served ?? {};
  const { partitions = [], leaders = [], parkedEvents = 0, stoppedRebuild = null } = served ?? {};
  const behindFrom = (place: string | null) => (BigInt(head) - BigInt(place ?? 0)).toString();
  return {
    name,
    version,
    servedVersion: served?.version ?? null,
    status,
    position,
    behind: behindFrom(position),
    updatedAt,
    error,
    failedEventId,
    parkedEvents,
    stoppedRebuild,
    partitions: partitions.map((one) => ({
      partition: one.partition,
      status: one.status,
      position: one.position,
      behind: behindFrom(one.position),
      updatedAt: one.updatedAt,
      leader: leaders.find(({ partition }) => partition === one.partition) ?? null,
    })),
  };
}

/** One row for a projection, and below it one for each of its partitions if there are several. */
function rowsOf({ name, version, servedVersion, parkedEvents, partitions, ...whole }: Listed) {
  const isSplit = partitions.length > 1;
  const led = partitions.flatMap(({ leader }) => leader ?? []);
  return [
    [
      name,
      servedVersion === null || servedVersion === version
        ? `v${version}`
        : `v${servedVersion} (this program: v${version})`,
      ...progressOf(whole),
      figure(parkedEvents),
      isSplit ? `${led.length} of ${partitions.length}` : inWords(led[0]),
      whole.updatedAt ?? '',
    ],
    ...(isSplit ? partitions : []).map(({ partition, leader, updatedAt, ...one }) => [
      `  #${partition}`,
      '',
      ...progressOf(one),
      '',
      inWords(leader ?? undefined),
      updatedAt,
    ]),
  ];
}

function progressOf({ status, position, behind }: Pick<Listed, 'status' | 'position' | 'behind'>): readonly string[] {
  return [status, figure(position ?? 0), figure(behind)];
}

function inWords(leader: ProjectionLeader | undefined): string {
  return leader === undefined ? 'nobody' : leader.application.replace(/^mizan /, '');
}
