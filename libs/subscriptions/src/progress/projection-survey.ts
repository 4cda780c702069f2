import { type DataSource } from 'typeorm';
import { checkpoints, type ProjectionCheckpoint } from '../checkpoint/checkpoint.js';
import { projectionLeaders, type ProjectionLeader } from '../leadership/projection-leaders.js';
import { parkedEvents } from '../parking/parked-events.js';
import { stoppedRebuilds, type StoppedRebuild } from '../rebuild/stopped-rebuild.js';

/** All that an operator wants to know of a projection, whichever process runs it. */
export interface SurveyedProjection extends ProjectionCheckpoint {
  /** At most one for each partition; none for one that nobody leads. */
  readonly leaders: readonly ProjectionLeader[];
  /** How many events it leaves out because a person said so. */
  readonly parkedEvents: number;
  /** Why a newer version cannot be filled beside it; null where nothing holds one up. */
  readonly stoppedRebuild: StoppedRebuild | null;
}

/** By name; those that have not started yet are left out. */
export async function surveyProjections(dataSource: DataSource): Promise<readonly SurveyedProjection[]> {
  const all = await checkpoints(dataSource);
  const leaders = await projectionLeaders(dataSource, all);
  const parked = await parkedEvents(dataSource);
  const rebuilds = await stoppedRebuilds(dataSource);
  return all.map((checkpoint) => ({
    ...checkpoint,
    leaders: leaders.filter(({ projection }) => projection === checkpoint.name),
    parkedEvents: parked.filter(({ projection }) => projection === checkpoint.name).length,
    stoppedRebuild: rebuilds.find(({ projection }) => projection === checkpoint.name) ?? null,
  }));
}
