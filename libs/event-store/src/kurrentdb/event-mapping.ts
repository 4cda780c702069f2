import { type AllStreamResolvedEvent, type JSONEventData, type ResolvedEvent } from '@kurrent/kurrentdb-client';
import { type EventMetadata, type RecordedEvent } from '../event-store.js';
import { type PreparedEvent } from '../prepared-append.js';

/** Beside Mizan's own metadata, which has no keys that begin like these (prepared-append.ts). */
const SCHEMA_VERSION = 'mizan.schema-version';
const FINGERPRINT = 'mizan.fingerprint';
const RECORDED_AT_MS = 'mizan.recorded-at-ms';
/** What a server adds to the metadata of an event that came in a multi-stream append. */
const OF_THE_SERVER = '$';

/** An event of a log, with what only the engine needs to know of it. */
export interface LoggedEvent {
  readonly event: RecordedEvent;
  readonly fingerprint: string;
}

/**
 * The names of one log among others on the same server: each of its streams is called `<log>.<stream>`. Neither the
 * streams of the server itself, which begin with `$`, nor those of other applications are of the log.
 */
export class LogNames {
  readonly prefix: string;

  constructor(log: string) {
    this.prefix = `${log}.`;
  }

  onServer(stream: string): string {
    return this.prefix + stream;
  }

  /** The stream's name in the log; undefined when it is not of the log. */
  inLog(streamId: string): string | undefined {
    return streamId.startsWith(this.prefix) ? streamId.slice(this.prefix.length) : undefined;
  }
}

/**
 * An event as it is sent. Its data is canonical JSON parsed again, because the client serialises by itself: the text in
 * the log is canonical but for the order of keys that look like integers.
 */
export function eventData(event: PreparedEvent, recordedAtMs: number): JSONEventData {
  return {
    id: event.id,
    contentType: 'application/json',
    type: event.type,
    data: JSON.parse(event.data) as Record<string, unknown>,
    metadata: {
      ...(JSON.parse(event.metadata) as EventMetadata),
      [SCHEMA_VERSION]: String(event.schemaVersion),
      [FINGERPRINT]: event.fingerprint,
      [RECORDED_AT_MS]: String(recordedAtMs),
    },
  };
}

/** undefined for what is not an event of this log, or was not written by Mizan. */
export function loggedEvent(
  { event }: ResolvedEvent | AllStreamResolvedEvent,
  names: LogNames,
): LoggedEvent | undefined {
  if (event?.position === undefined || !event.isJson) return undefined;
  const stream = names.inLog(event.streamId);
  if (stream === undefined) return undefined;
  const {
    [SCHEMA_VERSION]: schemaVersion,
    [FINGERPRINT]: fingerprint,
    [RECORDED_AT_MS]: recordedAtMs,
    ...metadata
  } = textsOf(event.metadata);
  if (schemaVersion === undefined || fingerprint === undefined || recordedAtMs === undefined) return undefined;

  const { commit, prepare } = event.position;
  if (commit !== prepare)
    throw new RangeError(`Event ${event.id} is at ${commit}/${prepare}, which is no single position`);
  return {
    fingerprint,
    event: {
      id: event.id,
      stream,
      revision: Number(event.revision),
      position: String(commit),
      type: event.type,
      schemaVersion: Number(schemaVersion),
      data: event.data as object,
      metadata: metadata as EventMetadata,
      recordedAt: new Date(Number(recordedAtMs)).toISOString(),
    },
  };
}

/** Metadata as they were written: flat strings. */
function textsOf(metadata: unknown): Partial<Record<string, string>> {
  if (typeof metadata !== 'object' || metadata === null) return {};
  const texts = Object.entries(metadata).filter(
    ([key, value]) => typeof value === 'string' && !key.startsWith(OF_THE_SERVER),
  );
  return Object.fromEntries(texts);
}
