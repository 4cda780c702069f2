import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { InvalidAppend } from './event-store.errors.js';
import {
  APPEND_BYTES_MAX,
  APPENDS_PER_ATOMIC_MAX,
  APPENDS_PER_BATCH_MAX,
  EVENTS_PER_APPEND_MAX,
  FINGERPRINT_LENGTH_MAX,
  STREAM_LENGTH_MAX,
  TYPE_LENGTH_MAX,
  type Append,
  type ExpectedRevision,
  type NewEvent,
} from './event-store.js';

/** An event as an engine sends it: checked, and in its final form. */
export interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** JSON in canonical form: what is hashed is what is stored, so that anybody can hash it again. */
  readonly data: string;
  /** JSON. */
  readonly metadata: string;
  readonly fingerprint: string;
}

export interface PreparedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly PreparedEvent[];
  /** What all its events take in UTF-8. */
  readonly bytes: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Names of what an engine adds to the metadata, and numbers. */
const ENVELOPE_BYTES = 128;
/** Beginnings of names that KurrentDB, or the engine on it, keeps for its own. */
const RESERVED_TYPE = '$';
const RESERVED_KEY = /^(\$|mizan\.)/;
/** Text that every engine keeps as it is: PostgreSQL has no NUL, UTF-8 no half of a surrogate pair. */
const PLAIN_TEXT = /^[^\0\p{Surrogate}]+$/u;

/**
 * Checks everything about an append that does not depend on the log, and serialises it once. What passes here no engine
 * refuses, so that it cannot fail the neighbours with which it shares a transaction.
 * @throws InvalidAppend
 */
export function prepareAppend({ stream, expected, events }: Append): PreparedAppend {
  const refuse = (problem: string): never => {
    throw new InvalidAppend(stream, problem);
  };
  if (!isText(stream, STREAM_LENGTH_MAX)) refuse(`a stream's name has 1 to ${STREAM_LENGTH_MAX} characters`);
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    refuse(`${expected} is not a revision`);
  }
  if (events.length === 0) refuse('it has no events');
  refuseTooMany(events, refuse);

  const prepared = events.map((event) => prepareEvent(event, refuse));
  return { stream, expected, events: prepared, bytes: bytesTogether(prepared, refuse) };
}

/** @throws InvalidAppend for the first that could not be stored; then nothing of the batch may be */
export function prepareBatch(appends: readonly Append[]): readonly PreparedAppend[] {
  if (appends.length > APPENDS_PER_BATCH_MAX) {
    throw new InvalidAppend(appends[0]?.stream ?? '', `the batch has more than ${APPENDS_PER_BATCH_MAX} appends`);
  }
  return appends.map(prepareAppend);
}

/**
 * Appends that go together, as one append would be checked: what holds for the events of one holds for all of them.
 * @throws InvalidAppend
 */
export function prepareAtomic(appends: readonly Append[]): readonly PreparedAppend[] {
  const refuse = (problem: string): never => {
    throw new InvalidAppend(appends[0]?.stream ?? '', problem);
  };
  if (appends.length === 0) refuse('it has no appends');
  if (appends.length > APPENDS_PER_ATOMIC_MAX) refuse(`it has more than ${APPENDS_PER_ATOMIC_MAX} appends`);

  if (new Set(appends.map(({ stream }) => stream)).size < appends.length) refuse('it names a stream twice');
  refuseTooMany(
    appends.flatMap(({ events }) => events),
    refuse,
  );

  const prepared = appends.map(prepareAppend);
  bytesTogether(
    prepared.flatMap(({ events }) => events),
    refuse,
  );
  return prepared;
}

function refuseTooMany(events: readonly NewEvent[], refuse: (problem: string) => never): void {
  if (events.length > EVENTS_PER_APPEND_MAX) refuse(`it has more than ${EVENTS_PER_APPEND_MAX} events`);
}

/** The size of what becomes a fact together, which is bounded and names no event twice. */
function bytesTogether(events: readonly PreparedEvent[], refuse: (problem: string) => never): number {
  if (new Set(events.map(({ id }) => id)).size < events.length) refuse('it has an event id twice');
  const bytes = events.reduce((sum, event) => sum + bytesOf(event), 0);
  if (bytes > APPEND_BYTES_MAX) refuse(`its events have ${bytes} bytes, more than ${APPEND_BYTES_MAX}`);
  return bytes;
}

/** What an event takes in the largest form in which an engine sends it: KurrentDB, with all of it but the data as JSON. */
function bytesOf({ type, data, metadata, fingerprint }: PreparedEvent): number {
  const envelope = ENVELOPE_BYTES + 2 * type.length + Buffer.byteLength(JSON.stringify(fingerprint));
  return Buffer.byteLength(data) + Buffer.byteLength(metadata) + envelope;
}

function prepareEvent(event: NewEvent, refuse: (problem: string) => never): PreparedEvent {
  const id = event.id.toLowerCase();
  if (!UUID.test(id)) refuse(`event id ${JSON.stringify(event.id)} is not a UUID`);
  if (!isText(event.type, TYPE_LENGTH_MAX)) refuse(`an event type has 1 to ${TYPE_LENGTH_MAX} characters`);
  if (event.type.startsWith(RESERVED_TYPE)) refuse("a type that begins with $ is the server's own");
  if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1 || event.schemaVersion > 2 ** 31 - 1) {
    refuse(`${event.schemaVersion} is not a schema version`);
  }
  if (!Object.values(event.metadata).every((value) => typeof value === 'string')) {
    refuse('metadata are flat strings');
  }
  if (Object.keys(event.metadata).some((key) => RESERVED_KEY.test(key))) refuse('a key of its metadata is reserved');
  const data = serialise(event.data, refuse);
  const fingerprint = event.fingerprint ?? fingerprintOf(event.type, data);
  if (!isText(fingerprint, FINGERPRINT_LENGTH_MAX)) {
    refuse(`a fingerprint has 1 to ${FINGERPRINT_LENGTH_MAX} characters`);
  }
  return {
    id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    data,
    metadata: JSON.stringify(event.metadata),
    fingerprint,
  };
}

function serialise(data: object, refuse: (problem: string) => never): string {
  let json: string | undefined;
  try {
    json = canonicalJson(data);
  } catch (error) {
    refuse(`JSON cannot carry its data (${String(error)})`);
  }
  return json?.startsWith('{') ? json : refuse('the data of an event is a JSON object');
}

/** SHA-256 of type and data, in hex. The order of keys does not count. */
export function contentFingerprint(type: string, data: object): string {
  return fingerprintOf(type, canonicalJson(data) ?? '');
}

function fingerprintOf(type: string, canonicalData: string): string {
  return hash('sha256', `${type}\n${canonicalData}`, 'hex');
}

function isText(text: string, lengthMax: number): boolean {
  return text.length <= lengthMax && PLAIN_TEXT.test(text);
}
