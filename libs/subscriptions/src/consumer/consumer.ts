import { type RecordedEvent } from '#event-store';
import { type Partition, type Projection } from '../projection.js';

/** Each partition reads the log for itself and drops what is for the others: many of them read more than they fold. */
export const PARTITIONS_MAX = 64;

/**
 * A projection, or one partition of it: what has a checkpoint, a process that leads it, and a place to stop of its own.
 */
export class Consumer {
  constructor(
    readonly projection: Projection,
    readonly partition: Partition,
  ) {}

  /** `credit-balance`, or `credit-balance#2` where the work is split. */
  get label(): string {
    const { number, of } = this.partition;
    return of === 1 ? this.projection.name : `${this.projection.name}#${number}`;
  }

  /** What it competes for with the same consumer of other processes; a newer version fills its tables beside an older one. */
  get lease(): string {
    return leaseName(this.projection, this.partition);
  }

  /** Whether it is there for an event. */
  takes(event: RecordedEvent): boolean {
    const { number, of } = this.partition;
    if (of === 1) return true;
    const key = this.projection.partitioning?.keyOf(event) ?? null;
    return key === null || partitionOf(key, of) === number;
  }
}

/** @throws RangeError for a number of partitions that is none */
export function consumersOf(projection: Projection): readonly Consumer[] {
  const of = projection.partitioning?.partitions ?? 1;
  if (!Number.isInteger(of) || of < 1 || of > PARTITIONS_MAX) {
    throw new RangeError(
      `${projection.name} cannot be split in ${of}: a projection has 1 to ${PARTITIONS_MAX} partitions`,
    );
  }
  return Array.from({ length: of }, (_, number) => new Consumer(projection, { number, of }));
}

export function leaseName({ name, version }: Pick<Projection, 'name' | 'version'>, { number, of }: Partition): string {
  return `${name} v${version} ${number}/${of}`;
}

/** The partition of a key, the same in every process and release: FNV-1a of its UTF-8 bytes, 32 bits. */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % partitions;
}
