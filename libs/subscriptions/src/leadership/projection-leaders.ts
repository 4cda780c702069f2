import { type DataSource } from 'typeorm';
import { type ProjectionCheckpoint } from '../checkpoint/checkpoint.js';
import { leaseName } from '../consumer/consumer.js';
import { withConnection } from '../database/transaction.js';
import { HELD_LEASES, type HeldLease } from './lease-locks.js';
import { type Leader } from './leadership.js';

export interface ProjectionLeader extends Leader {
  readonly projection: string;
  readonly partition: number;
}

/** Which processes lead the partitions of the versions that serve; a partition that nobody leads is not in the answer. */
export async function projectionLeaders(
  dataSource: DataSource,
  served: readonly ProjectionCheckpoint[],
): Promise<readonly ProjectionLeader[]> {
  const consumers = served.flatMap(({ name, version, partitions }) =>
    partitions.map(({ partition }) => ({
      projection: name,
      partition,
      lease: leaseName({ name, version }, { number: partition, of: partitions.length }),
    })),
  );
  const held = await withConnection(dataSource, (session) =>
    session.query<HeldLease>(HELD_LEASES, [consumers.map(({ lease }) => lease)]),
  );
  return consumers.flatMap(({ projection, partition, lease }) =>
    held
      .filter((one) => one.lease === lease)
      .map(({ application, address, backendPid }) => ({ projection, partition, application, address, backendPid })),
  );
}
