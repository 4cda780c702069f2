import { type EngineCapabilities } from '../event-store.js';
import { type KurrentDbClient } from './kurrentdb-client.js';
import { type KurrentDbConnection } from './kurrentdb-connection.js';
import { KurrentDbTooOld } from './kurrentdb.errors.js';

const ASK_MS_MAX = 5_000;
/** The oldest that says in a stream where in the log an event is. */
const OLDEST = '22.10';
/** The first that appends to several streams at once. */
const ATOMIC_SINCE = '25.1';
/** The first that is called KurrentDB. */
const RENAMED_SINCE = '25.0';

/** What the client knows of the server, and shows to those who extend it only. */
interface KnowsItsServer {
  readonly capabilities: Promise<{ readonly serverVersion: string }>;
}

/**
 * Asks the server for its version, and waits for one that is not there yet.
 * @param onRetry hears why it is waited for @throws KurrentDbTooOld, StoreUnavailable
 */
export async function askServer(
  connection: KurrentDbConnection,
  { openMsMax, onNotice }: { readonly openMsMax: number; readonly onNotice: (line: string) => void },
): Promise<EngineCapabilities> {
  let waiting = false;
  const version = await connection.call(versionOf, {
    attemptMsMax: ASK_MS_MAX,
    rideMsMax: openMsMax,
    onRetry: (reason) => {
      if (!waiting)
        onNotice(`Waiting up to ${openMsMax / 1_000} s for KurrentDB, which does not answer yet (${reason})`);
      waiting = true;
    },
  });
  if (!isAtLeast(version, OLDEST)) throw new KurrentDbTooOld(version, OLDEST);

  const engine = `${isAtLeast(version, RENAMED_SINCE) ? 'KurrentDB' : 'EventStoreDB'} ${version}`;
  const atomicAppends = isAtLeast(version, ATOMIC_SINCE);
  onNotice(
    `The event log is in ${engine}${atomicAppends ? '' : `, which cannot append to several streams at once: KurrentDB can from ${ATOMIC_SINCE} on`}`,
  );
  return { engine, atomicAppends, gaplessPositions: false };
}

async function versionOf(client: KurrentDbClient): Promise<string> {
  const { serverVersion } = await (client as unknown as KnowsItsServer).capabilities;
  return serverVersion;
}

/** By the first two numbers of both; what is no version is older than any. */
function isAtLeast(version: string, other: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [numbersOf(version), numbersOf(other)];
  return major > otherMajor || (major === otherMajor && minor >= otherMinor);
}

function numbersOf(version: string): readonly number[] {
  return (/^(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
}
