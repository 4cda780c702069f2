import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { backoffMs, pause } from '#kernel';
import { type Settings } from '../settings/settings.js';

const WAIT_MS_MAX = 60_000;
const ATTEMPT_MS_MAX = 5_000;

/** Classes of SQLSTATE that a server answers before it is ready, or when it is full: it will let us in later. */
const NOT_READY = /^(08|53|57)/;
const SQL_STATE = /^[0-9A-Z]{5}$/;

/** A process that works on a database was told of none. */
export class NoDatabase extends Error {
  /** @param who the process, as a person calls it */
  constructor(who: string) {
    super(`${who} needs DATABASE_URL: the PostgreSQL that holds the event log and the read model`);
    this.name = 'NoDatabase';
  }
}

/** PostgreSQL has not let us in for as long as anybody waits at a start. */
export class DatabaseUnavailable extends Error {
  constructor(host: string, cause: unknown) {
    super(`PostgreSQL at ${host} is not available: ${reasonOf(cause)}`, { cause });
    this.name = 'DatabaseUnavailable';
  }
}

export interface Patience {
  /** Told once, when there is something to wait for; the log of the process otherwise. */
  readonly onNotice?: (line: string) => void;
  readonly waitMsMax?: number;
}

/**
 * The database of a process that cannot work without one, as soon as it takes connections.
 * @param who as in NoDatabase @throws NoDatabase, DatabaseUnavailable
 */
export async function givenDatabase({ databaseUrl }: Settings, who: string): Promise<string> {
  if (databaseUrl === undefined) throw new NoDatabase(who);
  await awaitDatabase(databaseUrl);
  return databaseUrl;
}

/**
 * Waits until PostgreSQL takes connections: after a power cut everything starts at once, and a server that recovers
 * refuses everybody meanwhile.
 * @throws DatabaseUnavailable when the time is up; what no waiting cures, a wrong password say, at once and as it is
 */
export async function awaitDatabase(
  url: string,
  { onNotice = (line) => new Logger('Database').warn(line), waitMsMax = WAIT_MS_MAX }: Patience = {},
): Promise<void> {
  const { host } = new URL(url);
  const end = performance.now() + waitMsMax;
  for (let failures = 1; ; failures += 1) {
    try {
      await connectOnce(url);
      return;
    } catch (error) {
      if (!mayPass(error)) throw error;
      const waitMs = backoffMs(failures);
      if (performance.now() + waitMs >= end) throw new DatabaseUnavailable(host, error);
      if (failures === 1) onNotice(`Waiting for PostgreSQL at ${host}: ${reasonOf(error)}`);
      await pause(waitMs);
    }
  }
}

async function connectOnce(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: ATTEMPT_MS_MAX });
  // A connection that fails before it is used tells whoever waits for it, and this listener too.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whatever is no answer of the server (refused, reset, silent, not found) may pass; of its answers, few. */
function mayPass(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !SQL_STATE.test(code) || NOT_READY.test(code);
}

function reasonOf(error: unknown): string {
  // Node's error for a name with several addresses has a code and no message.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
